"""The choice of the voice by what is installed."""

import sys

import pytest
from voicelive_simulator.sound.choose_voice import choose_voice


def test_without_the_extra_tones_speak_and_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    voice, why = choose_voice()
    assert voice.name == "tone"
    assert "demo extra" in why
