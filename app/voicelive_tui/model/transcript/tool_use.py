"""The use of a tool: a function call, an MCP call or approval, or a search, in one line with
arguments, result and duration."""

from dataclasses import dataclass

from voicelive_tui.model.transcript.history import (
    NotCarried,
    PastFunctionCall,
    PastItem,
    PastToolUse,
)
from voicelive_tui.model.transcript.line import LineState, ToolCall, TranscriptLine


@dataclass(slots=True)
class ToolUse:
    """One call. called_s: when its arguments were complete. done_s: when its result came."""

    item_id: str
    t_s: float
    first_n: int
    last_n: int
    kind: str = ""
    name: str = ""
    arguments: str = ""
    call_id: str = ""
    output: str | None = None
    state: LineState = "partial"
    called_s: float | None = None
    done_s: float | None = None

    def line(self) -> TranscriptLine | None:
        """`get_weather({"city":"Oslo"}) -> 21 C  340 ms`."""
        text, took_ms = self._text(), None
        if self.called_s is not None and self.done_s is not None:
            took_ms = max(0.0, self.done_s - self.called_s) * 1000
            text += f"  {took_ms:.0f} ms"
        return TranscriptLine(
            self.item_id,
            "tool",
            self.t_s,
            text,
            self.state,
            self.first_n,
            self.last_n,
            call=ToolCall(
                self.kind, self._name(), self.arguments, self.output, took_ms, self.called_s
            ),
        )

    def past(self) -> PastItem | None:
        """Return the call as another connection is told it; None for a listing of tools, which
        every connection gets anew."""
        if self.kind == "mcp_list_tools":
            return None
        if self.kind != "function_call":
            failed = " (failed)" if self.state == "failed" and self.output is None else ""
            return PastToolUse(self.item_id, self.kind, self._text() + failed)
        if self.done_s is None:
            # Models refuse a history in which a call has no output, and protocol.md says nothing
            # of a service that would complete it.
            return NotCarried(self.item_id, "no_output")
        return PastFunctionCall(
            self.item_id, self.call_id, self.name, self.arguments, self.output or ""
        )

    def _text(self) -> str:
        text = self._name()
        if self.arguments or self.kind in ("function_call", "mcp_call", "mcp_approval_request"):
            text += f"({self.arguments})"
        return text if self.output is None else f"{text} -> {self.output}"

    def _name(self) -> str:
        return self.name or self.kind.replace("_", " ")

    def finish(self, t_s: float, output: str | None, *, failed: bool = False) -> None:
        """Note the result. An empty output does not replace an earlier one."""
        self.output = output or self.output
        self.done_s = t_s if self.done_s is None else self.done_s
        self.state = "failed" if failed else "final"
