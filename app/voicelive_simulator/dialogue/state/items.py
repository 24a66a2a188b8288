"""The conversation's items in order, as the service shows them (protocol.md 13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from voicelive_simulator.api.errors import UNABLE, Refused, quote
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.sound.measurement import Measurement
from voicelive_simulator.sound.speech import Word

MOST_ITEMS = 2000
MOST_CHARS = 32 * 2**20  # of all items together


@dataclass(slots=True)
class Item:
    """One item. `wire` is its JSON as events show it.

    Of the assistant's audio it has `audio_ms`, the duration sent so far, and its words. Of the
    user's audio it has the measurement and `transcript`, the script's or the measured one, which
    the model knows even if no event shows it. A truncated item stays truncated, even while its
    response is still running. `approval_target` is the tool whose call an approval request is for,
    None once it was answered.
    """

    wire: JSON
    audio_ms: int = 0
    words: tuple[Word, ...] = ()
    measurement: Measurement | None = None
    transcript: str = ""
    spoken: bool = False
    truncated: bool = False
    approval_target: Target | None = None

    @property
    def id(self) -> str:
        return str(self.wire["id"])

    @property
    def role(self) -> str:
        return str(self.wire.get("role", ""))

    @property
    def chars(self) -> int:
        """The number of characters of text in the item."""
        parts = self.wire.get("content") or [self.wire]
        return sum(
            len(value) for part in parts for value in part.values() if isinstance(value, str)
        )

    def to_json(self) -> JSON:
        """A copy of the item's JSON: later changes must not affect an event that waits to be
        sent."""
        if "content" not in self.wire:
            return dict(self.wire)
        return {**self.wire, "content": [dict(part) for part in self.wire["content"]]}

    @property
    def text(self) -> str:
        """All text of the item, for replies and token counts."""
        if self.wire["type"] != "message":
            return str(self.wire.get("output") or self.wire.get("arguments") or "")
        if self.transcript:
            return self.transcript
        parts = self.wire["content"]
        return " ".join(str(part.get("text") or part.get("transcript") or "") for part in parts)


def message_json(item_id: str, role: str, content: list[JSON], status: str = "completed") -> JSON:
    """The JSON of a message."""
    wire = {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "status": status,
        "role": role,
    }
    return {**wire, "content": content}


class Items:
    """An ordered list of items with access by id. Methods raise Refused for unknown ids."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._items: dict[str, Item] = {}
        self._chars: dict[str, int] = {}
        self._reserved: set[str] = set()

    def __contains__(self, item_id: object) -> bool:
        """Whether the id is taken, by an item or by a future one."""
        return item_id in self._items or item_id in self._reserved

    def reserve(self, item_ids: Iterable[str]) -> None:
        """Reserve the ids of the service's future items, which a client may know already."""
        self._reserved.update(item_ids)

    def release(self, item_ids: Iterable[str]) -> None:
        """Release reserved ids: before their items are added, or when they will not be."""
        self._reserved.difference_update(item_ids)

    def holds(self, item: Item) -> bool:
        """Whether the item is in the conversation; False once it was deleted, even if another item
        has its id now."""
        return self._items.get(item.id) is item

    def in_order(self) -> list[Item]:
        return [self._items[i] for i in self._order]

    @property
    def last_id(self) -> str | None:
        return self._order[-1] if self._order else None

    def refuse_when_full(self, chars: int = 0) -> None:
        """Raise Refused when the conversation has no room for a client's item with `chars`
        characters of text. Items that follow from speech and responses are always added."""
        if len(self._order) >= MOST_ITEMS:
            message = f"The simulator keeps at most {MOST_ITEMS} items in a conversation."
            raise Refused(message, code="conversation_full", error_type=UNABLE)
        if chars and chars + sum(self._chars.values()) > MOST_CHARS:
            message = (
                f"The simulator keeps at most {MOST_CHARS // 2**20} million characters in a "
                "conversation."
            )
            raise Refused(message, code="conversation_full", error_type=UNABLE)

    def refuse_orphan_output(self, item: Item) -> None:
        """Raise Refused for the output of a call that is not in the conversation (protocol.md is
        silent; OpenAI refuses it like this)."""
        call_id = item.wire.get("call_id")
        calls = (
            other.wire for other in self._items.values() if other.wire["type"] == "function_call"
        )
        if item.wire["type"] == "function_call_output" and all(
            call["call_id"] != call_id for call in calls
        ):
            message = f"Tool call ID {quote(call_id)} not found in conversation."
            raise Refused(message, code="invalid_tool_call_id", param="item.call_id")

    def approval_request_for(self, item: Item) -> Item | None:
        """The open request that an approval answers, None for any other item. Raises Refused when
        there is no such request."""
        if item.wire["type"] != "mcp_approval_response":
            return None
        request_id, param = item.wire["approval_request_id"], "item.approval_request_id"
        request = self._items.get(request_id)
        if request is None or request.wire["type"] != "mcp_approval_request":
            raise Refused(f"There is no approval request with id {quote(request_id)}.", param=param)
        if request.approval_target is None:
            message = (
                f"The approval request {quote(request_id)} was answered already, or its "
                "response was cut."
            )
            raise Refused(message, param=param)
        return request

    def find(self, item_id: str, param: str = "item_id") -> Item:
        try:
            return self._items[item_id]
        except KeyError:
            raise Refused(
                f"Item with item_id {quote(item_id)} does not exist in the conversation.",
                param=param,
            ) from None

    def add(self, item: Item, previous_item_id: str | None = None) -> str | None:
        """Insert an item after `previous_item_id` ("root": at the front; None: at the end) and
        return the id before it."""
        if item.id in self:
            raise Refused(f"The id {quote(item.id)} is taken by another item.", param="item.id")
        at = len(self._order)
        if previous_item_id == "root":
            at = 0
        elif previous_item_id is not None:
            at = self._order.index(self.find(previous_item_id, "previous_item_id").id) + 1
        self._order.insert(at, item.id)
        self._items[item.id] = item
        self._chars[item.id] = item.chars
        return self._order[at - 1] if at else None

    def delete(self, item_id: str) -> None:
        self.find(item_id)
        self._order.remove(item_id)
        del self._items[item_id], self._chars[item_id]

    def truncate(
        self, item_id: str, content_index: int, audio_end_ms: int, appended: str = ""
    ) -> None:
        """Cut the transcript to the words that begin before `audio_end_ms`, and append `appended`
        to the rest."""
        item = self.find(item_id)
        if item.role != "assistant" or not item.spoken:
            raise Refused("Only model output audio messages can be truncated.", param="item_id")
        if content_index != 0:
            raise Refused(
                f"The item has no audio content at index {content_index}.", param="content_index"
            )
        if audio_end_ms > item.audio_ms:
            message = (
                f"Audio content of {item.audio_ms}ms is already shorter than {audio_end_ms}ms."
            )
            raise Refused(message, param="audio_end_ms")
        item.truncated = True
        item.audio_ms = audio_end_ms
        item.words = tuple(word for word in item.words if word.start_ms < audio_end_ms)
        item.wire["content"][0]["transcript"] = (
            "".join(word.text for word in item.words).rstrip() + appended
        )
