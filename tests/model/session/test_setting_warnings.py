"""Warnings of the service that name a setting."""

from typing import Any

import pytest
from voicelive_tui.model.session.configurations import outcomes

from tests.support.memory_journal import MemoryJournal

VAD = {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 500}


def begun() -> MemoryJournal:
    """A session whose turn detection is in force."""
    journal = MemoryJournal()
    journal("=", 0.1, "console.connected", service="simulator")
    journal("<", 0.4, "session.created", session=vad())
    journal(">", 0.5, "session.update", event_id="e1", session=vad())
    journal("<", 0.538, "session.updated", session=vad())
    return journal


def vad(**changes: Any) -> dict[str, Any]:
    return {"turn_detection": {**VAD, **changes}}


def warned(journal: MemoryJournal, t_s: float, param: object, code: str = "unsupported") -> None:
    warning = {"code": code, "message": "no effect", "param": param}
    journal("<", t_s, "warning", warning=warning)


def kind(journal: MemoryJournal) -> str:
    return outcomes(journal.view)[THRESHOLD].kind


def warnings_of(journal: MemoryJournal) -> dict[str, str]:
    found = outcomes(journal.view).items()
    return {key: each.warning for key, each in found if each.warning}


THRESHOLD = "session.turn_detection.threshold"


@pytest.mark.parametrize("param", [THRESHOLD, "turn_detection.threshold"])
def test_a_warning_stands_at_the_setting_that_it_names(param: str) -> None:
    journal = begun()
    warned(journal, 1, param)
    assert warnings_of(journal) == {THRESHOLD: f"unsupported: no effect [{param}]"}
    assert kind(journal) == "applied"


def test_a_warning_about_an_object_stands_at_what_was_asked_for_in_it() -> None:
    journal = begun()
    warned(journal, 1, "session.turn_detection")
    assert set(warnings_of(journal)) == {f"session.turn_detection.{name}" for name in VAD}


@pytest.mark.parametrize("param", [None, "", "session", "session.temperature", "voice", 7, ["x"]])
def test_a_warning_about_something_else_stands_nowhere(param: object) -> None:
    journal = begun()
    warned(journal, 1, param)
    assert warnings_of(journal) == {}


def test_a_warning_before_the_answer_stays_until_another_value_is_asked_for() -> None:
    journal = begun()
    journal(">", 2, "session.update", event_id="e2", session=vad(threshold=0.4))
    warned(journal, 2.1, THRESHOLD)
    journal("<", 2.2, "session.updated", session=vad(threshold=0.5))
    assert (kind(journal), list(warnings_of(journal))) == ("ignored", [THRESHOLD])
    more = vad(threshold=0.4, silence_duration_ms=700)
    journal(">", 3, "session.update", event_id="e3", session=vad(threshold=0.6))
    assert warnings_of(journal) == {}
    journal("<", 3.1, "session.updated", session=more)
    assert warnings_of(journal) == {}


def test_a_warning_ends_with_its_connection() -> None:
    journal = begun()
    warned(journal, 1, THRESHOLD)
    journal("=", 5, "console.connected", service="simulator", connection=2)
    assert warnings_of(journal) == {}
