"""The facts of a tab's settings, from its profile and what its session says."""

from typing import Any

from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.setting_facts import SettingFacts
from voicelive_tui.tui.settings_of_tab import TabSettings, facts_of

from tests.support.memory_journal import MemoryJournal
from tests.tui.support.tuned_session import FILE, tuned_journal

VERSION = "2026-07-15"
DETECTION = "session.turn_detection"
EFFECTIVE = {**FILE["turn_detection"], "threshold": 0.5}


def tab(
    journal: MemoryJournal, state: SessionState = SessionState.CONNECTED, **detection: Any
) -> TabSettings:
    """A tab that asks for the threshold that is in force."""
    document = {"session": {**FILE, "turn_detection": {**EFFECTIVE, **detection}}}
    session = SessionSnapshot("a", "support", state, view=journal.view)
    return TabSettings(document, {"session": FILE}, "support.toml", VERSION, session)


def facts(of: TabSettings, key: str) -> SettingFacts:
    return next(each for each in facts_of(of).settings if each.key == key)


def warning(journal: MemoryJournal, t_s: float, key: str) -> None:
    journal("<", t_s, "warning", warning={"code": "odd", "message": "no effect", "param": key})


def test_what_was_counted_since_a_change_stands_at_the_setting_that_changed() -> None:
    journal = tuned_journal()
    effect = facts(tab(journal), f"{DETECTION}.threshold").effect
    assert effect is not None and (effect.turns, effect.turns_before) == (1, 1)
    assert facts(tab(journal), f"{DETECTION}.type").effect is None
    other = tab(journal, threshold=0.7)
    assert facts(other, f"{DETECTION}.threshold").effect is None, "not in force"
    ended = tab(journal, SessionState.ENDED)
    assert facts(ended, f"{DETECTION}.threshold").effect is None


def test_another_turn_is_shown_and_an_event_that_counts_nothing_is_not() -> None:
    journal = tuned_journal()
    before = tab(journal)
    journal("<", 59.0, "rate_limits.updated", rate_limits=[])
    again = TabSettings(
        before.document, before.saved, before.path, VERSION, tab(journal).session, before.audio
    )
    assert before.same_as(again)
    journal.spoken(60, "u9", "more")
    later = TabSettings(
        before.document, before.saved, before.path, VERSION, tab(journal).session, before.audio
    )
    assert not before.same_as(later)


def test_a_warning_marks_the_setting_that_it_names() -> None:
    journal = tuned_journal()
    key = f"{DETECTION}.threshold"
    warning(journal, 59.0, key)
    warned = facts(tab(journal), key)
    assert (warned.status, warned.warning) == ("", "odd: no effect")
    assert facts(tab(journal), f"{DETECTION}.silence_duration_ms").warning == ""
