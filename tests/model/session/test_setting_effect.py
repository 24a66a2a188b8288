"""What was counted since a setting was changed, and before."""

from typing import Any

import pytest
from voicelive_tui.model.events.session_settings import MOST_SETTINGS
from voicelive_tui.model.session.setting_effect import SettingEffect, SettingEffects

from tests.support.memory_journal import TRANSCRIPTION, MemoryJournal

VAD = {"type": "server_vad", "threshold": 0.3, "silence_duration_ms": 500}
THRESHOLD, SILENCE = (
    f"session.turn_detection.{name}" for name in ("threshold", "silence_duration_ms")
)


def update(journal: MemoryJournal, t_s: float, **changes: Any) -> None:
    """An update of the turn detection that is answered after 38 ms."""
    session = {"turn_detection": {**VAD, **changes}}
    journal(">", t_s, "session.update", event_id=f"e{t_s}", session=session)
    journal("<", t_s + 0.038, "session.updated", session=session)


def begun(**changes: Any) -> MemoryJournal:
    journal = MemoryJournal()
    journal("=", 0, "console.connected", service="azure")
    created = {"turn_detection": {**VAD, "silence_duration_ms": 200}}
    journal("<", 0.1, "session.created", session=created)
    update(journal, 0.2, **changes)
    return journal


def false_start(journal: MemoryJournal, t_s: float, item_id: str) -> None:
    """Speech that gives no words."""
    journal.spoken(t_s, item_id, "")


def counted(journal: MemoryJournal, key: str = THRESHOLD) -> tuple[int, ...]:
    effect = SettingEffects(journal.view).of(key)
    assert effect is not None
    assert effect.turns_before >= 0 and effect.false_starts_before >= 0
    return effect.turns, effect.false_starts, effect.turns_before, effect.false_starts_before


def test_turns_and_false_starts_are_counted_since_the_change_and_before() -> None:
    journal = begun()
    journal.spoken(1, "u1", "one")
    false_start(journal, 3, "u2")
    journal.spoken(5, "u3", "two")
    update(journal, 7, threshold=0.5)
    assert SettingEffects(journal.view).of(THRESHOLD) == SettingEffect(7.038, 0, 0, 2, 1)
    journal.spoken(8, "u4", "three")
    assert counted(journal) == (1, 0, 2, 1)
    false_start(journal, 10, "u5")
    assert counted(journal) == (1, 1, 2, 1)


def test_a_setting_that_always_had_its_value_has_none() -> None:
    journal = begun()
    assert SettingEffects(journal.view).of(SILENCE) is None, "the first update is no change"
    update(journal, 7, threshold=0.5)
    assert SettingEffects(journal.view).of(SILENCE) is None
    assert SettingEffects(journal.view).of("session.temperature") is None
    assert SettingEffects(MemoryJournal().view).of(THRESHOLD) is None


def test_a_turn_during_which_the_change_came_counts_to_the_new_value() -> None:
    journal = begun()
    journal("<", 6.5, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=6500)
    update(journal, 7, threshold=0.5)
    journal("<", 8, "input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=8000)
    journal("<", 8, "input_audio_buffer.committed", item_id="u1", previous_item_id=None)
    journal("<", 8.2, f"{TRANSCRIPTION}.completed", item_id="u1", content_index=0, transcript="hi")
    assert journal.view.turns[-1].configuration == 2
    assert counted(journal) == (1, 0, 0, 0)


def test_a_value_that_was_ignored_or_refused_is_no_change() -> None:
    journal = begun()
    asked = {"turn_detection": {**VAD, "threshold": 0.9}}
    journal(">", 3, "session.update", event_id="e3", session=asked)
    journal("<", 3.1, "session.updated", session={"turn_detection": VAD})
    journal(">", 4, "session.update", event_id="e4", session=asked)
    journal("<", 4.1, "error", error={"code": "no", "event_id": "e4"})
    assert SettingEffects(journal.view).of(THRESHOLD) is None


@pytest.mark.parametrize(("threshold", "changed"), [(0.3, False), (0.5, True)])
def test_another_connection_is_a_change_only_with_another_value(
    threshold: float, changed: bool
) -> None:
    journal = begun()
    journal.spoken(1, "u1", "one")
    journal("=", 6, "console.connected", service="azure", connection=2)
    journal("<", 6.1, "session.created", session={"turn_detection": {**VAD, "threshold": 0.8}})
    update(journal, 6.2, threshold=threshold)
    journal.spoken(8, "u2", "two")
    assert (SettingEffects(journal.view).of(THRESHOLD) is not None) is changed
    if changed:
        assert counted(journal) == (1, 0, 1, 0)


def test_a_change_stays_one_over_the_next_connection() -> None:
    journal = begun()
    update(journal, 3, threshold=0.5)
    journal.spoken(4, "u1", "one")
    journal("=", 6, "console.connected", service="azure", connection=2)
    journal("<", 6.1, "session.created", session={"turn_detection": VAD})
    update(journal, 6.2, threshold=0.5)
    journal.spoken(8, "u2", "two")
    assert counted(journal) == (2, 0, 0, 0)


def test_a_service_that_reports_other_names_each_time_fills_no_memory() -> None:
    journal = begun()
    update(journal, 1, threshold=0.5)
    for number in range(10):
        names = {f"n{number}_{each}": each for each in range(100)}
        journal("<", 2 + number, "session.updated", session={**names, "turn_detection": VAD})
    changed_in = journal.view.settings.changed_in
    assert len(changed_in) == MOST_SETTINGS
    assert "session.n9_99" in changed_in and "session.n0_0" not in changed_in
