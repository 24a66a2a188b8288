"""The steps by which an event is sent; the session's sender carries them out in order."""

from __future__ import annotations

import json
from dataclasses import dataclass

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.fault import Fault


@dataclass(frozen=True, slots=True)
class Message:
    """An event that is still to be encoded. `text` is its JSON in a recording."""

    event: JSON
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """A WebSocket message as bytes: a text or a binary frame, in `pieces` fragments. An `extra` one
    is not the event's own."""

    data: bytes
    text: bool = True
    pieces: int = 1
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Send everything that follows `delay_s` later."""

    delay_s: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold `body` back until an event of type `until` of the same response was sent, or until just
    before one of type `at_last`."""

    body: Message | Payload
    until: str
    at_last: str
    response_id: str | None


@dataclass(frozen=True, slots=True)
class ConnectionFault:
    """Carry out a fault of the connection. `data` is the message that the fault cuts in half."""

    fault: Fault
    data: bytes = b""


Body = Message | Payload
Step = Message | Payload | Wait | Hold | ConnectionFault


def encoded(body: Body) -> Payload:
    if isinstance(body, Payload):
        return body
    return Payload(encode(body.event) if body.text is None else body.text.encode())


def encode(event: JSON) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def response_id(event: JSON) -> str | None:
    """The id of the response to which an event belongs, None for other events."""
    response = event.get("response")
    value = response.get("id") if isinstance(response, dict) else event.get("response_id")
    return value if isinstance(value, str) else None
