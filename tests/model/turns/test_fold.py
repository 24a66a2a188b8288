"""Turns as conversations: records in, moments out."""

import pytest

from tests.support.memory_journal import MemoryJournal


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def test_a_spoken_turn(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "hello")
    journal.answer(2.3, "a1", "Hi.", previous="u1")
    journal.heard(2.55, "a1")
    journal.stopped(3.55, "a1", 1000, 1000, "drained")
    journal.done(3.6, usage={"total_tokens": 30, "input_tokens": 20, "output_tokens": 10})
    (turn,) = journal.view.turns
    assert (turn.number, turn.user_item_id, turn.response_id) == (1, "u1", "r1")
    assert (
        turn.started_s,
        turn.asked_s,
        turn.created_s,
        turn.first_audio_s,
        turn.heard_s,
        turn.done_s,
    ) == (
        1,
        2,
        2.3,
        2.4,
        2.55,
        3.6,
    )
    assert (turn.audio_start_ms, turn.audio_end_ms) == (1000, 2000)
    assert (
        turn.status,
        turn.interrupted,
        turn.played_ms,
        turn.input_tokens,
        turn.output_tokens,
    ) == (
        "completed",
        False,
        1000,
        20,
        10,
    )
    assert turn.heard_ms == pytest.approx(550)
    assert turn.first_audio_ms == pytest.approx(400)


def test_barge_in_belongs_to_the_turn_that_was_interrupted(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "A long story.", ms=5000)
    journal.heard(2.5, "a1")
    journal("<", 4, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=4000)
    journal.stopped(4.01, "a1", 1510, 5000, "barge_in")
    journal.done(
        4.1, status="cancelled", status_details={"type": "cancelled", "reason": "turn_detected"}
    )
    journal("<", 5, "input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=5000)
    journal.answer(5.5, "a2", "Yes?", response="r2")
    first, second = journal.view.turns
    assert (first.interrupted, first.played_ms, first.status, first.done_s) == (
        True,
        1510,
        "cancelled",
        4.1,
    )
    assert (
        second.number,
        second.user_item_id,
        second.asked_s,
        second.response_id,
        second.interrupted,
    ) == (
        2,
        "u2",
        5,
        "r2",
        False,
    )


def test_an_answer_that_was_complete_when_it_was_interrupted(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal.answer(2, "a1", "All sent.", ms=5000)
    journal.done(2.5)
    journal.stopped(4, "a1", 1500, 5000, "user")
    assert (journal.turn(1).status, journal.turn(1).interrupted, journal.turn(1).played_ms) == (
        "completed",
        True,
        1500,
    )


def test_a_manual_turn(journal: MemoryJournal) -> None:
    journal("=", 1, "console.talk", on=True)
    journal(">", 3, "input_audio_buffer.commit")
    journal("=", 3, "console.talk", on=False)
    journal(">", 3, "response.create")
    journal("<", 3.1, "input_audio_buffer.committed", item_id="u1")
    journal.answer(3.4, "a1", "Roger.")
    (turn,) = journal.view.turns
    assert (turn.started_s, turn.asked_s, turn.user_item_id, turn.created_s) == (1, 3, "u1", 3.4)


def test_a_text_turn_gets_the_services_item_id(journal: MemoryJournal) -> None:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}
    journal(">", 1, "conversation.item.create", event_id="e1", item=item)
    journal(">", 1, "response.create")
    journal("<", 1.2, "conversation.item.created", item={**item, "id": "u1"})
    journal.answer(1.5, "a1", "Hi.")
    (turn,) = journal.view.turns
    assert (turn.user_item_id, turn.asked_s, turn.first_audio_s) == ("u1", 1, 1.6)


def test_a_greeting_is_a_turn_that_nobody_asked(journal: MemoryJournal) -> None:
    journal(">", 1, "response.create")
    journal.answer(1.2, "a1", "Welcome.")
    journal.done(1.4)
    journal.spoken(3, "u1")
    journal.answer(4.2, "a2", "Sure.", response="r2")
    greeting, turn = journal.view.turns
    assert (greeting.user_item_id, greeting.asked_s) == (None, 1)
    assert greeting.first_audio_ms == pytest.approx(300)
    assert (turn.number, turn.user_item_id, turn.response_id) == (2, "u1", "r2")


def test_the_response_after_a_tool_stays_in_its_turn(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal("<", 2.2, "response.created", response={"id": "r1"})
    journal.done(
        2.4,
        output=[{"type": "function_call", "id": "f1"}],
        usage={"input_tokens": 5, "output_tokens": 2},
    )
    journal("<", 2.5, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=2500)
    journal(
        ">",
        2.8,
        "conversation.item.create",
        item={"type": "function_call_output", "call_id": "c1", "output": "x"},
    )
    journal(">", 2.8, "response.create")
    journal.answer(3, "a1", "21 degrees.", response="r2")
    journal.done(3.5, "r2", usage={"input_tokens": 7, "output_tokens": 3})
    first, second = journal.view.turns
    assert (first.response_id, first.created_s, first.first_audio_s, first.done_s) == (
        "r2",
        2.2,
        3.1,
        3.5,
    )
    assert (first.input_tokens, first.output_tokens) == (12, 5)
    assert (second.user_item_id, second.created_s) == ("u2", None)


def test_the_response_after_a_call_on_a_server_stays_in_its_turn(journal: MemoryJournal) -> None:
    """The service runs MCP tools itself, so the client sends only the next response.create
    (protocol.md 15.7)."""
    journal.spoken(1, "u1")
    journal("<", 2.2, "response.created", response={"id": "r1"})
    journal.done(2.4, output=[{"type": "mcp_call", "id": "m1"}])
    journal(">", 2.8, "response.create")
    journal.answer(3, "a1", "Found.", response="r2")
    (turn,) = journal.view.turns
    assert (turn.response_id, turn.first_audio_s) == ("r2", 3.1)


def test_an_answer_that_was_asked_for_again_is_a_new_turn(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal.answer(2, "a1", "One.")
    journal.done(2.5)
    journal(">", 5, "response.create")
    journal.answer(5.2, "a2", "Two.", response="r2")
    assert [(turn.number, turn.asked_s, turn.response_id) for turn in journal.view.turns] == [
        (1, 2, "r1"),
        (2, 5, "r2"),
    ]


def test_sound_that_was_cleared_is_no_turn(journal: MemoryJournal) -> None:
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1000)
    journal("<", 2, "input_audio_buffer.cleared")
    assert journal.view.turns == ()


def test_a_turn_that_was_answered_stays_when_sound_is_cleared(journal: MemoryJournal) -> None:
    journal("<", 1, "response.created", response={})
    journal(
        "<",
        1.5,
        "response.output_item.done",
        item={"type": "function_call", "id": "f1", "call_id": "c1"},
    )
    journal("<", 2, "input_audio_buffer.cleared")
    journal(
        ">", 3, "conversation.item.create", item={"type": "function_call_output", "call_id": "c1"}
    )
    assert [turn.unanswered_calls for turn in journal.view.turns] == [0]


def test_what_an_end_that_names_no_response_holds_belongs_to_the_turn_that_it_ends(
    journal: MemoryJournal,
) -> None:
    journal.spoken(1, "u1")
    journal("<", 2, "response.created", response={"id": "r1"})
    said = {"type": "message", "id": "a1", "content": [{"type": "text", "text": "Hi"}]}
    journal("<", 3, "response.done", response={"status": "completed", "output": [said, CALL]})
    assert (
        journal.turn(1).over,
        journal.turn(1).has_content,
        journal.turn(1).unanswered_calls,
    ) == (
        True,
        True,
        1,
    )


def test_speech_that_goes_on_in_the_same_item_is_one_turn(journal: MemoryJournal) -> None:
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1000)
    journal("<", 2, "input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=2000)
    journal("<", 2.2, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=2200)
    journal("<", 3, "input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=3000)
    (turn,) = journal.view.turns
    assert (turn.audio_start_ms, turn.audio_end_ms, turn.asked_s) == (1000, 3000, 3)


CALL = {
    "type": "function_call",
    "id": "f1",
    "call_id": "c1",
    "name": "get_weather",
    "arguments": "{}",
}
APPROVAL = {
    "type": "mcp_approval_request",
    "id": "m1",
    "server_label": "docs",
    "name": "search",
    "arguments": "{}",
}


def test_a_turn_whose_answer_was_heard_is_held(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    assert journal.turn(1).shortfall == "no answer came"
    journal.answer(2, "a1", "Hi.")
    assert journal.turn(1).shortfall == "its answer did not end"
    journal.done(2.5)
    assert journal.turn(1).shortfall == ""


def test_a_turn_that_was_interrupted_is_held(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal("<", 2, "response.created", response={"id": "r1"})
    journal.done(2.5, status="cancelled")
    assert journal.turn(1).shortfall == ""


@pytest.mark.parametrize(
    ("status", "reason"),
    [("failed", "its answer failed"), ("incomplete", "its answer was incomplete")],
)
def test_an_answer_that_went_wrong_holds_no_turn(
    journal: MemoryJournal, status: str, reason: str
) -> None:
    journal.answer(2, "a1", "Hi.")
    journal.done(2.5, status=status)
    assert journal.turn(1).shortfall == reason


@pytest.mark.parametrize(
    "output",
    [[], [{"type": "message", "id": "a1", "content": []}], [{"type": "message", "id": "a1"}], None],
)
def test_an_answer_with_nothing_in_it_holds_no_turn(journal: MemoryJournal, output: object) -> None:
    journal("<", 2, "response.created", response={"id": "r1"})
    journal(
        "<", 2.1, "response.audio.delta", response_id="r1", item_id="a1", content_index=0, delta=""
    )
    journal.done(2.5, output=output)
    assert journal.turn(1).shortfall == "its answer was empty"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("response.audio.delta", {"delta": "AAAA"}),
        ("response.text.delta", {"delta": "Hi"}),
        ("response.audio_transcript.delta", {"delta": "Hi"}),
        ("response.text.done", {"text": "Hi"}),
        (
            "response.output_item.done",
            {"item": {"type": "message", "content": [{"type": "text", "text": "Hi"}]}},
        ),
    ],
)
@pytest.mark.parametrize("response", ["r1", ""])
def test_text_or_sound_makes_an_answer(
    journal: MemoryJournal, kind: str, fields: dict[str, object], response: str
) -> None:
    journal("<", 2, "response.created", response={"id": "r1"})
    journal("<", 2.1, kind, response_id=response, item_id="a1", content_index=0, **fields)
    journal.done(2.5)
    assert journal.turn(1).shortfall == ""


def test_text_in_the_end_of_a_response_makes_an_answer(journal: MemoryJournal) -> None:
    journal("<", 2, "response.created", response={"id": "r1"})
    journal.done(
        2.5, output=[{"type": "message", "id": "a1", "content": [{"type": "text", "text": "Hi"}]}]
    )
    assert journal.turn(1).shortfall == ""


@pytest.mark.parametrize("call", [CALL, APPROVAL])
def test_a_call_that_nobody_answers_holds_no_turn(
    journal: MemoryJournal, call: dict[str, str]
) -> None:
    journal.spoken(1, "u1")
    journal.answer(2, "a1", "One moment.")
    journal("<", 2.3, "response.output_item.done", response_id="r1", item=call)
    journal.done(2.4, output=[call])
    assert (journal.turn(1).unanswered_calls, journal.turn(1).shortfall) == (
        1,
        "a call of the agent was left unanswered",
    )
    journal.spoken(3, "u2")
    journal.answer(4, "a2", "Sure.", response="r2")
    journal.done(4.5, "r2")
    assert [turn.unanswered_calls for turn in journal.view.turns] == [1, 0]


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (CALL, {"type": "function_call_output", "call_id": "c1", "output": "21"}),
        (APPROVAL, {"type": "mcp_approval_response", "approval_request_id": "m1", "approve": True}),
    ],
)
def test_a_call_that_was_answered_holds_the_turn_when_the_answer_to_it_ends(
    journal: MemoryJournal, call: dict[str, str], answer: dict[str, object]
) -> None:
    journal.spoken(1, "u1")
    journal("<", 2, "response.created", response={"id": "r1"})
    journal.done(2.4, output=[call])
    journal(">", 2.8, "conversation.item.create", item=answer)
    assert journal.turn(1).unanswered_calls == 0
    journal(">", 2.8, "response.create")
    journal.answer(3, "a1", "21 degrees.", response="r2")
    assert (journal.turn(1).done_s, journal.turn(1).shortfall) == (None, "its answer did not end")
    journal.done(3.5, "r2")
    assert journal.turn(1).shortfall == ""


def test_a_call_that_was_cut_off_asks_for_nothing(journal: MemoryJournal) -> None:
    journal("<", 2, "response.created", response={"id": "r1"})
    journal.done(2.4, status="cancelled", output=[{**CALL, "status": "incomplete"}])
    assert (journal.turn(1).unanswered_calls, journal.turn(1).shortfall) == (0, "")


def test_an_answer_whose_sound_went_away_holds_no_turn(journal: MemoryJournal) -> None:
    journal.answer(2, "a1", "A long story.", ms=5000)
    journal.done(2.5)
    journal.stopped(3, "a1", 900, 5000, "off_air")
    assert journal.turn(1).shortfall == "its answer was not heard to its end"
