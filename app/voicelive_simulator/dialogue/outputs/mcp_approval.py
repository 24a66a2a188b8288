"""A call of an MCP tool that needs approval first, as an output: an mcp_approval_request
(protocol.md 15.7)."""

from __future__ import annotations

from collections.abc import Iterator

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.output import OutputPosition, OutputStep
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import Call


class McpApprovalOutput:
    """The output has no deltas: the item has all its arguments when it is announced. The client can
    answer it from then on, unless its response is cut off."""

    ready = True
    continues = False

    def __init__(self, position: OutputPosition, call: Call, target: Target) -> None:
        wire = {"id": position.item_id, "object": "realtime.item", "type": "mcp_approval_request"}
        self.item = Item(
            {
                **wire,
                "server_label": call.server_label,
                "name": call.name,
                "arguments": call.arguments,
            },
            approval_target=target,
        )
        self.announced = call.arguments

    def opening(self) -> list[JSON]:
        return []

    def steps(self) -> Iterator[OutputStep]:
        return iter(())

    def sent(self, step: OutputStep) -> None:
        raise AssertionError("there are no steps")

    def closing(self, *, whole: bool) -> list[JSON]:
        if not whole:
            self.item.approval_target = None
        return []

    def to_json(self) -> JSON:
        return self.item.to_json()
