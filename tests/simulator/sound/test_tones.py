"""The tone voice: a sound for each word, with its times."""

import pytest
from voicelive_simulator.sound.speech import Prosody, Viseme
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.utterances import TEXT, check_utterance, fingerprint


def test_tones_have_timings() -> None:
    check_utterance(ToneVoice().speak(TEXT))
    assert fingerprint(ToneVoice().speak(TEXT)) == fingerprint(ToneVoice().speak(TEXT))
    fast, usual = ToneVoice().speak(TEXT, Prosody(rate=2.0)), ToneVoice().speak(TEXT)
    assert len(fast.samples) == pytest.approx(len(usual.samples) / 2, rel=0.05)


def test_tones_open_the_mouth_for_each_word() -> None:
    spoken = ToneVoice().speak("one two")
    first, second = spoken.words
    assert spoken.visemes == (
        Viseme(0, 0),
        Viseme(2, first.start_ms),
        Viseme(0, first.start_ms + first.duration_ms),
        Viseme(2, second.start_ms),
        Viseme(0, second.start_ms + second.duration_ms),
    )
