"""The moments that the user marked, and their notes."""

from tests.support.memory_journal import MemoryJournal


def test_a_mark_is_a_line_and_its_note_takes_the_place_of_the_moment() -> None:
    journal = MemoryJournal()
    journal("=", 62.0, "console.mark", note="", item_id="")
    assert journal.lines == ["mark: this moment"]
    journal("=", 62.0, "console.mark", note="sounds tired here", item_id="")
    journal("=", 63.0, "console.mark", note="", item_id="")
    assert journal.lines == ["mark: sounds tired here", "mark: this moment"]
    (noted, _) = journal.view.transcript
    assert (noted.t_s, noted.first_n, noted.last_n) == (62.0, 0, 0)
    assert not journal.fold.history()


def test_a_note_about_an_item_stands_behind_it() -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1", "Hello.")
    journal.spoken(5, "u2", "Are you there?", previous="u1")
    journal("=", 1.2, "console.mark", note="too loud", item_id="u1")
    assert journal.lines == ["you: Hello.", "mark: too loud", "you: Are you there?"]
