"""Folds the events of tools into their lines: function calls, MCP servers with their calls and
approvals, agents and searches (protocol.md 15.6 and 15.7)."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.builder import TranscriptBuilder
from voicelive_tui.model.transcript.tool_use import ToolUse

TOOL_ITEMS: Final = frozenset(
    {
        "function_call",
        "mcp_call",
        "mcp_approval_request",
        "mcp_list_tools",
        "foundry_agent_call",
        "web_search_call",
        "file_search_call",
    }
)
_STEPS: Final = frozenset({"in_progress", "searching", "completed", "failed"})


class ToolFold:
    """Writes the uses of tools into the transcript."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self._builder = builder
        self._calls: dict[str, str] = {}

    def event(self, record: Record, kind: str) -> None:
        """Handle a received event if it is about a tool's work. kind: its canonical type."""
        head, _, step = kind.rpartition(".")
        if head.endswith("_call_arguments"):
            self._arguments(record, head.removeprefix("response.").removesuffix("_arguments"), step)
        elif step in _STEPS and (head == "mcp_list_tools" or head.endswith("_call")):
            self._step(record, head.removeprefix("response."), step)

    def item(self, record: Record, item: Mapping[str, Any], *, done: bool) -> None:
        """Handle a tool's item that the service announced or finished."""
        use = self._use(record, get_str(item, "id"), get_str(item, "type"))
        use.name = _name(item) or use.name
        use.arguments = (
            get_str(item, "arguments") or ", ".join(_strings(item, "queries")) or use.arguments
        )
        if get_str(item, "call_id"):
            use.call_id = get_str(item, "call_id")
            self._calls[use.call_id] = use.item_id
        if done and use.called_s is None:
            use.called_s = record.t_s
        self._result(record, use, item, done=done)

    def answered(self, record: Record, item: Mapping[str, Any]) -> bool:
        """Handle an item that answers a call or an approval request, from the client or announced
        by the service. Return whether it is such an item."""
        match get_str(item, "type"):
            case "function_call_output":
                key, output = self._calls.get(get_str(item, "call_id"), ""), get_str(item, "output")
            case "mcp_approval_response":
                key, output = (
                    get_str(item, "approval_request_id"),
                    "approved" if item.get("approve") else "refused",
                )
            case _:
                return False
        if isinstance(self._builder.get(key), ToolUse):
            self._builder.entry(record, key, ToolUse).finish(record.t_s, output)
        return True

    def connection_ended(self) -> None:
        """Forget the call ids of the ended connection, which another one may use again."""
        self._calls.clear()

    def _result(self, record: Record, use: ToolUse, item: Mapping[str, Any], *, done: bool) -> None:
        error = item.get("error")
        if error:
            use.finish(
                record.t_s,
                format_error(error)
                if isinstance(error, Mapping)
                else get_str(item, "error") or "failed",
                failed=True,
            )
        elif get_str(item, "output"):
            use.finish(record.t_s, get_str(item, "output"))
        elif (
            use.kind == "mcp_list_tools"
            and isinstance(item.get("tools"), list)
            and (done or item["tools"])
        ):
            use.finish(record.t_s, f"{len(item['tools'])} tools")
        elif (
            done
            and get_str(item, "status") in ("completed", "failed")
            and use.kind.endswith("search_call")
        ):
            use.finish(record.t_s, None, failed=get_str(item, "status") == "failed")

    def _arguments(self, record: Record, kind: str, step: str) -> None:
        use = self._use(record, get_str(record.event, "item_id"), kind)
        if step == "delta" and use.called_s is None:
            use.arguments += get_str(record.event, "delta")
        elif step == "done":
            use.arguments = get_str(record.event, "arguments") or use.arguments
            use.name = get_str(record.event, "name") or use.name
            use.called_s = record.t_s
            if get_str(record.event, "call_id"):
                use.call_id = get_str(record.event, "call_id")
                self._calls[use.call_id] = use.item_id

    def _step(self, record: Record, kind: str, step: str) -> None:
        use = self._use(record, get_str(record.event, "item_id"), kind)
        if step in ("completed", "failed"):
            use.finish(record.t_s, None, failed=step == "failed")
        elif use.called_s is None:
            use.called_s = record.t_s

    def _use(self, record: Record, item_id: str, kind: str) -> ToolUse:
        # A new connection lists the tools again: the items carried over to it are linked past that.
        use = self._builder.entry(record, item_id, ToolUse, is_note=kind == "mcp_list_tools")
        use.kind = use.kind or kind
        return use


def _name(item: Mapping[str, Any]) -> str:
    label, name = get_str(item, "server_label"), get_str(item, "name")
    if get_str(item, "type") == "mcp_list_tools":
        return f"tools of {label}" if label else ""
    return f"{label}.{name}" if label and name else name


def _strings(item: Mapping[str, Any], name: str) -> list[str]:
    value = item.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
