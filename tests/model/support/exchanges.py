"""Conversations of any length as events, with two items in each exchange."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.support.memory_journal import TRANSCRIPTION

Event = tuple[str, dict[str, Any]]
"""A direction and an event."""

EVENTS_AN_EXCHANGE = 13


def spoken(number: int) -> Iterator[Event]:
    """The user speaks; the assistant answers and is heard to the end."""
    yield from _question(number)
    yield from _answer(number)


def _question(number: int) -> Iterator[Event]:
    user, previous = f"u{number}", f"a{number - 1}"
    start_ms, end_ms = number * 1000, number * 1000 + 500
    item = {"id": user, "type": "message", "role": "user", "content": []}
    yield _received("input_audio_buffer.speech_started", item_id=user, audio_start_ms=start_ms)
    yield _received("input_audio_buffer.speech_stopped", item_id=user, audio_end_ms=end_ms)
    yield _received("input_audio_buffer.committed", item_id=user, previous_item_id=previous)
    yield _received("conversation.item.created", item=item, previous_item_id=previous)


def _answer(number: int) -> Iterator[Event]:
    user, assistant, response = f"u{number}", f"a{number}", f"r{number}"
    part = {"response_id": response, "item_id": assistant, "content_index": 0}
    item = {"id": assistant, "type": "message", "role": "assistant", "content": []}
    begun, ended = {**item, "status": "in_progress"}, {**item, "status": "completed"}
    done = {
        "id": response,
        "status": "completed",
        "output": [ended],
        "usage": {"input_tokens": 3, "output_tokens": 5},
    }
    played = {"item_id": assistant, "content_index": 0}
    ends = {"played_ms": 10, "received_ms": 10, "reason": "drained"}
    text = f"This is answer {number}."
    yield _received("response.created", response={"id": response})
    yield _received("response.output_item.added", response_id=response, item=begun)
    yield _received("conversation.item.created", item=begun, previous_item_id=user)
    yield _received("response.audio_transcript.delta", **part, delta=text)
    yield _received("response.audio.delta", **part, delta="AAAA" * 160)
    yield "local", {"type": "console.playback_started", **played}
    yield _received(
        f"{TRANSCRIPTION}.completed", item_id=user, content_index=0, transcript="And this?"
    )
    yield _received("response.done", response=done)
    yield "local", {"type": "console.playback_stopped", **played, **ends}


def _received(kind: str, **fields: Any) -> Event:
    return "received", {"type": kind, **fields}


def typed(number: int) -> Iterator[Event]:
    """A message is typed and the service assigns its id; two of three messages are refused or get
    no id."""
    content = [
        {"type": "input_text", "text": f"message {number}" if number % 3 else "the same words"}
    ]
    item = {"type": "message", "role": "user", "content": content}
    yield "sent", {"type": "conversation.item.create", "event_id": f"e{number}", "item": item}
    if number % 3 == 1:
        yield (
            "received",
            {"type": "error", "error": {"message": f"no {number}", "event_id": f"e{number}"}},
        )
    if number % 3 == 0:
        yield (
            "received",
            {"type": "conversation.item.created", "item": {**item, "id": f"i{number}"}},
        )


def put_in_front(number: int) -> Iterator[Event]:
    """Every item is linked before all others, and an item from long ago changes."""
    item = {
        "id": f"f{number}",
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": "x"}],
    }
    yield (
        "received",
        {"type": "conversation.item.created", "item": item, "previous_item_id": "root"},
    )
    late = {"item_id": f"f{number // 2}", "content_index": 0, "transcript": f"late {number}"}
    yield "received", {"type": f"{TRANSCRIPTION}.completed", **late}


def never_over(number: int) -> Iterator[Event]:
    """Speech that is neither transcribed nor answered, answers that never end, and warnings in
    between."""
    you, agent = f"u{number}", f"a{number}"
    yield (
        "received",
        {"type": "input_audio_buffer.speech_started", "item_id": you, "audio_start_ms": 0},
    )
    delta = {"response_id": f"r{number}", "item_id": agent, "content_index": 0, "delta": "still"}
    yield "received", {"type": "response.created", "response": {"id": f"r{number}"}}
    yield "received", {"type": "response.audio_transcript.delta", **delta}
    yield "received", {"type": "warning", "warning": {"message": f"warning {number}"}}
    yield (
        "sent",
        {
            "type": "conversation.item.create",
            "item": {"type": "function_call_output", "call_id": "c"},
        },
    )


def one_turn(number: int) -> Iterator[Event]:
    """A single turn that calls a tool again and again and says something each time."""
    agent, response = f"a{number}", f"r{number}"
    if not number:
        yield (
            "received",
            {"type": "input_audio_buffer.speech_started", "item_id": "u", "audio_start_ms": 0},
        )
        yield (
            "received",
            {"type": "input_audio_buffer.speech_stopped", "item_id": "u", "audio_end_ms": 100},
        )
    yield (
        "sent",
        {
            "type": "conversation.item.create",
            "item": {"type": "function_call_output", "call_id": "c"},
        },
    )
    yield "received", {"type": "response.created", "response": {"id": response}}
    part = {"response_id": response, "item_id": agent, "content_index": 0}
    yield "received", {"type": "response.audio.delta", **part, "delta": "AAAA"}
    stopped = {"played_ms": 10, "received_ms": 10, "reason": "drained"}
    yield (
        "local",
        {"type": "console.playback_stopped", "item_id": agent, "content_index": 0, **stopped},
    )
    yield (
        "received",
        {
            "type": "response.done",
            "response": {"id": response, "status": "completed", "output": []},
        },
    )
    yield "received", {"type": "input_audio_buffer.cleared"}


def retuned(number: int) -> Iterator[Event]:
    """The user changes a setting, which is then in force, and speaks."""
    session = {"turn_detection": {"type": "server_vad", "silence_duration_ms": 200 + number}}
    yield "sent", {"type": "session.update", "event_id": f"e{number}", "session": session}
    yield _received("session.updated", session={"id": "s", "model": "gpt-4o", **session})
    yield from spoken(number)


EXCHANGES: list[Callable[[int], Iterator[Event]]] = [
    spoken,
    typed,
    put_in_front,
    never_over,
    one_turn,
    retuned,
]
