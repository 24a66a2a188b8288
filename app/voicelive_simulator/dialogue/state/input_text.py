"""Text that a client streams into an item piece by piece: input_text.delta and .done (protocol.md
4).

The reference only names the events and their fields. Here the first delta with a new id opens a
text, content_index selects one of its parts (the next one when it is new), and done closes a part.
When all parts are closed the text becomes the user's message.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.items import Item, message_json

MOST_OPEN = 16
MOST_PARTS = 16
MOST_CHARS = 2**20  # of one text


@dataclass(slots=True)
class _Text:
    parts: list[list[str]] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    chars: int = 0


class InputTexts:
    """The incomplete texts of one session, bounded in number and length."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._open: dict[str, _Text] = {}

    def delta(self, item_id: str, content_index: int, delta: str) -> None:
        """Append a delta to a text. Raises Refused when there is no room, or when the part is
        closed or not the next one.

        An empty `item_id` stands for the only text of a client whose api-version has no ids here.
        """
        text = self._open.get(item_id, _Text())
        if item_id not in self._open and len(self._open) >= MOST_OPEN:
            raise Refused(
                f"At most {MOST_OPEN} input texts can be open; send input_text.done for one.",
                param="id",
            )
        if content_index in text.closed:
            raise Refused(
                f"The content part at index {content_index} is complete already.",
                param="content_index",
            )
        if content_index > len(text.parts) or content_index >= MOST_PARTS:
            message = (
                f"The next content part has index {len(text.parts)}, and an input text has "
                f"at most {MOST_PARTS}."
            )
            raise Refused(message, param="content_index")
        if text.chars + len(delta) > MOST_CHARS:
            raise Refused(f"An input text has at most {MOST_CHARS} characters.", param="delta")
        if content_index == len(text.parts):
            text.parts.append([])
        if delta:  # empty ones would accumulate without limit
            text.parts[content_index].append(delta)
        text.chars += len(delta)
        self._open[item_id] = text

    def done(self, item_id: str, content_index: int) -> Item | None:
        """Close a part. Return the complete message, or None while other parts are open. Raises
        Refused for a part that was never begun."""
        text = self._open.get(item_id)
        if text is None:
            raise Refused(
                f"No input text with id {quote(item_id)} is open; begin it with input_text.delta.",
                param="id",
            )
        if content_index >= len(text.parts) or content_index in text.closed:
            raise Refused(
                f"The input text has no open content part at index {content_index}.",
                param="content_index",
            )
        text.closed.add(content_index)
        if len(text.closed) < len(text.parts):
            return None
        del self._open[item_id]
        content: list[JSON] = [{"type": "input_text", "text": "".join(part)} for part in text.parts]
        return Item(message_json(item_id or self._ids.new("item"), "user", content))
