"""Which event answers which: a request and its reply, the two ends of a response or of speech.

Pure functions of a journal's columns; the records of a few types around an event are read. Replies
name their request only in an error (`error.event_id`), or by the id of an item; the others come in
the order of their requests (protocol.md sections 4 and 5).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.events.record import Local, Record

REPLY_AFTER_S: Final = 5.0
"""Seconds after which a request that has no reply is said to have none."""
_WINDOW: Final = 20_000
"""Records before and after an event among which its pair is searched."""
_MOST_READ: Final = 40
"""Records of the right types that are read before and after it."""

REPLIES: Final[Mapping[str, str]] = {
    "conversation.item.create": "conversation.item.created",
    "conversation.item.delete": "conversation.item.deleted",
    "conversation.item.retrieve": "conversation.item.retrieved",
    "conversation.item.truncate": "conversation.item.truncated",
    "input_audio_buffer.clear": "input_audio_buffer.cleared",
    "input_audio_buffer.commit": "input_audio_buffer.committed",
    "output_audio_buffer.clear": "output_audio_buffer.cleared",
    "response.cancel": "response.done",
    "response.create": "response.created",
    "rtc.call.sdp.create": "rtc.call.sdp.created",
    "session.avatar.connect": "session.avatar.connecting",
    "session.update": "session.updated",
    "transcription_session.update": "transcription_session.updated",
}
"""The reply of each request, by canonical type."""
_ENDS: Final[Mapping[str, str]] = {
    "response.created": "response.done",
    "input_audio_buffer.speech_started": "input_audio_buffer.speech_stopped",
}
"""The end of what an event of the service begins."""
_REQUESTS: Final = {reply: request for request, reply in REPLIES.items()}
_BEGINNINGS: Final = {end: beginning for beginning, end in _ENDS.items()}


@dataclass(frozen=True, slots=True)
class _Family:
    """The records that may belong together: what opens a pair, what closes it, errors, and where a
    connection begins."""

    opening: str
    closing: str
    is_request: bool

    def includes(self, kind: Kind) -> bool:
        """Whether records of this kind are read."""
        name = canonical(kind.type_name)
        return (
            self.opens(kind.direction, name)
            or self.closes(kind.direction, name)
            or name == Local.CONNECTED
            or (name == "error" and self.is_request)
        )

    def opens(self, direction: str, name: str) -> bool:
        """Whether such a record opens a pair."""
        return name == self.opening and direction == ("sent" if self.is_request else "received")

    def closes(self, direction: str, name: str) -> bool:
        """Whether such a record closes a pair."""
        return name == self.closing and direction == "received"


def pair_of(index: EventIndex, n: int) -> int | None:
    """Return the number of the record that belongs to record n; None if there is none. Of a
    response that was asked for, the pair of `response.created` is its `response.done`."""
    kind = index.kind(n)
    name = canonical(kind.type_name)
    if kind.direction == "local":
        return None
    if name == "error":
        return _named_by_error(index, n)
    approval = _approval_pair(index, n, name)
    if approval is not None:
        return approval
    if kind.direction == "sent":
        return reply_of(index, n)
    if name in _ENDS:
        return _pairs(index, n, _Family(name, _ENDS[name], False)).get(n)
    if name in _BEGINNINGS:
        return _opening_of(index, n, _Family(_BEGINNINGS[name], name, False))
    return request_of(index, n)


def is_request(index: EventIndex, n: int) -> bool:
    """Return whether the service answers record n."""
    return index.direction(n) == "sent" and canonical(index.type_name(n)) in REPLIES


def reply_of(index: EventIndex, n: int) -> int | None:
    """Return the number of the record that answers the request n, which may be an error; None if
    there is none."""
    return _pairs(index, n, _request_family(index, n)).get(n) if is_request(index, n) else None


def is_unanswered(index: EventIndex, n: int) -> bool:
    """Return whether record n is a request without a reply. Of a request with so many others behind
    it that its reply may lie beyond what is read, this is not said."""
    if not is_request(index, n) or reply_of(index, n) is not None:
        return False
    later = _numbers_around(index, n, _request_family(index, n))[1]
    return len(later) <= _MOST_READ


def _request_family(index: EventIndex, n: int) -> _Family:
    name = canonical(index.type_name(n))
    return _Family(name, REPLIES[name], True)


def request_of(index: EventIndex, n: int) -> int | None:
    """Return the number of the request that record n answers; None for an event for which nobody
    asked."""
    name = canonical(index.type_name(n))
    if name == "error":
        return _named_by_error(index, n)
    if index.direction(n) != "received" or name not in _REQUESTS:
        return None
    return _opening_of(index, n, _Family(_REQUESTS[name], name, True))


def why_no_pair(index: EventIndex, n: int) -> str:
    """Return a sentence that says why record n has no pair."""
    kind = index.kind(n)
    name = canonical(kind.type_name)
    if kind.direction == "sent" and name in REPLIES:
        return "The service has not answered this event."
    if kind.direction == "sent":
        return "The service answers no event of this type."
    if name in _ENDS:
        return "Its end has not come."
    if name in _REQUESTS or name in _BEGINNINGS:
        return "Nobody asked for this event: the service sent it by itself."
    if name == "error":
        return "The error names no event that was sent."
    return "Events of this type stand alone: no request, no reply."


def _opening_of(index: EventIndex, n: int, family: _Family) -> int | None:
    pairs = _pairs(index, n, family)
    return next((opening for opening, closing in pairs.items() if closing == n), None)


def _pairs(index: EventIndex, n: int, family: _Family) -> dict[int, int]:
    """The pairs of one family around record n: closing record by opening record."""
    records = list(_records_around(index, n, family))
    refused = {_error_id(record): record.n for record in records if record.kind == "error"}
    pairs: dict[int, int] = {}
    open_records: list[Record] = []
    for record in records:
        if record.kind == Local.CONNECTED:
            open_records.clear()
        elif family.opens(record.dir, record.kind):
            event_id = get_str(record.event, "event_id")
            if family.is_request and event_id and refused.get(event_id, -1) > record.n:
                pairs[record.n] = refused[event_id]
            else:
                open_records.append(record)
        elif family.closes(record.dir, record.kind):
            for opening in open_records:
                if _belong_together(family, opening.event, record.event):
                    pairs[opening.n] = record.n
                    open_records.remove(opening)
                    break
    return pairs


def _records_around(index: EventIndex, n: int, family: _Family) -> Iterator[Record]:
    before, after = _numbers_around(index, n, family)
    return map(index.record, before[-_MOST_READ:] + after[:_MOST_READ])


def _numbers_around(index: EventIndex, n: int, family: _Family) -> tuple[list[int], list[int]]:
    """The records of the family before n, and those from n on, within the window."""
    first, end = max(0, n - _WINDOW), min(index.count, n + _WINDOW)
    table = bytes(family.includes(kind) for kind in index.kind_values()).ljust(256, b"\0")
    before = list(compress(range(first, n), index.kind_bytes(first, n).translate(table)))
    after = list(compress(range(n, end), index.kind_bytes(n, end).translate(table)))
    return before, after


def _belong_together(
    family: _Family, opening: Mapping[str, Any], closing: Mapping[str, Any]
) -> bool:
    """Whether the ids that both events name, if any, are the same."""
    match family.closing:
        case "conversation.item.created":
            return _is_item(get_object(opening, "item"), get_object(closing, "item"))
        case "conversation.item.retrieved":
            return get_str(opening, "item_id") == get_str(get_object(closing, "item"), "id")
        case "response.done":
            wanted = get_str(opening, "response_id") or get_str(
                get_object(opening, "response"), "id"
            )
            return not wanted or wanted == get_str(get_object(closing, "response"), "id")
        case _:
            return get_str(opening, "item_id") == get_str(closing, "item_id") or not (
                get_str(opening, "item_id")
            )


def _is_item(asked: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether the service made this item as it was asked to. Without an id of our own, type, role
    and call must be the same."""
    if get_str(asked, "id"):
        return get_str(asked, "id") == get_str(made, "id")
    return all(
        not asked.get(name) or asked.get(name) == made.get(name)
        for name in ("type", "role", "call_id", "approval_request_id")
    )


def _error_id(record: Record) -> str:
    return get_str(get_object(record.event, "error"), "event_id")


def _named_by_error(index: EventIndex, n: int) -> int | None:
    event_id = _error_id(index.record(n))
    if not event_id:
        return None
    needle = f'"{event_id}"'.lower().encode("utf-8", "surrogatepass")
    found = index.find(needle, max(0, n - _WINDOW), n)
    for number in list(found)[-_MOST_READ:][::-1]:
        is_sent = index.direction(number) == "sent"
        if is_sent and get_str(index.record(number).event, "event_id") == event_id:
            return number
    return None


def _approval_pair(index: EventIndex, n: int, name: str) -> int | None:
    """The answer to an MCP approval request, or the request of such an answer."""
    if name not in ("conversation.item.create", "conversation.item.created"):
        return None
    item = get_object(index.record(n).event, "item")
    family = _Family("conversation.item.create", "conversation.item.created", True)
    match get_str(item, "type"):
        case "mcp_approval_request":
            field, wanted, direction = "approval_request_id", get_str(item, "id"), "sent"
        case "mcp_approval_response" if name == "conversation.item.create":
            field, wanted, direction = "id", get_str(item, "approval_request_id"), "received"
        case _:
            return None
    for record in _records_around(index, n, family):
        named = get_str(get_object(record.event, "item"), field)
        if record.dir == direction and wanted and named == wanted:
            return record.n
    return None
