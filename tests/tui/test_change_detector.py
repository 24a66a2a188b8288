"""A beat looks at everything after a change, and at nothing more once all is shown."""

import math
from dataclasses import replace

import pytest
from voicelive_tui.model.meter import Level
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    EngineSnapshot,
    ReplayStatus,
    SessionSnapshot,
    SessionState,
)
from voicelive_tui.tui.change_detector import (
    BEATS_AFTER_A_CHANGE,
    ChangeDetector,
    same_but_for_levels,
)

SESSION = SessionSnapshot("a", "a", SessionState.CONNECTED)
OTHER = SessionSnapshot("b", "b")
SNAPSHOT = EngineSnapshot({"a": SESSION, "b": OTHER}, on_air="a", revision=1)


@pytest.mark.parametrize(
    "changed",
    [
        replace(SNAPSHOT, sessions={"a": replace(SESSION, talking=True), "b": OTHER}),
        replace(SNAPSHOT, sessions={"a": SESSION}),
        replace(SNAPSHOT, sessions={"b": OTHER, "a": SESSION}),
        replace(SNAPSHOT, sessions={"a": SESSION, "c": OTHER}),
        replace(SNAPSHOT, on_air="b"),
        replace(SNAPSHOT, muted=True),
        replace(SNAPSHOT, replay=ReplayStatus("a", "turn 4", 8.9, 56.0)),
        replace(SNAPSHOT, audio=AudioStatus(problem="none")),
    ],
)
def test_whatever_the_screen_shows_is_a_change(changed: EngineSnapshot) -> None:
    assert not same_but_for_levels(changed, SNAPSHOT)


def test_levels_and_revisions_are_none() -> None:
    level = Level(-3.0, -6.0, -1.0, True)
    louder = replace(SNAPSHOT, mic=level, assistant=level, revision=2)
    assert same_but_for_levels(louder, SNAPSHOT)


def settled(snapshot: EngineSnapshot) -> ChangeDetector:
    """A detector that has seen this snapshot for long enough."""
    changes = ChangeDetector()
    for _ in range(2 * BEATS_AFTER_A_CHANGE):
        changes.needs_full_refresh(snapshot, 0.0)
    changes.due_s = math.inf
    return changes


def test_a_change_is_followed_for_some_beats_and_then_nothing_is_due() -> None:
    changes = settled(SNAPSHOT)
    assert changes.idle_s(0.0) == math.inf
    changes.invalidate()
    assert changes.idle_s(0.0) == 0.0
    looks = [changes.needs_full_refresh(SNAPSHOT, 0.0) for _ in range(2 * BEATS_AFTER_A_CHANGE)]
    assert looks == [True] * BEATS_AFTER_A_CHANGE + [False] * BEATS_AFTER_A_CHANGE
    assert changes.idle_s(0.0) == math.inf
    assert changes.needs_full_refresh(replace(SNAPSHOT, muted=True), 0.0)


def test_moving_meters_are_no_reason_to_look_at_everything() -> None:
    changes = settled(SNAPSHOT)
    for step in range(10):
        assert not changes.needs_full_refresh(replace(SNAPSHOT, mic=Level(-float(step))), 0.0)


def test_a_running_clock_is_looked_at_when_it_is_due() -> None:
    changes = settled(SNAPSHOT)
    changes.due_s = 5.0
    assert not changes.needs_full_refresh(SNAPSHOT, 4.75)
    assert changes.idle_s(4.75) == 0.25
    assert changes.needs_full_refresh(SNAPSHOT, 5.0)
