"""Chooses the voice: espeak-ng when the demo extra is there, tones otherwise or when they are
wanted."""

from __future__ import annotations

from voicelive_simulator.sound.espeak import EspeakUnavailable as EspeakUnavailable
from voicelive_simulator.sound.espeak import EspeakVoice
from voicelive_simulator.sound.speech import Voice
from voicelive_simulator.sound.tones import ToneVoice


class _WantedTones(ToneVoice):
    """Where a scenario wants tones, what they are for is said, not what is missing: the words are
    the same on every machine."""

    remark = "You hear tones, because the scenario wants them."


def choose_voice(wanted: str = "") -> tuple[Voice, str]:
    """The voice that is wanted ("tone", "espeak" or "" for the best one here), and why it is not a
    spoken one ("" when it is). Raises EspeakUnavailable when espeak is wanted and cannot be had."""
    if wanted == "tone":
        return _WantedTones(), "the scenario wants them."
    try:
        return EspeakVoice(), ""
    except EspeakUnavailable as error:
        if wanted == "espeak":
            raise
        return ToneVoice(), str(error)
