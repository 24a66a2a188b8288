"""A service that answers at once: every `response.create` gets its whole answer in a single
burst."""

import base64
from collections.abc import Sequence
from typing import Any

from tests.support.scripted_service import ScriptedService

Events = Sequence[dict[str, Any]]


class BurstService(ScriptedService):
    """Sends one of `answers` per request and then none. hangs_up: whether it closes after the last
    one."""

    def __init__(self, *answers: Events, hangs_up: bool = False) -> None:
        super().__init__()
        self._answers = list(answers)
        self._hangs_up = hangs_up

    async def _take(self, event: dict[str, Any]) -> None:
        await super()._take(event)
        if event["type"] != "response.create" or not self._answers:
            return
        for answer_event in self._answers.pop(0):
            await self._send(answer_event)
        if self._hangs_up and not self._answers and self._connection is not None:
            await self._connection.close(1000)


def spoken(number: int, *parts: bytes) -> list[dict[str, Any]]:
    """An answer with one item per part, each with all of its audio (pcm16) in one event."""
    response, events = f"resp_{number}", []
    for index, audio in enumerate(parts):
        ids = {
            "response_id": response,
            "item_id": f"item_{number}_{index}",
            "output_index": index,
            "content_index": 0,
        }
        events.append(
            {"type": "response.audio.delta", **ids, "delta": base64.b64encode(audio).decode()}
        )
        events.append({"type": "response.audio.done", **ids})
    return answer(number, *events)


def answer(
    number: int, *events: dict[str, Any], status: str = "completed", output: Events = ()
) -> list[dict[str, Any]]:
    """An answer made of these events."""
    begun = {
        "id": f"resp_{number}",
        "object": "realtime.response",
        "status": "in_progress",
        "output": [],
    }
    done = {**begun, "status": status, "output": list(output)}
    return [
        {"type": "response.created", "response": begun},
        *events,
        {"type": "response.done", "response": done},
    ]


def called(number: int) -> list[dict[str, Any]]:
    """An answer that calls a function and says nothing."""
    item = {
        "id": f"item_{number}",
        "type": "function_call",
        "name": "get_weather",
        "call_id": "call_1",
        "arguments": "{}",
    }
    ids = {"response_id": f"resp_{number}", "output_index": 0}
    return answer(number, {"type": "response.output_item.done", **ids, "item": item}, output=[item])
