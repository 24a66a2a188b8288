"""The use of a tool: a function call, an MCP call or approval, or a search, in one line with
arguments, result and duration."""

from dataclasses import dataclass

from voicelive_tui.model.transcript.line import LineState, TranscriptLine


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
        text = self.name or self.kind.replace("_", " ")
        if self.arguments or self.kind in ("function_call", "mcp_call", "mcp_approval_request"):
            text += f"({self.arguments})"
        if self.output is not None:
            text += f" -> {self.output}"
        if self.called_s is not None and self.done_s is not None:
            text += f"  {max(0.0, self.done_s - self.called_s) * 1000:.0f} ms"
        return TranscriptLine(
            self.item_id, "tool", self.t_s, text, self.state, self.first_n, self.last_n
        )

    def finish(self, t_s: float, output: str | None, *, failed: bool = False) -> None:
        """Note the result. An empty output does not replace an earlier one."""
        self.output = output or self.output
        self.done_s = t_s if self.done_s is None else self.done_s
        self.state = "failed" if failed else "final"
