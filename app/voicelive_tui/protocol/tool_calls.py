"""Tool calls. The service runs the tools of MCP servers; this version runs no tools itself, and
tells the user why no answer follows.

See protocol.md 15.6 and 15.7.
"""

from collections.abc import Mapping
from typing import Any

from voicelive_common.redaction.quote import quote_line

from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.notice import Notice
from voicelive_tui.protocol.commands import Command

_LONGEST = 80
_TYPES = frozenset(
    {
        "response.mcp_call_arguments.done",
        "response.mcp_call.in_progress",
        "response.output_item.added",
        "response.output_item.done",
        "response.function_call_arguments.done",
        "conversation.item.created",
    }
)
"""The types of the events that concern a tool call; most events do not."""


class ToolCalls:
    """The tool calls of a session: each one that needs the user gives one notice, and those that
    the service runs are tracked until their result."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._once: set[str] = set()
        self._running: dict[str, str] = {}
        """The response id of each running MCP call by the call's item id, from its arguments until
        its result."""

    @property
    def running(self) -> bool:
        """Whether the service runs a tool, whose result is followed by a further answer."""
        return bool(self._running)

    def receive(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """Handle an event. Returns a notice for a function call or an approval request, and nothing
        for other events."""
        type_name = get_str(event, "type")
        if type_name not in _TYPES:
            return ()
        item = get_object(event, "item")
        match type_name, get_str(item, "type"):
            case "response.mcp_call_arguments.done" | "response.mcp_call.in_progress", _:
                self._running.setdefault(get_str(event, "item_id"), get_str(event, "response_id"))
            case "response.output_item.added", "function_call":
                self._names[get_str(item, "id")] = get_str(item, "name")
            case "response.output_item.done", "function_call":
                return self._called(get_str(item, "id"), get_str(item, "name"))
            case "response.function_call_arguments.done", _:
                return self._called(get_str(event, "item_id"), get_str(event, "name"))
            case "conversation.item.created", "mcp_approval_request":
                return self._approval(item)
        return ()

    def ran(self, event: Mapping[str, Any]) -> None:
        """Handle `response.mcp_call.completed` or `.failed`: the call has its result."""
        if self._running.pop(get_str(event, "item_id"), None) is None:
            # The result belongs to no known call. All calls are forgotten, so that the turn ends
            # too early rather than never.
            self._running.clear()

    def response_done(self, event: Mapping[str, Any]) -> None:
        """Handle `response.done`: the calls of a response that was cut off or failed do not run,
        and neither do calls without a response id."""
        response = get_object(event, "response")
        if get_str(response, "status") != "completed":
            ended = get_str(response, "id")
            self._running = {
                item: of_id for item, of_id in self._running.items() if of_id and of_id != ended
            }

    def _called(self, item_id: str, name: str) -> tuple[Command, ...]:
        if item_id in self._once:
            return ()
        self._once.add(item_id)
        name = quote_line(name or self._names.get(item_id, ""), _LONGEST) or "a function"
        return (
            Notice(
                "warning",
                f"The agent called {name}, but this version runs no tools, so no answer to it will "
                "follow.",
            ),
        )

    def _approval(self, item: Mapping[str, Any]) -> tuple[Command, ...]:
        item_id = get_str(item, "id")
        self._running.pop(item_id, None)
        if item_id in self._once:
            return ()
        self._once.add(item_id)
        tool, server = _name(item, "name") or "a tool", _name(item, "server_label") or "a server"
        asks = f"The agent asks to run {tool} on {server}, which this version cannot approve"
        return (Notice("warning", f'{asks}; set require_approval = "never" for that server.'),)


def _name(item: Mapping[str, Any], key: str) -> str:
    return quote_line(get_str(item, key), _LONGEST)
