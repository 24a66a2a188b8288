"""The MCP calls in progress: each runs for CALL_S after its response is done (protocol.md 15.7)."""

from __future__ import annotations

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.mcp_call import McpCallOutput
from voicelive_simulator.dialogue.state.effects import EffectQueue

CALL_S = 0.3


class McpCalls:
    """Sends the progress and the results of calls. A call that has begun runs to its end, whatever
    is said or cancelled meanwhile."""

    def __init__(self, effects: EffectQueue) -> None:
        self._effects = effects
        self._running: list[tuple[float, McpCallOutput, JSON]] = []

    @property
    def due_s(self) -> float | None:
        return self._running[0][0] if self._running else None

    def run(self, output: McpCallOutput, now_s: float) -> None:
        self._send(output, "response.mcp_call.in_progress")
        self._running.append(
            (now_s + CALL_S, output, output.target.call(output.item.wire["arguments"]))
        )

    def tick(self, now_s: float) -> None:
        """End the calls that are due and give their items `output` or `error`."""
        while self._running and self._running[0][0] <= now_s:
            _, output, result = self._running.pop(0)
            output.item.wire.update(result)
            self._send(
                output,
                "response.mcp_call.failed" if result["error"] else "response.mcp_call.completed",
            )
            self._effects.send(output.position.item_done(output.to_json()))

    def _send(self, output: McpCallOutput, kind: str) -> None:
        """Send an event of a call; these events name no response (protocol.md 5)."""
        position = output.position
        event: JSON = {
            "type": kind,
            "item_id": position.item_id,
            "output_index": position.output_index,
        }
        self._effects.send(event)
