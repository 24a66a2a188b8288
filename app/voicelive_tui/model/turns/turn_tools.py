"""The tools that each turn called, written into the turns: functions, MCP servers with their
approvals, agents and searches (protocol.md 15.6 and 15.7)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from voicelive_tui.model.events.fields import get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.turns.builder import TurnsBuilder
from voicelive_tui.model.turns.tool_span import ToolSpan
from voicelive_tui.model.turns.turn import MOST_STEPS

_APPROVAL: Final = "mcp_approval_request"
_WITH_ARGUMENTS: Final = ("function_call", "mcp_call", "foundry_agent_call")
_CALLS: Final = (*_WITH_ARGUMENTS, "web_search_call", "file_search_call")
_ITEMS: Final = frozenset((*_CALLS, _APPROVAL))
_ENDS: Final = ("completed", "failed")
_STEPS: Final = ("in_progress", "searching", *_ENDS)
TOOL_EVENTS: Final = frozenset(
    {f"response.{call}_arguments.done" for call in _WITH_ARGUMENTS}
    | {f"response.{call}.{step}" for call in _CALLS for step in _STEPS}
)
"""The types of the events that tell of a tool's work."""


class TurnTools:
    """Begins and ends the spans of tools. A call is known by its item's id; the output of a
    function names its call id instead."""

    def __init__(self, turns: TurnsBuilder) -> None:
        self._turns = turns
        self._names: dict[str, str] = {}
        self._places: dict[str, tuple[int, int]] = {}
        """The turn of each call and its place among that turn's tools, by the item's id."""
        self._items: dict[str, str] = {}
        """The item's id by call id."""

    def connection_ended(self) -> None:
        """Forget the call ids of the ended connection, which another one may use again."""
        self._items.clear()

    def event(self, record: Record, turn: int | None) -> None:
        """Handle an event of one of the types in `TOOL_EVENTS`. turn: the one that it belongs
        to."""
        item_id = get_str(record.event, "item_id")
        head, _, step = record.kind.removeprefix("response.").rpartition(".")
        self._note(record.event, item_id)
        if step in _ENDS:
            self._end(item_id, record.t_s, failed=step == "failed")
        else:
            self._begin(record.t_s, item_id, head.removesuffix("_arguments"), turn)

    def item(self, record: Record, item: Mapping[str, Any], turn: int | None) -> None:
        """Handle an item that the service announced or finished, or that answers a call."""
        kind, item_id = get_str(item, "type"), get_str(item, "id")
        if kind not in _ITEMS:
            self.answered(record, item)
            return
        self._note(item, item_id)
        finished = record.kind == "response.output_item.done"
        if kind == _APPROVAL or (finished and get_str(item, "status") != "incomplete"):
            self._begin(record.t_s, item_id, kind, turn)
        if item.get("error") or get_str(item, "output"):
            self._end(item_id, record.t_s, failed=bool(item.get("error")))
        elif finished and kind.endswith("search_call") and get_str(item, "status") in _ENDS:
            self._end(item_id, record.t_s, failed=get_str(item, "status") == "failed")

    def answered(self, record: Record, item: Mapping[str, Any]) -> None:
        """Handle an item from the client or the service that may answer a call or a request to
        approve one."""
        match get_str(item, "type"):
            case "function_call_output":
                self._end(self._items.get(get_str(item, "call_id"), ""), record.t_s)
            case "mcp_approval_response":
                self._end(get_str(item, "approval_request_id"), record.t_s)

    def _note(self, named: Mapping[str, Any], item_id: str) -> None:
        """Keep what an event or an item says of a call: its name and its call id."""
        label, name = get_str(named, "server_label"), get_str(named, "name")
        if name and item_id:
            self._names[item_id] = f"{label}.{name}" if label else name
        if call_id := get_str(named, "call_id"):
            self._items[call_id] = item_id

    def _begin(self, t_s: float, item_id: str, kind: str, turn: int | None) -> None:
        if turn is None or item_id in self._places:
            return
        tools = self._turns[turn].tools
        if not item_id or len(tools) >= MOST_STEPS:
            return
        name = self._names.get(item_id) or kind.replace("_", " ")
        self._places[item_id] = turn, len(tools)
        span = ToolSpan(name, t_s, approval=kind == _APPROVAL)
        self._turns.change(turn, tools=(*tools, span))

    def _end(self, item_id: str, t_s: float, *, failed: bool = False) -> None:
        """End a span; a second end of it changes nothing but a failure."""
        turn, place = self._places.get(item_id, (None, 0))
        tools = () if turn is None or turn >= len(self._turns) else self._turns[turn].tools
        if turn is None or place >= len(tools):
            # The turn was removed since: its speech was cleared, and asked nothing.
            return
        span = tools[place]
        ended_s = t_s if span.ended_s is None else span.ended_s
        span = replace(span, ended_s=ended_s, failed=span.failed or failed)
        self._turns.change(turn, tools=(*tools[:place], span, *tools[place + 1 :]))
