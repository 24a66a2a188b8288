"""Tool calls, which this version shows and does not run: the person must know why no answer follows (protocol.md 15.6, 15.7)."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.protocol.commands import Command, Notice


class ToolCalls:
    """Names of the calls under way, so that each is told of once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._told: set[str] = set()

    def receive(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """A sentence for a function call or an approval request; nothing for other events."""
        item = event.get("item")
        item = item if isinstance(item, Mapping) else {}
        match event.get("type"), item.get("type"):
            case "response.output_item.added", "function_call":
                self._names[str(item.get("id"))] = str(item.get("name") or "")
            case "response.output_item.done", "function_call":
                return self._called(str(item.get("id")), str(item.get("name") or ""))
            case "response.function_call_arguments.done", _:
                return self._called(str(event.get("item_id")), str(event.get("name") or ""))
            case "conversation.item.created", "mcp_approval_request":
                return self._approval(item)
        return ()

    def _called(self, item_id: str, name: str) -> tuple[Command, ...]:
        if item_id in self._told:
            return ()
        self._told.add(item_id)
        name = name or self._names.get(item_id) or "a function"
        return (Notice("warning", f"The agent called {name}, but this version runs no tools, so no answer to it will follow."),)

    def _approval(self, item: Mapping[str, Any]) -> tuple[Command, ...]:
        item_id = str(item.get("id"))
        if item_id in self._told:
            return ()
        self._told.add(item_id)
        tool, server = item.get("name") or "a tool", item.get("server_label") or "a server"
        text = f"The agent asks to run {tool} on {server}, which this version cannot approve"
        return (Notice("warning", f'{text}; set require_approval = "never" for that server.'),)
