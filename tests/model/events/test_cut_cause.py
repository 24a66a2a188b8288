"""Why an answer was cut, from the records of the stop and of what was at the microphone."""

from typing import Any

import pytest
from voicelive_tui.model.events.cut_cause import (
    ECHO_CURE,
    CutByCommand,
    CutByConnection,
    CutByDetection,
    CutByDevice,
    CutByEcho,
    CutByNoise,
    CutByService,
    CutByVoice,
    CutCause,
    CutOffAir,
    cause_of_stop,
    cure_setting,
    cut_cure,
    cut_sentence,
    measured_cause,
)
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY

VOICE = {"mic_dbfs": -24.0, "voiced_ms": 180, "before_ms": 220}


@pytest.mark.parametrize(
    ("cut", "cause"),
    [
        (VOICE, CutByVoice(-24.0, 220)),
        ({**VOICE, "echo": 0.4, "echo_delay_ms": 10}, CutByVoice(-24.0, 220)),
        ({**VOICE, "echo": 0.82, "echo_delay_ms": 140}, CutByEcho(0.82, 140)),
        ({**VOICE, "voiced_ms": 20}, CutByNoise(-24.0)),
        ({**VOICE, "voiced_ms": 20, "before_ms": 80}, CutByDetection()),
        ({"mic_dbfs": -62.0}, CutByService(quiet=True)),
        ({}, CutByDetection()),
        ({"mic_dbfs": "loud", "echo": True, "voiced_ms": 1e400}, CutByDetection()),
    ],
)
def test_what_was_at_the_microphone_tells_why_speech_was_detected(
    cut: dict[str, Any], cause: CutCause
) -> None:
    assert measured_cause(CutByDetection(), cut) == cause
    assert measured_cause(CutByCommand(), cut) == CutByCommand()


@pytest.mark.parametrize(
    ("reason", "on_air", "cause"),
    [
        ("barge_in", True, CutByDetection()),
        ("user", True, CutByCommand()),
        ("off_air", False, CutOffAir()),
        ("off_air", True, CutByDevice()),
    ],
)
def test_the_stop_tells_who_silenced_the_speaker(
    reason: str, on_air: bool, cause: CutCause
) -> None:
    assert cause_of_stop({"reason": reason}, on_air=on_air) == cause


def test_a_sentence_says_how_much_was_heard_and_why_not_the_rest() -> None:
    spoke = CutByVoice(-24.4, 220)
    assert cut_sentence(spoke, 2199, 6850) == (
        "heard 2.1 of 6.8 s: you spoke at -24 dBFS, 220 ms before the cut"
    )
    assert cut_sentence(CutByConnection(), 2100, 6800) == "heard 2.1 s: the connection broke"
    assert cut_sentence(CutByCommand(), None, 6800) == "cut: you interrupted it"
    assert cut_sentence(CutByCommand(), None, 6800, command="you pressed x") == "cut: you pressed x"
    assert (cut_cure(spoke), cut_cure(CutByEcho(0.8, 10))) == ("", ECHO_CURE)


def test_the_cure_names_a_setting_that_there_is() -> None:
    setting = cure_setting(CutByEcho(0.8, 10))
    assert f"{setting}.type" in FIELDS_BY_KEY
    assert "echo cancellation" in ECHO_CURE
    assert cure_setting(CutByVoice(-24.0, 220)) == cure_setting(None) == ""


@pytest.mark.parametrize(
    "odd",
    [
        {"mic_dbfs": 1e15, "voiced_ms": 180, "before_ms": 220},
        {"mic_dbfs": -24.0, "voiced_ms": 180, "before_ms": -500},
        {"mic_dbfs": -24.0, "before_ms": "long"},
        {"echo": 1e12, "echo_delay_ms": 140},
        {"echo": 0.9, "echo_delay_ms": -140},
        {"echo": True, "echo_delay_ms": 140},
        {"echo": 0.9},
    ],
)
def test_what_nothing_can_measure_is_no_cause(odd: dict[str, Any]) -> None:
    assert measured_cause(CutByDetection(), odd) == CutByDetection()
