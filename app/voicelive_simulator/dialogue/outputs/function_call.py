"""A call of a client's function as an output: its arguments are sent in deltas (protocol.md
15.6)."""

from __future__ import annotations

from collections.abc import Iterator

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.output import DELTAS_PER_S, OutputPosition, OutputStep
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.state.script import Pacing

_LEAST_DELTA_CHARS, _MOST_DELTAS = 12, 32


def argument_deltas(arguments: str) -> list[str]:
    """Split JSON text into deltas as a model sends them, regardless of its tokens: 12 characters
    each, or more when the text is long."""
    size = max(_LEAST_DELTA_CHARS, -(-len(arguments) // _MOST_DELTAS))
    return [arguments[at : at + size] for at in range(0, len(arguments), size)]


class FunctionOutput:
    """The item has its name and call_id from the beginning, and the arguments sent so far. The
    client runs the function."""

    ready = True
    announced = ""
    continues = False

    def __init__(
        self, position: OutputPosition, call_id: str, name: str, arguments: str, pacing: Pacing
    ) -> None:
        wire = {
            "id": position.item_id,
            "object": "realtime.item",
            "type": "function_call",
            "status": "in_progress",
        }
        self.item = Item({**wire, "name": name, "call_id": call_id, "arguments": ""})
        self._position = position
        self._arguments = arguments
        self._pacing = pacing

    def opening(self) -> list[JSON]:
        return []

    def steps(self) -> Iterator[OutputStep]:
        for n, delta in enumerate(argument_deltas(self._arguments)):
            event = self._event("response.function_call_arguments.delta", delta=delta)
            yield OutputStep(n / DELTAS_PER_S / self._pacing.pace, (event,), delta)

    def sent(self, step: OutputStep) -> None:
        self.item.wire["arguments"] += step.text

    def closing(self, *, whole: bool) -> list[JSON]:
        """OpenAI also sends the `.done` of the arguments for a call that was cut off, with the part
        that was sent; only the status shows the difference."""
        self.item.wire["status"] = "completed" if whole else "incomplete"
        wire = self.item.wire
        return [
            self._event(
                "response.function_call_arguments.done",
                name=wire["name"],
                arguments=wire["arguments"],
            )
        ]

    def to_json(self) -> JSON:
        return self.item.to_json()

    def _event(self, kind: str, **fields: object) -> JSON:
        return self._position.event(kind, call_id=self.item.wire["call_id"], **fields)
