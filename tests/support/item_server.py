"""A service that keeps the items of each connection, and refuses those that the API would refuse.

It shares no code with the simulator."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection

from tests.support.deadlines import DEADLINE_S
from tests.support.scripted_service import ScriptedService

LONGEST_ID = 32
PARTS = {
    "user": {"input_text", "input_audio", "input_image"},
    "system": {"input_text"},
    "assistant": {"text"},
}
CALL_FIELDS = {
    "function_call": ("name", "call_id", "arguments"),
    "function_call_output": ("call_id", "output"),
}


@dataclass
class ConnectionItems:
    """What one connection brought. items: the accepted ones in order. types: those of all events
    but audio. refused: why each refused item was refused."""

    items: list[dict[str, Any]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def show(self) -> list[str]:
        """Return a line for each item, such as `user: Hello`."""
        return [_line(item) for item in self.items]

    def problem(self, event: dict[str, Any]) -> str:
        """Return why the API refuses a `conversation.item.create`; empty if it does not."""
        item = event.get("item") or {}
        ids = [known["id"] for known in self.items]
        if "id" in item and not 0 < len(item["id"]) <= LONGEST_ID:
            return f"the id has {len(item['id'])} characters"
        if item.get("id") in ids:
            return "the id is taken"
        if event.get("previous_item_id") not in (None, "root", *ids):
            return "previous_item_id is unknown"
        return self._message_problem(item) if item.get("type") == "message" else self._call(item)

    def _message_problem(self, item: dict[str, Any]) -> str:
        accepted = PARTS.get(item.get("role", ""))
        parts = item.get("content")
        if accepted is None or not isinstance(parts, list) or not parts:
            return "a message needs a role and content"
        if item.get("status", "completed") not in ("completed", "incomplete"):
            return "the status is unknown"
        wrong = [part.get("type") for part in parts if part.get("type") not in accepted]
        empty = [part for part in parts if "text" in part and not isinstance(part["text"], str)]
        return f"{item['role']} takes no content {wrong}" if wrong else "no text" if empty else ""

    def _call(self, item: dict[str, Any]) -> str:
        fields = CALL_FIELDS.get(item.get("type", ""))
        if fields is None:
            return f"no item of type {item.get('type')}"
        if not all(isinstance(item.get(name), str) for name in fields):
            return f"{item['type']} needs {fields}"
        calls = [known["call_id"] for known in self.items if known["type"] == "function_call"]
        orphan = item["type"] == "function_call_output" and item["call_id"] not in calls
        return "its call is not in the conversation" if orphan else ""


class ItemServer(ScriptedService):
    """Records items by connection, confirms each, and ends the connection when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.connections: list[ConnectionItems] = []

    @property
    def last(self) -> ConnectionItems:
        """The newest connection."""
        return self.connections[-1]

    def add(self, item: Mapping[str, Any]) -> None:
        """Append an item of the service's own to the open connection, and announce it."""
        here = self.last
        previous = here.items[-1]["id"] if here.items else None
        here.items.append(dict(item))
        self.send({"type": "conversation.item.created", "previous_item_id": previous, "item": item})

    def end(self, code: int | None = None, reason: str = "") -> None:
        """Close the open connection with this code; None breaks it without a close frame."""
        asyncio.run_coroutine_threadsafe(self._end(code, reason), self._loop).result(DEADLINE_S)

    async def _end(self, code: int | None, reason: str) -> None:
        assert self._connection is not None
        if code is None:
            self._connection.transport.abort()
        else:
            await self._connection.close(code, reason)

    async def _serve(self, connection: ServerConnection) -> None:
        self.connections.append(ConnectionItems())
        await super()._serve(connection)

    async def _take(self, event: dict[str, Any]) -> None:
        here = self.last
        if event["type"] != "input_audio_buffer.append":
            here.types.append(event["type"])
        if event["type"] == "conversation.item.create":
            await self._create(here, event)
        await super()._take(event)

    async def _create(self, here: ConnectionItems, event: dict[str, Any]) -> None:
        problem = here.problem(event)
        if problem:
            here.refused.append(problem)
            error = {"type": "invalid_request_error", "message": problem}
            await self._send({"type": "error", "error": {**error, "event_id": event["event_id"]}})
            return
        number = f"{len(self.connections)}_{len(here.items)}"
        item = {"id": f"item_{number}", "status": "completed", **event["item"]}
        previous = here.items[-1]["id"] if here.items else None
        here.items.append(item)
        created = {"previous_item_id": previous, "item": item}
        await self._send({"type": "conversation.item.created", **created})


def _line(item: dict[str, Any]) -> str:
    match item["type"]:
        case "message":
            text = " | ".join(part.get("text", part["type"]) for part in item["content"])
            return f"{item['role']}: {text}"
        case "function_call":
            return f"call {item['call_id']}: {item['name']}({item['arguments']})"
        case _:
            return f"output {item['call_id']}: {item['output']}"
