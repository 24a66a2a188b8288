"""Selects what a new connection gets of the conversation so far, as the items of
`conversation.item.create` (protocol.md 13.1).

Invariant: nothing is paraphrased. Every text of an item is a text of the conversation, except for
the two system notes in front, which say how many items were left out and which tools the service
ran.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from voicelive_tui.model.transcript.history import (
    NotCarried,
    NotCarriedReason,
    PastFunctionCall,
    PastItem,
    PastMessage,
    PastToolUse,
)

MOST_ITEMS: Final = 200
"""The most items that a new connection gets. Each is an event that the service confirms with
another, so that the person waits for about 60 kB in each direction, and no conversation by voice
refers to anything further back word for word."""
MOST_BYTES: Final = 48_000
"""The most text that a new connection gets, in bytes of UTF-8: about 12 000 tokens of English, and
16 000 of a language with three bytes a character. The smallest realtime models hold 32 000 tokens,
and every answer costs the whole history once more (protocol.md section 3)."""

_NOTES: Final = 2
_NOTE_BYTES: Final = 200
"""What the two notes take of the limits, without the lines about the tools."""
_LONGEST_ID: Final = 32
"""The longest id that OpenAI's service, whose protocol this is, accepts for an item or a call."""
_LEFT_OUT: Final = "The beginning of this conversation was left out. Items left out: "
_TOOLS_RUN: Final = "Tools that the service ran earlier in this conversation, in order:\n"

Item = Mapping[str, Any]
Carriable = PastMessage | PastFunctionCall | PastToolUse


@dataclass(frozen=True, slots=True)
class CarryOverLimits:
    """The most that is sent, the notes included. items: at least 2. size_bytes: of the texts in
    UTF-8, at least 200."""

    items: int = MOST_ITEMS
    size_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class CarriedItem:
    """An item to create. item: the wire's item with an id of the client. was: the id of the item as
    the transcript has it; empty for a note."""

    item: Item
    was: str = ""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What a new connection gets. carried: how many items of the transcript, those in the note
    about tools included. left_out: how many older ones exceed the limits. not_carried: how many
    cannot be told, by reason."""

    items: tuple[CarriedItem, ...] = ()
    carried: int = 0
    left_out: int = 0
    not_carried: Mapping[NotCarriedReason, int] = field(default_factory=dict)

    def record_fields(self) -> dict[str, Any]:
        """Return the fields of the record `console.carried_over`."""
        return {
            "carried": self.carried,
            "left_out": self.left_out,
            "not_carried": dict(self.not_carried),
            "items": [{"id": each.item["id"], "was": each.was} for each in self.items],
        }


def awaits_answer(history: Sequence[PastItem]) -> bool:
    """Return whether the conversation ends with something that the assistant has to answer. An
    answer of which nothing was heard is none."""
    for past in reversed(history):
        match past:
            case NotCarried(reason="not_heard"):
                continue
            case PastMessage(role="user") | PastFunctionCall():
                return True
            case _:
                return False
    return False


def carry_over(
    history: Iterable[PastItem], *, connection: int, limits: CarryOverLimits | None = None
) -> CarryOver:
    """Select the newest items of the conversation that the limits allow, in order.

    connection: the number of the new connection in its session, from 1; the items' ids hold it, so
    that they are unique in the session.
    """
    carriable: list[Carriable] = []
    not_carried: Counter[NotCarriedReason] = Counter()
    for past in history:
        if isinstance(past, NotCarried):
            not_carried[past.reason] += 1
        else:
            carriable.append(past)
    kept = _newest(carriable, limits or CarryOverLimits())
    left_out = len(carriable) - len(kept)
    contents = [*_notes(kept, left_out), *(each for past in kept for each in _contents(past))]
    items = tuple(
        CarriedItem({"id": f"carried_{connection}_{number}", **content}, was)
        for number, (content, was) in enumerate(contents, 1)
    )
    return CarryOver(items, len(kept), left_out, dict(not_carried))


def _newest(carriable: Sequence[Carriable], limits: CarryOverLimits) -> Sequence[Carriable]:
    items, size_bytes = limits.items - _NOTES, limits.size_bytes - _NOTE_BYTES
    for at in range(len(carriable) - 1, -1, -1):
        past = carriable[at]
        items -= _item_count(past)
        size_bytes -= _size_bytes(past)
        if items < 0 or size_bytes < 0:
            return carriable[at + 1 :]
    return carriable


def _item_count(past: Carriable) -> int:
    match past:
        case PastMessage():
            return 1
        case PastFunctionCall():
            return 2
        case PastToolUse():
            return 0


def _size_bytes(past: Carriable) -> int:
    match past:
        case PastMessage():
            texts = past.texts
        case PastFunctionCall():
            texts = (past.name, past.arguments, past.output)
        case PastToolUse():
            texts = (_tool_line(past),)
    return sum(len(text.encode("utf-8", "replace")) for text in texts)


def _notes(kept: Sequence[Carriable], left_out: int) -> Iterator[tuple[Item, str]]:
    if left_out:
        yield _message("system", "input_text", (f"{_LEFT_OUT}{left_out}.",)), ""
    lines = [_tool_line(past) for past in kept if isinstance(past, PastToolUse)]
    if lines:
        yield _message("system", "input_text", ("".join((_TOOLS_RUN, *lines)),)), ""


def _contents(past: Carriable) -> Iterator[tuple[Item, str]]:
    """Yield the items of the wire without their ids, each with the id of the past item."""
    match past:
        case PastMessage(role="assistant"):
            # The dated API names the content of an assistant's message `text`, and only `v1` has
            # `output_text` for it (protocol.md 13.1 and 17.1).
            status = "incomplete" if past.cut else "completed"
            yield {**_message("assistant", "text", past.texts), "status": status}, past.item_id
        case PastMessage():
            yield _message(past.role, "input_text", past.texts), past.item_id
        case PastFunctionCall():
            call_id = past.call_id[-_LONGEST_ID:]
            call = {"call_id": call_id, "name": past.name, "arguments": past.arguments}
            yield {"type": "function_call", **call}, past.item_id
            output = {"call_id": call_id, "output": past.output}
            yield {"type": "function_call_output", **output}, past.item_id


def _message(role: str, part_type: str, texts: Sequence[str]) -> Item:
    content = [{"type": part_type, "text": text} for text in texts]
    return {"type": "message", "role": role, "content": content}


def _tool_line(past: PastToolUse) -> str:
    return f"{past.kind} {past.text}\n"
