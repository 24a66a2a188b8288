"""The interface of one output item while it is produced, shared by messages, function calls and MCP
items.

A Response processes its outputs one after the other, each from opening to closing:

1. Once `ready`: `response.output_item.added` with `item.to_json()`, in the conversation
   `conversation.item.created` with the same, then what `opening` returns. Here the item gets its
   place in the conversation.
2. Each of `steps` when it is due. `sent(step)` is called first, so that the item holds what the
   client has.
3. What `closing(whole)` returns, then `response.output_item.done` with `to_json()`, which
   response.done repeats. `whole` is False for an output that was cut off: cancelled, out of tokens,
   filtered, failed. An output that was never opened is never mentioned. If the output then
   `continues`, it is an MCP call, whose output_item.done comes when it has run, after
   response.done.

Event dicts lack event_id, which the effect queue adds. A new kind of output is added in
`outputs.make_outputs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.sound.speech import Word

DELTAS_PER_S = (
    6.0  # of text and arguments, times Pacing.pace: six words a second are twice as fast as speech
)


@dataclass(frozen=True, slots=True)
class OutputStep:
    """Events that leave together, `after_s` seconds after the output's beginning. `text` and
    `audio_ms` are what counts as tokens."""

    after_s: float
    events: tuple[JSON, ...]
    text: str = ""
    audio_ms: int = 0
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class OutputPosition:
    """The position of an item in a response's output."""

    response_id: str
    item_id: str
    output_index: int

    def event(self, kind: str, **fields: object) -> JSON:
        position = {
            "response_id": self.response_id,
            "item_id": self.item_id,
            "output_index": self.output_index,
        }
        return {"type": kind, **position, **fields}

    def item_done(self, item: JSON) -> JSON:
        position = {"response_id": self.response_id, "output_index": self.output_index}
        return {"type": "response.output_item.done", **position, "item": item}


class Output(Protocol):
    """See the module's docstring. `item` is the item in the conversation; the client may delete or
    truncate it meanwhile."""

    @property
    def item(self) -> Item: ...

    @property
    def ready(self) -> bool:
        """Whether the content is complete enough to begin; False while the voice renders it."""
        ...

    @property
    def announced(self) -> str:
        """Text that the item has from its beginning, and that counts as tokens at its
        announcement."""
        ...

    @property
    def continues(self) -> bool:
        """Whether it was closed whole and the service goes on with it after the response."""
        ...

    def opening(self) -> list[JSON]:
        """The events that follow the item's announcement."""
        ...

    def steps(self) -> Iterator[OutputStep]:
        """All steps in order; `after_s` never decreases."""
        ...

    def sent(self, step: OutputStep) -> None:
        """Record that `step` is being sent."""
        ...

    def closing(self, *, whole: bool) -> list[JSON]:
        """Set the item's status and return the `.done` events that precede the item's own."""
        ...

    def to_json(self) -> JSON:
        """The item with everything that was sent of it, also when it was truncated meanwhile."""
        ...
