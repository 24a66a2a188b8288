"""Transcripts as conversations: records in, lines out."""

import pytest

from tests.support.memory_journal import MemoryJournal


def test_a_spoken_turn_and_its_answer(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "what's the weather like?")
    journal.answer(2.3, "a1", "It is sunny.", previous="u1")
    assert journal.lines == ["you: what's the weather like?", "agent: It is sunny. [partial]"]
    journal.heard(2.5, "a1")
    journal.stopped(3.5, "a1", 1000, 1000, "drained")
    journal.done(3.6)
    assert journal.lines == ["you: what's the weather like?", "agent: It is sunny."]
    you, agent = journal.view.transcript
    assert (you.t_s, agent.t_s) == (1, 2.5)
    assert (agent.heard_ms, agent.received_ms, agent.spoken_chars) == (1000, 1000, None)


def test_lines_stand_in_the_order_of_the_conversation_not_of_arrival(
    journal: MemoryJournal,
) -> None:
    """The answer's item arrives before the item that it answers."""
    journal.answer(2, "a1", "An answer.")
    journal.spoken(1, "u1", "A question?", previous="root")
    journal(
        "<",
        2.5,
        "conversation.item.created",
        item={"id": "a1", "type": "message", "role": "assistant"},
        previous_item_id="u1",
    )
    assert journal.lines == ["you: A question?", "agent: An answer. [partial]"]


def test_a_note_between_two_items_does_not_move_them(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "hello")
    journal("<", 2.1, "warning", warning={"message": "slow down", "code": "w1"})
    journal.answer(2.3, "a1", "Hi.", previous="u1")
    assert journal.lines == ["you: hello", "note: warning: w1: slow down", "agent: Hi. [partial]"]


def test_what_happens_to_microphone_and_loudspeaker_is_a_note(journal: MemoryJournal) -> None:
    journal("=", 1, "console.muted", on=True)
    journal("=", 2, "console.muted", on=False)
    journal("=", 3, "console.device", side="microphone", state="lost", name="headset")
    journal("=", 4, "console.device", side="microphone", state="back", name="headset", away_ms=1000)
    assert journal.lines == [
        "note: MUTED",
        "note: microphone open again",
        "note: microphone lost: headset",
        "note: microphone back after 1.0 s: headset",
    ]


@pytest.mark.parametrize(
    ("code", "lines"), [(1000, []), (1011, ["note: The service broke off. [failed]"])]
)
def test_only_an_unusual_end_is_noted(journal: MemoryJournal, code: int, lines: list[str]) -> None:
    journal("=", 1, "console.closed", code=code, reason="", sentence="The service broke off.")
    assert journal.lines == lines


def test_lines_that_did_not_change_are_the_same_objects(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "hello")
    journal.answer(2, "a1", "Hi")
    before = journal.view.transcript
    journal(
        "<",
        3,
        "response.audio_transcript.delta",
        response_id="r1",
        item_id="a1",
        content_index=0,
        delta=" there",
    )
    after = journal.view.transcript
    assert after[0] is before[0]
    assert after[1].text == "Hi there"
    journal("<", 4, "rate_limits.updated", rate_limits=[])
    assert journal.view.transcript is after


def test_an_error_that_comes_again_and_again_is_one_line() -> None:
    # Like a service that refuses every block of audio: 50 in a second, and the session goes on.
    journal = MemoryJournal()
    for n in range(3):
        journal(
            "<", n, "error", error={"code": "bad_audio", "message": "no", "event_id": f"evt_{n}"}
        )
    (line,) = journal.view.transcript
    assert (line.text, line.t_s, line.first_n, line.last_n) == (
        "error: bad_audio: no (3 times)",
        0,
        0,
        2,
    )
    journal.spoken(4, "u1", "hello")
    journal("<", 6, "error", error={"code": "bad_audio", "message": "no"})
    assert journal.lines == [
        "note: error: bad_audio: no (3 times) [failed]",
        "you: hello",
        "note: error: bad_audio: no [failed]",
    ]
