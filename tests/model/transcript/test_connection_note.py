"""One line tells of a loss of the connection and of what became of it."""

import pytest

from tests.support.memory_journal import MemoryJournal

BROKE = "The connection broke without a close frame."
RESTARTS = "The service restarts or is overloaded (1012)."


@pytest.fixture
def journal() -> MemoryJournal:
    journal = MemoryJournal()
    journal("=", 0, "console.connected")
    journal.spoken(1, "u1", "Hello.")
    return journal


def lost(
    journal: MemoryJournal, t_s: float, sentence: str = BROKE, code: int | None = None
) -> None:
    journal("=", t_s, "console.closed", code=code, reason="", sentence=sentence)


def connected(journal: MemoryJournal, t_s: float, **carried: object) -> None:
    journal("=", t_s, "console.connected", connection=2)
    if carried:
        journal("=", t_s, "console.carried_over", items=[], **carried)


def test_while_the_connection_is_lost_the_line_says_why(journal: MemoryJournal) -> None:
    lost(journal, 60.4)
    line = journal.view.transcript[-1]
    assert (line.text, line.state, line.divides, line.t_s) == (BROKE, "failed", True, 60.4)


def test_the_line_says_how_long_it_took_and_what_was_carried(journal: MemoryJournal) -> None:
    lost(journal, 60.4)
    connected(journal, 61.9, carried=14, left_out=2, not_carried={"no_transcript": 1})
    line = journal.view.transcript[-1]
    assert line.text == (
        "The connection broke without a close frame, back after 1.5 s; 14 items carried over, "
        "2 older left out; not carried over: 1 without a transcript"
    )
    assert line.state == "final"


def test_losses_with_nothing_said_between_them_are_one_line(journal: MemoryJournal) -> None:
    for second in range(60, 90, 3):
        lost(journal, second, RESTARTS, 1012)
        connected(journal, second + 1, carried=1, left_out=0)
    assert journal.lines == [
        "you: Hello.",
        "note: The service restarts or is overloaded (1012) (10 times), back after 28.0 s; "
        "1 item carried over",
    ]


def test_what_is_said_between_two_losses_divides_them(journal: MemoryJournal) -> None:
    lost(journal, 60)
    connected(journal, 61)
    journal.spoken(63, "u2", "Still there?")
    lost(journal, 190)
    connected(journal, 315)
    assert journal.lines == [
        "you: Hello.",
        "note: The connection broke without a close frame, back after 1.0 s",
        "you: Still there?",
        "note: The connection broke without a close frame, back after 2 min 5 s",
    ]


def test_a_connection_that_held_divides_two_losses(journal: MemoryJournal) -> None:
    for second in (60, 75):
        lost(journal, second)
        connected(journal, second + 1)
    broke = "note: The connection broke without a close frame, back after 1.0 s"
    assert journal.lines[1:] == [broke, broke]


def test_losses_of_two_kinds_are_two_lines(journal: MemoryJournal) -> None:
    lost(journal, 60)
    connected(journal, 61)
    lost(journal, 62, RESTARTS, 1012)
    assert journal.lines[-1] == f"note: {RESTARTS} [failed]"
    assert len(journal.lines) == 3


def test_tries_that_come_to_nothing_say_both_causes(journal: MemoryJournal) -> None:
    lost(journal, 60)
    lost(journal, 61, "The key was refused (401).")
    assert journal.lines[-1] == f"note: {BROKE} The key was refused (401). [failed]"


def test_a_change_that_was_asked_for_is_no_loss(journal: MemoryJournal) -> None:
    lost(journal, 60)
    connected(journal, 61)
    journal.spoken(63, "u2", "Still there?")
    lost(journal, 70, "A new connection takes the place of this one.", 1000)
    connected(journal, 70.2, carried=2, left_out=0)
    assert journal.lines[-1] == (
        "note: A new connection took the place of the one before; 2 items carried over"
    )
    assert journal.lines[1].endswith("back after 1.0 s")


def test_the_end_that_was_asked_for_has_no_line(journal: MemoryJournal) -> None:
    lost(journal, 60, "You ended the session.", 1000)
    assert journal.lines == ["you: Hello."]
