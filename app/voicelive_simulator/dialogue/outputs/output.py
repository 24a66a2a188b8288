"""One item of a response's output while it is made: what messages, function calls and every other
kind have in common.

A Response takes its outputs one after the other, each from opening to closing:

1. Once `ready`: `response.output_item.added` with `item.shown()`, in the conversation
   `conversation.item.created` with the same, then what `opening` returns. The item takes its place
   in the conversation here.
2. Each of `steps` when it is due. `sent(step)` is told first, so that the item holds what the
   client has.
3. What `closing(whole)` returns, then `response.output_item.done` with `shown()`, which
   response.done repeats. `whole` is False for an output that was cut: cancelled, out of tokens,
   filtered, failed. An output that was never opened is never mentioned. One that then `continues`
   is an MCP call, whose output_item.done comes when it has run, after response.done.

Event dicts lack event_id, which the effect queue adds. `outputs.make_outputs` is where a new kind
is made.
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
    `audio_ms` are what they cost."""

    after_s: float
    events: tuple[JSON, ...]
    text: str = ""
    audio_ms: int = 0
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class OutputPosition:
    """Where in which response an item stands."""

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
    """See the module's docstring. `item` is what stands in the conversation; others may delete or
    truncate it meanwhile."""

    @property
    def item(self) -> Item: ...

    @property
    def ready(self) -> bool:
        """False while the content is still being made."""
        ...

    @property
    def announced(self) -> str:
        """What the announcement costs: text that the item has from its beginning."""
        ...

    @property
    def continues(self) -> bool:
        """Whether it was closed whole, and the service goes on with it after the response."""
        ...

    def opening(self) -> list[JSON]:
        """What follows the item's announcement."""
        ...

    def steps(self) -> Iterator[OutputStep]:
        """All there is to send, in order; `after_s` never falls."""
        ...

    def sent(self, step: OutputStep) -> None:
        """`step` leaves now."""
        ...

    def closing(self, *, whole: bool) -> list[JSON]:
        """The `.done` events before the item's own; sets the item's status."""
        ...

    def to_json(self) -> JSON:
        """The item with what was sent of it, also when it was truncated meanwhile."""
        ...
