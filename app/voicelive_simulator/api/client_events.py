"""The table of client events: their fields and the api-version that introduced each (protocol.md
4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicelive_simulator.api.errors import UNABLE, Refused, missing, quote
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    integer,
    names,
    nullable,
    record,
    text,
)

LONGEST_ID = 512
_STREAMED_TEXT, _GA_STREAMED_TEXT, _AVATAR = "2026-06-01", "2026-07-15", "2026-04-10"


def _unchecked(value: Any, _: str, __: Reading) -> Any:
    """Accept any value: the check for objects that are read later with a table of their own."""
    return value


_ITEM_ID = {"item_id": Field(text(), required=True)}
_CONTENT_INDEX = {"content_index": Field(nullable(integer(0)), 0, shown=True)}
# The id of a streamed text was introduced after the preview that introduced the event.
_TEXT_ID = Field(text(least=1, most=64), required=True)
CLIENT_EVENTS: Mapping[str, Mapping[str, Field]] = {
    "session.update": {"session": Field(_unchecked, required=True)},
    "input_audio_buffer.append": {"audio": Field(text(), required=True)},
    "input_audio_buffer.clear": {},
    "input_audio_buffer.commit": {},
    "conversation.item.create": {
        "previous_item_id": Field(nullable(text())),
        "item": Field(_unchecked, required=True),
    },
    "conversation.item.delete": _ITEM_ID,
    "conversation.item.retrieve": _ITEM_ID,
    "conversation.item.truncate": {
        **_ITEM_ID,
        "content_index": Field(integer(0), required=True),
        "audio_end_ms": Field(integer(0), required=True),
    },
    "response.create": {
        "response": Field(_unchecked),
        "additional_instructions": Field(nullable(text())),
    },
    "response.cancel": {"response_id": Field(nullable(text()))},
    "input_text.delta": {"id": _TEXT_ID, "delta": Field(text(), required=True), **_CONTENT_INDEX},
    "input_text.done": {"id": _TEXT_ID, **_CONTENT_INDEX},
    "output_audio_buffer.clear": {},
    "session.avatar.connect": {"client_sdp": Field(text(), required=True)},
}
_SINCE = {
    "input_text.delta": _STREAMED_TEXT,
    "input_text.done": _STREAMED_TEXT,
    "output_audio_buffer.clear": _AVATAR,
}

_SDK_ONLY = "is in the SDK's models but undocumented; the simulator does not guess what it does."
# Events that have no table because the simulator does not handle them, with the reason.
NOT_SIMULATED: Mapping[str, str] = {
    "input_audio.clear": _SDK_ONLY,
    "input_audio.turn.start": _SDK_ONLY,
    "input_audio.turn.append": _SDK_ONLY,
    "input_audio.turn.end": _SDK_ONLY,
    "input_audio.turn.cancel": _SDK_ONLY,
    "transcription_session.update": "has a helper in the SDK but is undocumented; use "
    "session.update.",
    "mcp_approval_response": "is no event: send conversation.item.create with an item of this "
    "type.",
    "rtc.call.sdp.create": "belongs to WebRTC, which the simulator does not have.",
}
_BY_KIND = {
    kind: record({"event_id": Field(nullable(text(most=LONGEST_ID))), **fields})
    for kind, fields in CLIENT_EVENTS.items()
}
_PREVIEW_TEXT = {
    kind: record(
        {
            "event_id": Field(nullable(text(most=LONGEST_ID))),
            **CLIENT_EVENTS[kind],
            "id": Field(nullable(text(most=64))),
        }
    )
    for kind in ("input_text.delta", "input_text.done")
}


def echoed_id(event: JSON) -> str | None:
    """The event_id to echo in an error about this event: None when it has none or too long a
    one."""
    event_id = event.get("event_id")
    return event_id if isinstance(event_id, str) and len(event_id) <= LONGEST_ID else None


def read_event(event: JSON, reading: Reading) -> JSON:
    """Check a client event and return its fields with their defaults, and `type`.

    Unknown fields are added to the reading. Raises Refused for an event without a table and for bad
    or missing fields.
    """
    kind = event.get("type")
    if kind is None:
        raise missing("type")
    if not isinstance(kind, str) or reading.api_date < _SINCE.get(kind, ""):
        raise _no_such_event(kind, reading)
    if kind in NOT_SIMULATED:
        raise Refused(
            f"{kind} {NOT_SIMULATED[kind]}", code="not_simulated", param="type", error_type=UNABLE
        )
    if kind not in CLIENT_EVENTS:
        raise _no_such_event(kind, reading)
    fields = {name: value for name, value in event.items() if name != "type"}
    tables = (
        _PREVIEW_TEXT
        if kind in _PREVIEW_TEXT and reading.api_date < _GA_STREAMED_TEXT
        else _BY_KIND
    )
    return {"type": kind, **tables[kind](fields, "", reading)}


def _no_such_event(kind: object, reading: Reading) -> Refused:
    known = [name for name in CLIENT_EVENTS if reading.api_date >= _SINCE.get(name, "")]
    return Refused(
        f"Invalid value: {quote(kind)}. Supported values are: {names(known)}.", param="type"
    )
