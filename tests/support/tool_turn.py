"""A spoken turn in which a tool was called, as in the picture of the design: every step has a
length of its own."""

from tests.support.memory_journal import MemoryJournal, audio_ref

USAGE_OF_CALL = {
    "input_tokens": 96,
    "output_tokens": 21,
    "input_token_details": {"text_tokens": 52, "audio_tokens": 44, "cached_tokens": 0},
    "output_token_details": {"text_tokens": 21, "audio_tokens": 0},
}
USAGE_OF_ANSWER = {
    "input_tokens": 45,
    "output_tokens": 175,
    "input_token_details": {
        "text_tokens": 45,
        "audio_tokens": 0,
        "cached_tokens": 32,
        "cached_tokens_details": {"text_tokens": 32, "audio_tokens": 0},
    },
    "output_token_details": {"text_tokens": 5, "audio_tokens": 170},
}


def tool_turn(journal: MemoryJournal) -> None:
    """Write the session and its only turn: heard after 1 920 ms, of which the end of the turn took
    506, the call 640; then cut after 2.1 of 6.8 s."""
    session = {"model": "gpt-4o", "turn_detection": {"type": "server_vad"}}
    journal("<", 0.1, "session.created", session=session)
    buffer = "input_audio_buffer"
    journal(">", 50.0, f"{buffer}.append", audio=audio_ref(50_000))
    journal("<", 50.0, f"{buffer}.speech_started", item_id="u1", audio_start_ms=49_800)
    journal("=", 50.0, "console.speech", on=True)
    journal("=", 52.2, "console.speech", on=False)
    journal(">", 52.7, f"{buffer}.append", audio=audio_ref(2_706))
    journal("<", 52.706, f"{buffer}.speech_stopped", item_id="u1", audio_end_ms=52_700)
    journal("<", 52.706, f"{buffer}.committed", item_id="u1", previous_item_id=None)
    item = {"id": "u1", "type": "message", "role": "user", "content": [{"type": "input_audio"}]}
    journal("<", 52.707, "conversation.item.created", item=item, previous_item_id=None)
    _call(journal)
    journal.answer(53.618, "a1", "It is out for delivery.", response="r2", first_s=0.334)
    journal.heard(54.12, "a1")
    journal.done(55, "r2", usage=USAGE_OF_ANSWER)
    journal.stopped(56.22, "a1", 2100, 6800, "barge_in")


def _call(journal: MemoryJournal) -> None:
    call = {"id": "f1", "type": "function_call", "name": "get_parcel", "call_id": "c1"}
    journal("<", 52.714, "response.created", response={"id": "r1", "status": "in_progress"})
    journal("<", 52.8, "response.output_item.added", response_id="r1", item=call)
    arguments = {"item_id": "f1", "call_id": "c1", "arguments": '{"id":"4471"}'}
    journal("<", 52.95, "response.function_call_arguments.done", response_id="r1", **arguments)
    journal("<", 52.951, "response.output_item.done", response_id="r1", item=call)
    journal.done(52.952, "r1", usage=USAGE_OF_CALL, output=[call])
    output = {"id": "f1o", "type": "function_call_output", "call_id": "c1", "output": "{}"}
    journal(">", 53.59, "conversation.item.create", item=output)
    journal(">", 53.59, "response.create")
