"""Every fault by name, with its line of help, where it strikes, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voicelive_simulator.faults.params import (
    Choice,
    EventText,
    Hex,
    Integer,
    Json,
    Number,
    Param,
    Text,
)

Stage = Literal["handshake", "connection", "frame"]

MOST_MS = 3_600_000
MOST_FRAME_MB = 64.0
# RFC 6455 5.5: a control frame has at most 125 bytes, of which the code takes two.
LONGEST_REASON_BYTES = 123
ANY_DELTA = "*.delta"
AUDIO_DELTA = "response.audio.delta"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. `stage` is where it strikes: in a handshake, on a whole connection, or on an
    outgoing event. `on` and `times` are the defaults of a Fault."""

    name: str
    help: str
    stage: Stage
    params: Mapping[str, Param] = field(default_factory=dict)
    on: str = ""
    times: int = 1

    @property
    def keys(self) -> str:
        """The keys of the fault with their defaults in brackets: `status=400..599 [503],
        message=TEXT`."""
        own = [
            f"{name}={param.description}{_default_text(param.default)}"
            for name, param in self.params.items()
        ]
        return ", ".join(
            [
                *own,
                *([f"on=TYPE [{self.on}]"] if self.on else []),
                *([] if self.times else ["times=N [0]"]),
            ]
        )


def _default_text(default: object) -> str:
    match default:
        case None | "":
            return ""
        case float():
            return f" [{default:g}]"
        case dict() | list():
            return ""
        case _:
            return f" [{default}]"


def _for_ms() -> Integer:
    return Integer(0, 0, MOST_MS)


def _field(default: str = "") -> Text:
    return Text(default, 200, "PATH")


_HANDSHAKE = (
    Kind(
        "refuse",
        "answers the handshake with an HTTP error; 429 has a Retry-After",
        "handshake",
        {
            "status": Integer(503, 400, 599),
            "retry_after_s": Integer(None, 0, 86_400),
            "message": Text("", 500, "TEXT"),
        },
    ),
    Kind(
        "redirect",
        "redirects the handshake; without a location, to a path here that works",
        "handshake",
        {
            "status": Choice("307", ("301", "302", "303", "307", "308")),
            "location": Text("", 2000, "URL", ascii_only=True),
        },
    ),
    Kind(
        "hang",
        "never answers the handshake, or only after for_ms milliseconds",
        "handshake",
        {"for_ms": _for_ms()},
    ),
)
_CONNECTION = (
    Kind(
        "drop",
        "ends the TCP connection without a close frame: in order, reset, or within a frame",
        "connection",
        {"how": Choice("fin", ("fin", "rst", "half-frame"))},
    ),
    Kind(
        "close",
        "closes with any code, also a forbidden one; 1005: no code, 1006: no close frame",
        "connection",
        {"code": Integer(1011, 0, 65_535), "reason": Text("", LONGEST_REASON_BYTES, "TEXT")},
    ),
    Kind(
        "expire",
        "ends the session as its time limit does: closes with 1001 session_expired",
        "connection",
    ),
    Kind(
        "token-expiry",
        "expires the Entra token (a guess, undocumented): an error event, then a close",
        "connection",
        {
            "code": Integer(1008, 0, 65_535),
            "reason": Text("token_expired", LONGEST_REASON_BYTES, "TEXT"),
        },
    ),
    Kind(
        "stop-reading",
        "stops reading, for for_ms milliseconds or for ever, so that the client's sends stall",
        "connection",
        {"for_ms": _for_ms()},
        times=0,
    ),
    Kind(
        "stop-pongs",
        "answers no pings, for for_ms milliseconds or for ever; all else goes on",
        "connection",
        {"for_ms": _for_ms()},
        times=0,
    ),
    Kind(
        "slow-drip",
        "sends only bytes_per_s, a few at a time, for for_ms milliseconds or for ever",
        "connection",
        {"bytes_per_s": Integer(2000, 1, 10_000_000), "for_ms": _for_ms()},
        times=0,
    ),
    Kind(
        "keep-detecting",
        "accepts turn_detection null and yet detects turns, after 2000 ms of silence",
        "connection",
        times=0,
    ),
)
_TIMING = (
    Kind(
        "stall",
        "sends nothing for ms milliseconds, then goes on",
        "frame",
        {"ms": Integer(3000, 0, MOST_MS)},
    ),
    Kind(
        "jitter",
        "delays each event by up to ms milliseconds, drawn from the seed; in order",
        "frame",
        {"ms": Integer(200, 0, MOST_MS), "seed": Integer(0, 0, 2**63 - 1)},
        times=0,
    ),
)
_ENCODING = (
    Kind(
        "malformed-json",
        "breaks the JSON: cut short, a comma too many, NaN, two objects, nothing, or null",
        "frame",
        {"how": Choice("cut", ("cut", "comma", "nan", "two", "empty", "null"))},
    ),
    Kind(
        "bad-utf8",
        "puts bytes that are not UTF-8 into the text frame",
        "frame",
        {"hex": Hex("fffe", 1000)},
    ),
    Kind(
        "binary-frame",
        "sends the JSON in a binary frame, or random bytes in one before it",
        "frame",
        {
            "how": Choice("json", ("json", "random")),
            "size_bytes": Integer(256, 0, 2**20),
            "seed": Integer(0, 0, 2**63 - 1),
        },
    ),
    Kind(
        "fragments",
        "sends the event in several WebSocket fragments, which is allowed",
        "frame",
        {"pieces": Integer(3, 2, 1000)},
    ),
    Kind(
        "giant-frame",
        "pads the event to size_mb MiB, or first sends one of that size and of a given type",
        "frame",
        {"size_mb": Number(5.0, 0.0, MOST_FRAME_MB), "type": Text("", 200, "TYPE")},
    ),
)
_EVENTS = (
    Kind(
        "unknown-event",
        "sends an event of an unknown type before it, or any event given as JSON",
        "frame",
        {"type": Text("simulator.unknown_event", 200, "TYPE"), "json": EventText()},
    ),
    Kind(
        "missing-field",
        "leaves a field out (a dotted path, as in response.status), or all but the type",
        "frame",
        {"field": _field()},
    ),
    Kind(
        "surplus-field",
        "adds a field (a dotted path) that no documentation has",
        "frame",
        {"field": _field("surplus_field"), "value": Json({"nested": [1, None, "text"]})},
    ),
    Kind(
        "wrong-type",
        "gives a field (a dotted path), or all but the type, a value of another type",
        "frame",
        {"field": _field(), "value": Json(None)},
    ),
    Kind(
        "duplicate-delta",
        "sends a delta again, unchanged",
        "frame",
        {"copies": Integer(1, 1, 100)},
        on=ANY_DELTA,
    ),
    Kind(
        "late-delta",
        "holds a delta back until its response is done, or another event of it is sent",
        "frame",
        {"until": Text("response.done", 200, "TYPE")},
        on="response.*.delta",
    ),
    Kind("lost-delta", "never sends a delta", "frame", on=ANY_DELTA),
    Kind(
        "reordered-delta",
        "sends a delta after the one that follows it",
        "frame",
        on="response.*.delta",
    ),
    Kind(
        "truncated-base64",
        "cuts the base64 of a delta in the middle of a group of four",
        "frame",
        {"field": _field("delta")},
        on=AUDIO_DELTA,
    ),
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (*_HANDSHAKE, *_CONNECTION, *_TIMING, *_ENCODING, *_EVENTS)
}
