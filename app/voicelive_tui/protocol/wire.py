"""Frames and events: JSON text on the wire, mappings inside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicelive_common.json_text import JsonError, NotJson, read_json, refuse_constant

from voicelive_tui.model.events.malformed import ending_type

_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Malformed:
    """A frame that is not a valid event. reason: a phrase that can follow "the frame ...".

    event: the event that can still be read in it, with null for every value that JSON does not
    have; empty if there is none. ends: the event type that a frame without a readable event would
    have ended (`model/events/malformed.py`), or empty.
    """

    reason: str
    event: Mapping[str, Any] = field(default_factory=dict)
    ends: str = ""

    @property
    def understood(self) -> Mapping[str, Any]:
        """The known part of the event; empty if nothing is known."""
        return self.event or ({"type": self.ends} if self.ends else {})


class EncodeError(ValueError):
    """An event that JSON cannot express. The text is one sentence with the cure."""


class EventIds:
    """Makes ids for client events, unique in a session, so that an `error` can name the event that
    it refuses (protocol.md section 4)."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def next(self) -> str:
        """Return the next id."""
        self._count += 1
        return f"{self._prefix}_{self._count}"


def decode(frame: str | bytes) -> dict[str, Any] | Malformed:
    """Decode the event in a text or binary frame (the service is known to accept both), or describe
    what is wrong with the frame."""
    try:
        text = frame if isinstance(frame, str) else frame.decode("utf-8")
    except UnicodeDecodeError as error:
        return Malformed(
            "is not UTF-8 text", ends=ending_type(error.object.decode("utf-8", "replace"))
        )
    try:
        return _event(read_json(text, parse_constant=refuse_constant))
    except NotJson:
        return _decode_leniently(text)
    except JsonError as error:
        return Malformed(f"is {error}", ends=ending_type(text))


def _decode_leniently(frame: str) -> Malformed:
    """Decode a frame that holds values that JSON does not have. Otherwise one such value would hide
    an event, and the answer that the event ends would never end.

    frame: a text within the bounds of `read_json`.
    """
    try:
        found = _event(_LENIENT.decode(frame))
    except (ValueError, RecursionError):
        return Malformed("is not JSON", ends=ending_type(frame))
    return (
        found
        if isinstance(found, Malformed)
        else Malformed("holds what JSON does not allow, such as NaN", event=found)
    )


def _event(found: object) -> dict[str, Any] | Malformed:
    if not isinstance(found, dict):
        return Malformed("is not a JSON object")
    kind = found.get("type")
    return found if isinstance(kind, str) and kind else Malformed("has no type")


def _whole_number(digits: str) -> int | None:
    try:
        return int(digits)
    except ValueError:
        # A number with more digits than Python reads in a reasonable time.
        return None


def encode(event: Mapping[str, Any]) -> str:
    """Encode an event as a text frame. Raises EncodeError for values that TOML has and JSON does
    not: dates, times, nan and inf.
    """
    try:
        return _ENCODER.encode(event)
    except (TypeError, ValueError):
        text = (
            "The session settings hold a value JSON cannot carry (a date, a time, nan or inf); "
            "write it as a string."
        )
        raise EncodeError(text) from None


_LENIENT = json.JSONDecoder(parse_constant=lambda name: None, parse_int=_whole_number, strict=False)
