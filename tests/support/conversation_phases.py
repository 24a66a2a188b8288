"""Phases of a conversation with an `ItemServer`, in which a test or a bench breaks something."""

from collections.abc import Callable, Mapping

from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local

from tests.support.engine_harness import EngineHarness
from tests.support.item_server import ItemServer

Phase = Callable[[EngineHarness, ItemServer], list[str]]
"""Brings a session into a phase of its conversation, and returns the items that the next connection
must get."""


def before_the_first_turn(harness: EngineHarness, service: ItemServer) -> list[str]:
    return []


def while_the_user_speaks(harness: EngineHarness, service: ItemServer) -> list[str]:
    held = first_turn(harness, service)
    service.send({"type": "input_audio_buffer.speech_started", "audio_start_ms": 0})
    harness.until(lambda: harness.session().user_speaking, "speech")
    return held


def while_the_agent_speaks(harness: EngineHarness, service: ItemServer) -> list[str]:
    held = first_turn(harness, service)
    harness.engine.post(intents.SendText("a", "Tell me more."))
    harness.until(lambda: len(service.last.items) == 3, "the second question")
    item = service.answer(2, bytes(480_000))
    part = {"response_id": "resp_2", "item_id": item, "output_index": 0, "content_index": 0}
    service.send({"type": "response.audio_transcript.delta", **part, "delta": "x" * 10_000})
    harness.until_event(Local.PLAYBACK_STARTED, count=2)
    return [*held, "user: Tell me more."]


def while_a_call_is_open(harness: EngineHarness, service: ItemServer) -> list[str]:
    held = first_turn(harness, service)
    harness.engine.post(intents.SendText("a", "Where is it?"))
    harness.until(lambda: len(service.last.items) == 3, "the question")
    call = {
        "id": "item_call",
        "type": "function_call",
        "call_id": "call_1",
        "name": "find",
        "arguments": "{}",
        "status": "completed",
    }
    respond(service, 2, call)
    harness.until_event("response.done", count=2)
    return [*held, "user: Where is it?"]


def first_turn(harness: EngineHarness, service: ItemServer) -> list[str]:
    """Hold a whole turn; returns the items of it."""
    harness.engine.post(intents.SendText("a", "I am Ada."))
    harness.until(lambda: len(service.last.items) == 1, "the question")
    item = service.answer(1, bytes(4_800), finished=True)
    part = {"response_id": "resp_1", "item_id": item, "output_index": 0, "content_index": 0}
    service.send({"type": "response.audio_transcript.done", **part, "transcript": "Hello Ada."})
    message = {
        "id": item,
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "audio", "transcript": "Hello Ada."}],
    }
    respond(service, 1, message)
    harness.until_event(Local.PLAYBACK_STOPPED)
    return ["user: I am Ada.", "assistant: Hello Ada."]


def respond(service: ItemServer, number: int, item: Mapping[str, object]) -> None:
    response = {"id": f"resp_{number}", "status": "completed", "output": [item]}
    service.send({"type": "response.created", "response": {**response, "output": []}})
    ids = {"response_id": f"resp_{number}", "output_index": 0, "item": item}
    service.send({"type": "response.output_item.done", **ids})
    service.add(item)
    service.send({"type": "response.done", "response": response})


PHASES = [
    before_the_first_turn,
    while_the_user_speaks,
    while_the_agent_speaks,
    while_a_call_is_open,
]
