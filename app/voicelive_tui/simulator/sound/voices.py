"""Chooses the voice: espeak-ng when the demo extra is there, tones otherwise."""

from __future__ import annotations

from voicelive_tui.simulator.sound.espeak import EspeakUnavailable, EspeakVoice
from voicelive_tui.simulator.sound.speech import Voice
from voicelive_tui.simulator.sound.tones import ToneVoice


def choose_voice() -> tuple[Voice, str]:
    """The best voice here, and why it is not a spoken one ("" when it is)."""
    try:
        return EspeakVoice(), ""
    except EspeakUnavailable as error:
        return ToneVoice(), str(error)
