"""One conversation over several connections."""

from typing import Any

import pytest

from tests.support.memory_journal import MemoryJournal


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def carry(journal: MemoryJournal, t_s: float, *pairs: tuple[str, str]) -> None:
    """Begin another connection, give it these items, and let the service confirm them."""
    journal("=", t_s, "console.connected")
    items = [{"id": new, "was": was} for new, was in pairs]
    journal("=", t_s, "console.carried_over", carried=len(pairs), items=items)
    for new, _ in pairs:
        content = [{"type": "input_text", "text": "told again"}]
        item = {"id": new, "type": "message", "role": "user", "content": content}
        journal(">", t_s, "conversation.item.create", item=item)
        journal("<", t_s, "conversation.item.created", item=item, previous_item_id=None)


def typed(journal: MemoryJournal, t_s: float, text: str, item_id: str, **fields: Any) -> None:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    journal(">", t_s, "conversation.item.create", event_id=f"e{t_s}", item=item)
    journal("<", t_s, "conversation.item.created", item={**item, "id": item_id}, **fields)


def begun(journal: MemoryJournal) -> None:
    journal("=", 0, "console.connected")
    journal.spoken(1, "u1", "Hello.")
    journal.answer(2, "a1", "Good morning.", previous="u1")
    journal.done(3)


def test_carried_items_are_shown_once_and_make_no_turn(journal: MemoryJournal) -> None:
    begun(journal)
    lines, turns = journal.said, len(journal.view.turns)
    carry(journal, 5, ("c1", ""), ("c2", "u1"), ("c3", "a1"))
    assert (journal.said, len(journal.view.turns)) == (lines, turns)


def test_what_follows_is_shown_behind_all_that_came_before(journal: MemoryJournal) -> None:
    begun(journal)
    journal.spoken(4, "u2")
    carry(journal, 6, ("c1", "u1"), ("c2", "a1"))
    journal.spoken(7, "u9", "And now?", previous="c2")
    journal.answer(8, "a9", "Now too.", previous="u9", response="r9")
    assert journal.said == [
        "you: Hello.",
        "agent: Good morning.",
        "you: [speech, 1.0 s]",
        "you: And now?",
        "agent: Now too. [partial]",
    ]


def test_a_further_connection_is_told_each_item_once(journal: MemoryJournal) -> None:
    begun(journal)
    carry(journal, 5, ("c1", "u1"), ("c2", "a1"))
    typed(journal, 6, "More.", "u2", previous_item_id="c2")
    carry(journal, 8, ("d1", "u1"), ("d2", "a1"), ("d3", "u2"))
    assert [item.item_id for item in journal.fold.history()] == ["u1", "a1", "u2"]


def test_ids_that_a_new_connection_uses_again_are_new_items(journal: MemoryJournal) -> None:
    begun(journal)
    carry(journal, 5, ("c1", "u1"), ("c2", "a1"))
    journal.spoken(6, "u1", "Once more.", previous="c2")
    journal.answer(7, "a1", "Of course.", previous="u1")
    journal.heard(7.5, "a1")
    journal.done(8)
    assert journal.said == [
        "you: Hello.",
        "agent: Good morning.",
        "you: Once more.",
        "agent: Of course.",
    ]
    assert len(journal.view.turns) == 2
    assert journal.turn(2).heard_ms == 500


def test_an_answer_that_the_connection_broke_off_is_interrupted(journal: MemoryJournal) -> None:
    journal("=", 0, "console.connected")
    journal.answer(1, "a1", "I was about to", ms=2000)
    journal.stopped(2, "a1", 1000, 2000, "off_air")
    journal("=", 3, "console.connected")
    assert journal.said == ["agent: I was about to [interrupted]"]


def test_speech_that_the_connection_broke_off_stays_without_words(journal: MemoryJournal) -> None:
    journal("=", 0, "console.connected")
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0)
    journal("=", 3, "console.connected")
    assert journal.said == ["you: [speech]"]
    assert [item.item_id for item in journal.fold.history()] == ["u1"]
    assert len(journal.view.turns) == 0


def test_a_typed_message_is_confirmed_by_being_carried(journal: MemoryJournal) -> None:
    journal("=", 0, "console.connected")
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    journal(">", 1, "conversation.item.create", event_id="e1", item=item)
    [past] = journal.fold.history()
    assert journal.said == ["you: Hi [partial]"]
    carry(journal, 2, ("c1", past.item_id))
    assert journal.said == ["you: Hi"]
    typed(journal, 3, "Hi", "u2", previous_item_id="c1")
    assert journal.said == ["you: Hi", "you: Hi"]


def test_the_speaker_may_still_play_an_answer_of_the_connection_before(
    journal: MemoryJournal,
) -> None:
    begun(journal)
    journal("=", 4, "console.connected")
    journal.heard(4.5, "a1")
    journal.stopped(5, "a1", 1000, 1000, "drained")
    assert (journal.turn(1).heard_s, journal.turn(1).played_ms) == (4.5, 1000)


def test_a_connection_that_was_given_nothing_changes_no_order(journal: MemoryJournal) -> None:
    begun(journal)
    carry(journal, 5, ("c1", "u1"), ("c2", "a1"))
    typed(journal, 6, "More.", "u2", previous_item_id="c2")
    carry(journal, 8)
    typed(journal, 9, "And more.", "u3")
    assert journal.said == ["you: Hello.", "agent: Good morning.", "you: More.", "you: And more."]
