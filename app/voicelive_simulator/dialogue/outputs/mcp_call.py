"""A call of an MCP tool as an output: its arguments are sent in deltas, like a function's
(protocol.md 15.7).

The call itself runs after response.done, and the item's output_item.done follows it: see
mcp_calls.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.function_call import argument_deltas
from voicelive_simulator.dialogue.outputs.output import DELTAS_PER_S, OutputPosition, OutputStep
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import Call, Pacing


class McpCallOutput:
    """The item has its label and name from the beginning, the arguments sent so far, and in the end
    `output` or `error`."""

    ready = True
    announced = ""

    def __init__(
        self,
        position: OutputPosition,
        call: Call,
        target: Target,
        pacing: Pacing,
        approved: str = "",
    ) -> None:
        """approved: the id of the approval request. The tokens of such a call were counted when
        approval was requested."""
        self.item = Item(
            {
                "id": position.item_id,
                "object": "realtime.item",
                "type": "mcp_call",
                "approval_request_id": approved or None,
                "server_label": call.server_label,
                "name": call.name,
                "arguments": "",
                "output": None,
                "error": None,
            }
        )
        self.position = position
        self.target = target
        self.continues = False
        self._arguments = call.arguments
        self._pacing = pacing
        self._counted_before = bool(approved)

    def opening(self) -> list[JSON]:
        return []

    def steps(self) -> Iterator[OutputStep]:
        for n, delta in enumerate(argument_deltas(self._arguments)):
            event = self.position.event("response.mcp_call_arguments.delta", delta=delta)
            yield OutputStep(
                n / DELTAS_PER_S / self._pacing.pace,
                (event,),
                "" if self._counted_before else delta,
            )

    def sent(self, step: OutputStep) -> None:
        self.item.wire["arguments"] += "".join(event["delta"] for event in step.events)

    def closing(self, *, whole: bool) -> list[JSON]:
        """End the call; one that was cut off does not run."""
        self.continues = whole
        if not whole:
            message = "The response ended before the call was complete, so it did not run."
            self.item.wire["error"] = {
                "type": "server_error",
                "code": "call_cut",
                "message": message,
            }
        return [
            self.position.event(
                "response.mcp_call_arguments.done", arguments=self.item.wire["arguments"]
            )
        ]

    def to_json(self) -> JSON:
        return self.item.to_json()
