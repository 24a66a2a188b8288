"""Frames and events: JSON text on the wire, mappings inside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from voicelive_tui.model.json_text import JsonError, read_json

_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Malformed:
    """A frame that is no event; `reason` is one phrase that can follow "the frame ..."."""

    reason: str


class EncodeError(ValueError):
    """An event that JSON cannot carry; the text is one sentence with the cure."""


class EventIds:
    """Ids for client events, unique in a session, so that an `error` can name the event it refuses (protocol.md section 4)."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def next(self) -> str:
        """The next id."""
        self._count += 1
        return f"{self._prefix}_{self._count}"


def decode(frame: str | bytes) -> dict[str, Any] | Malformed:
    """The event in a frame, text or binary (the service is known to take both), or why it is none."""
    if isinstance(frame, bytes):
        try:
            frame = frame.decode("utf-8")
        except UnicodeDecodeError:
            return Malformed("is not UTF-8 text")
    try:
        event = read_json(frame, parse_constant=_refuse_constant)
    except JsonError as error:
        return Malformed(f"is {error}")
    if not isinstance(event, dict):
        return Malformed("is not a JSON object")
    kind = event.get("type")
    if not isinstance(kind, str) or not kind:
        return Malformed("has no type")
    return event


def encode(event: Mapping[str, Any]) -> str:
    """The text frame of an event.

    Raises EncodeError for what TOML knows and JSON does not: dates, times, nan and inf.
    """
    try:
        return _ENCODER.encode(event)
    except (TypeError, ValueError):
        text = "The session settings hold a value JSON cannot carry (a date, a time, nan or inf); write it as a string."
        raise EncodeError(text) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
