"""Chooses the voice: espeak-ng when the demo extra is installed, tones otherwise or on request."""

from __future__ import annotations

from voicelive_simulator.sound.espeak import EspeakUnavailable as EspeakUnavailable
from voicelive_simulator.sound.espeak import EspeakVoice
from voicelive_simulator.sound.speech import Voice
from voicelive_simulator.sound.tones import ToneVoice


class _RequestedTones(ToneVoice):
    """Tones for a scenario that asks for them. Its remark does not mention what is missing, so the
    words are the same on every machine."""

    remark = "You hear tones, because the scenario asks for them."


def choose_voice(requested: str = "") -> tuple[Voice, str]:
    """The requested voice ("tone", "espeak" or "" for the best one on this machine), and the reason
    why it is not a spoken one ("" when it is). Raises EspeakUnavailable when espeak is requested
    but not available."""
    if requested == "tone":
        return _RequestedTones(), "the scenario asks for them."
    try:
        return EspeakVoice(), ""
    except EspeakUnavailable as error:
        if requested == "espeak":
            raise
        return ToneVoice(), str(error)
