"""Conversations of any length as events, with two items in each exchange."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.support.memory_journal import TRANSCRIPTION

Event = tuple[str, dict[str, Any]]
"""A direction and an event."""

EVENTS_AN_EXCHANGE = 13


def spoken(number: int) -> Iterator[Event]:
    """The user speaks; the assistant answers and is heard to the end."""
    you, agent, response = f"u{number}", f"a{number}", f"r{number}"
    part = {"response_id": response, "item_id": agent, "content_index": 0}
    item = {"id": you, "type": "message", "role": "user", "content": []}
    said = {
        "id": agent,
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [],
    }
    played = {"item_id": agent, "content_index": 0}
    done = {
        "id": response,
        "status": "completed",
        "output": [said],
        "usage": {"input_tokens": 3, "output_tokens": 5},
    }
    yield (
        "received",
        {
            "type": "input_audio_buffer.speech_started",
            "item_id": you,
            "audio_start_ms": number * 1000,
        },
    )
    yield (
        "received",
        {
            "type": "input_audio_buffer.speech_stopped",
            "item_id": you,
            "audio_end_ms": number * 1000 + 500,
        },
    )
    yield (
        "received",
        {
            "type": "input_audio_buffer.committed",
            "item_id": you,
            "previous_item_id": f"a{number - 1}",
        },
    )
    yield (
        "received",
        {"type": "conversation.item.created", "item": item, "previous_item_id": f"a{number - 1}"},
    )
    yield "received", {"type": "response.created", "response": {"id": response}}
    yield (
        "received",
        {
            "type": "response.output_item.added",
            "response_id": response,
            "item": {**said, "status": "in_progress"},
        },
    )
    yield (
        "received",
        {
            "type": "conversation.item.created",
            "item": {**said, "status": "in_progress"},
            "previous_item_id": you,
        },
    )
    yield (
        "received",
        {"type": "response.audio_transcript.delta", **part, "delta": f"This is answer {number}."},
    )
    yield "received", {"type": "response.audio.delta", **part, "delta": "AAAA" * 160}
    yield "local", {"type": "console.playback_started", **played}
    yield (
        "received",
        {
            "type": f"{TRANSCRIPTION}.completed",
            "item_id": you,
            "content_index": 0,
            "transcript": "And this?",
        },
    )
    yield "received", {"type": "response.done", "response": done}
    yield (
        "local",
        {
            "type": "console.playback_stopped",
            **played,
            "played_ms": 10,
            "received_ms": 10,
            "reason": "drained",
        },
    )


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


EXCHANGES: list[Callable[[int], Iterator[Event]]] = [
    spoken,
    typed,
    put_in_front,
    never_over,
    one_turn,
]
