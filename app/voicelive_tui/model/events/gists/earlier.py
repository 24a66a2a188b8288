"""What a gist may ask about the events before the one that it describes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.events.record import Record

NO_ITEM: Final[Mapping[str, Any]] = {}
_ITEM_TYPES: Final = (
    "response.output_item.done",
    "response.output_item.added",
    "conversation.item.created",
    "conversation.item.done",
    "conversation.item.retrieved",
    "conversation.item.create",
)


@dataclass(frozen=True, slots=True)
class Run:
    """The events of one type since something: their number, and their audio in milliseconds."""

    count: int = 0
    audio_ms: float = 0.0


class EarlierEvents(Protocol):
    """The events before one event. Each call costs little, whatever their number."""

    def before(self, *type_names: str) -> Iterator[Record]:
        """Yield the events of these types, the newest first, up to a limit."""

    def at(self, record: Record) -> "EarlierEvents":
        """Return the events before an earlier one."""

    def run(self, type_name: str, *ends: str) -> Run:
        """Return the events of a type since the newest event of the types `ends`."""

    def elapsed_ms(self, record: Record) -> float:
        """Return the milliseconds from an earlier event to this one."""

    def sent(self, event_id: str) -> Record | None:
        """Return the newest event with this id that was sent; None when there is none near."""

    def time_of_sound_s(self, audio_ms: float) -> float | None:
        """Return the time, in seconds since the session's start, at which this position in the
        audio of the connection was sent; None when that is unknown."""


class _NoEarlierEvents:
    def before(self, *type_names: str) -> Iterator[Record]:
        return iter(())

    def at(self, record: Record) -> EarlierEvents:
        return self

    def run(self, type_name: str, *ends: str) -> Run:
        return Run()

    def elapsed_ms(self, record: Record) -> float:
        return 0.0

    def sent(self, event_id: str) -> Record | None:
        return None

    def time_of_sound_s(self, audio_ms: float) -> float | None:
        return None


NO_EARLIER_EVENTS: Final[EarlierEvents] = _NoEarlierEvents()
"""For an event that is described by itself."""


def find_event(earlier: EarlierEvents, type_name: str, name: str, value: str) -> Record | None:
    """Return the newest event of a type whose field has this value; None for an empty value."""
    for record in earlier.before(type_name) if value else ():
        if get_str(record.event, name) == value:
            return record
    return None


def find_item(earlier: EarlierEvents, item_id: str) -> Mapping[str, Any]:
    """Return the item with this id as it was seen last; an empty one when there is none near."""
    for record in earlier.before(*_ITEM_TYPES) if item_id else ():
        item = get_object(record.event, "item")
        if get_str(item, "id") == item_id:
            return item
    return NO_ITEM


def find_call(earlier: EarlierEvents, call_id: str) -> Mapping[str, Any]:
    """Return the item of the function call with this id; an empty one when there is none near."""
    for record in earlier.before(*_ITEM_TYPES) if call_id else ():
        item = get_object(record.event, "item")
        if get_str(item, "call_id") == call_id and get_str(item, "name"):
            return item
    return NO_ITEM
