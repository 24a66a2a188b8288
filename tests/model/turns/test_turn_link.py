"""What a turn knows of the link to the machine with the devices."""

import pytest
from voicelive_tui.model.events.silenced_after import SilencedAfter
from voicelive_tui.model.turns.turn_link import TurnLink

from tests.support.memory_journal import MemoryJournal


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def test_a_turn_has_the_link_of_the_moment_in_which_it_was_heard(journal: MemoryJournal) -> None:
    journal.link(0, "up")
    journal.spoken(1, "u1")
    assert journal.turn(1).link == TurnLink("laptop")
    journal.link(2.1, "up", round_trip_ms=23, clock_error_ms=11.5)
    journal.answer(2.3, "a1", "Hi.")
    journal.heard(2.5, "a1")
    journal.link(2.6, "up", round_trip_ms=160, clock_error_ms=80)
    assert journal.turn(1).link == TurnLink("laptop", 23, 11.5)


def test_a_stalled_link_keeps_its_figures_and_a_lost_one_has_none(journal: MemoryJournal) -> None:
    journal.link(0, "up", round_trip_ms=23, clock_error_ms=11.5)
    journal.link(0.5, "stalled")
    journal.spoken(1, "u1")
    assert journal.turn(1).link == TurnLink("laptop", 23, 11.5)
    journal.link(3, "lost")
    journal.spoken(4, "u2")
    assert journal.turn(2).link is None
    journal.link(6, "back", round_trip_ms=30, away_ms=3200)
    journal.spoken(7, "u3")
    assert journal.turn(3).link == TurnLink("laptop", 30)


def test_a_session_off_air_has_no_link(journal: MemoryJournal) -> None:
    journal.link(0, "up", round_trip_ms=23)
    journal("=", 0.5, "console.on_air", on=False)
    journal.spoken(1, "u1")
    assert (journal.turn(1).link, journal.turn(1).link_ms) == (None, None)


def test_how_fast_an_answer_was_silenced_is_told_apart(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "A long story.", ms=5000)
    journal.heard(2.5, "a1")
    journal.stopped(4, "a1", 1500, 5000, "barge_in", link_ms=81, device_ms=15)
    silenced = journal.turn(1).silenced_after
    assert silenced == SilencedAfter(81, 15)
    assert silenced.words == "silent after 96 ms: link 81, device 15"


@pytest.mark.parametrize(
    ("more", "silenced"),
    [
        ({}, None),
        ({"link_ms": 81}, None),
        ({"link_ms": "81", "device_ms": 15}, None),
        ({"link_ms": -3, "device_ms": 15}, SilencedAfter(0, 15)),
    ],
)
def test_what_was_not_measured_is_not_said(
    journal: MemoryJournal, more: dict[str, object], silenced: SilencedAfter | None
) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "A long story.", ms=5000)
    journal.stopped(4, "a1", 1500, 5000, "user", **more)
    assert journal.turn(1).silenced_after == silenced


@pytest.mark.parametrize("figure", [-1, "23", None, 10**400, True])
def test_a_round_trip_that_is_no_length_is_none(journal: MemoryJournal, figure: object) -> None:
    journal.link(0, "up", round_trip_ms=figure, clock_error_ms=figure)
    journal.spoken(1, "u1")
    assert journal.turn(1).link == TurnLink("laptop")
