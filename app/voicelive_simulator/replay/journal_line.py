"""Reads one line of a recorded session's events.jsonl, according to the README's description and
the lines themselves.

    {"n":0,"t":0.012345,"dir":"received","event":{...}}

`event` is the frame unchanged, except that its base64 audio is a reference `{"$wav":FILE or
null,"offset":BYTES,"bytes":COUNT,"ms":TIME}`, unless `"inline":true` precedes it. A frame of
several lines also has its text in `raw`, and so has one that breaks the rules of JSON but could be
read; there `event` has null for values that JSON does not have. A frame that is no JSON object has
only `raw` or `raw_base64`, and a binary one has `"binary":true`.
"""

from __future__ import annotations

import binascii
import json
import re
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

from voicelive_common.json_text import MOST_LEVELS, JsonError, check_json_bounds, refuse_constant

from voicelive_simulator.api.schema import JSON

Direction = Literal["sent", "received", "local"]
MALFORMED = "(no JSON object)"
APPEND = "input_audio_buffer.append"

_DIRECTIONS: dict[object, Direction] = {
    "sent": "sent",
    ">": "sent",
    "received": "received",
    "<": "received",
    "local": "local",
}
_HEAD = re.compile(
    r'\{"n":\d+,"t":[-+.\deE]+,"dir":"[a-z<>]+"(?:,"(?:binary|inline)":true)*,"event":'
)
_REFERENCE = re.compile(r'\{"\$wav":[^{}]*\}')
_LONGEST_S = 2.0**31
_MOST_BYTES = 64 * 2**20
"""Bytes of audio in one frame; no valid frame reaches this."""
# Accepts numbers with too many digits to be converted.
_LENIENT = json.JSONDecoder(strict=False, parse_int=len)


class LineError(ValueError):
    """A line that is not a record; the message is a short reason."""


@dataclass(frozen=True, slots=True)
class Audio:
    """The place of a frame's audio: `file` is None when it was not kept."""

    file: str | None
    offset: int
    size_bytes: int
    length_ms: float

    @property
    def end(self) -> int:
        """The offset in the file after the last byte."""
        return self.offset + self.size_bytes

    def joined(self, after: Audio) -> Audio | None:
        """This audio joined with the audio right after it in the same file; None for any other."""
        if self.file is None or (self.file, self.end) != (after.file, after.offset):
            return None
        return Audio(
            self.file,
            self.offset,
            self.size_bytes + after.size_bytes,
            self.length_ms + after.length_ms,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A frame or a local fact, `t_s` after the session's start. `text` is the frame with the
    reference in place of its audio, or bytes when it was not text. `event` is None for a frame that
    is not strictly a JSON object: such a frame is sent unchanged."""

    n: int
    t_s: float
    direction: Direction
    text: str | bytes
    event: JSON | None
    audio: Audio | None = None
    binary: bool = False

    @property
    def type(self) -> str:
        name = self.event.get("type") if self.event else None
        return name if isinstance(name, str) and name else MALFORMED

    def with_audio(self, text: str, audio: bytes) -> str:
        """Replace the reference in `text`, which is this line's with other ids, by the audio in
        base64."""
        payload = binascii.b2a_base64(audio, newline=False).decode("ascii")
        for found in _REFERENCE.finditer(text):
            if _reference(found[0]) == self.audio:
                return f'{text[: found.start()]}"{payload}"{text[found.end() :]}'
        return text


def read_line(raw: bytes) -> Line:
    """Read the record of one line without its line end. Raises LineError."""
    try:
        text = raw.decode()
        # The event is nested one level down.
        check_json_bounds(text, most_levels=MOST_LEVELS + 1)
        record, original = _decode(text)
    except UnicodeError as error:
        raise LineError("it is not UTF-8") from error
    except JsonError as error:
        raise LineError(f"it is {error}") from error
    except (ValueError, RecursionError) as error:
        raise LineError("it is not JSON") from error
    if not isinstance(record, dict):
        raise LineError("it is not a JSON object")
    n, t_s, direction = record.get("n"), record.get("t"), _DIRECTIONS.get(str(record.get("dir")))
    if (
        not _is_count(n)
        or isinstance(t_s, bool)
        or not isinstance(t_s, int | float)
        or direction is None
    ):
        raise LineError("it has no n, t and dir")
    if not 0 <= t_s < _LONGEST_S:
        raise LineError("its t is no time")
    event = record.get("event")
    if not isinstance(event, dict):
        event = None
    audio = (
        None
        if record.get("inline") or event is None
        else next(filter(None, map(_audio, event.values())), None)
    )
    if event is not None and "raw" in record and not _is_strict_json(str(record["raw"])):
        event = None
    return Line(
        n, float(t_s), direction, _text(record, original), event, audio, bool(record.get("binary"))
    )


def _decode(raw: str) -> tuple[Any, str | None]:
    """Return a line's value, and the frame's original text if the line has the console's format,
    with the event at its end."""
    if head := _HEAD.match(raw):
        original = raw[head.end() : -1]
        try:
            event = json.loads(original)
        except ValueError:
            return json.loads(raw), None  # more follows after the event
        return {**json.loads(f"{head[0]}null{raw[-1:]}"), "event": event}, original
    return json.loads(raw), None


def _is_strict_json(text: str) -> bool:
    """Whether the text is strict JSON. Raises LineError for a text from which no event can have
    been read."""
    try:
        check_json_bounds(text)
    except JsonError as error:
        raise LineError(f"its raw is {error}") from error
    try:
        json.loads(text, parse_constant=refuse_constant)
    except ValueError:
        try:
            _LENIENT.decode(text)
        except ValueError as error:
            raise LineError("its raw is not its event") from error
        return False
    return True


def _text(record: JSON, original: str | None) -> str | bytes:
    if "raw_base64" in record:
        try:
            return binascii.a2b_base64(str(record["raw_base64"]), strict_mode=True)
        except ValueError as error:
            raise LineError("its raw_base64 is no base64") from error
    if "raw" in record:
        return _raw_text(str(record["raw"]))
    if original is not None:
        return original
    if "event" not in record:
        raise LineError("it has neither event nor raw")
    # The line was written by another program, with other spacing or another order, so the frame's
    # original text is not known.
    return json.dumps(record["event"], separators=(",", ":"))


def _raw_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeError as error:
        raise LineError("it is not UTF-8") from error
    return text


def _reference(text: str) -> Audio | None:
    try:
        return _audio(json.loads(text))
    except ValueError:  # the text of `raw` need not agree with `event`
        return None


def _audio(value: object) -> Audio | None:
    if not isinstance(value, dict) or "$wav" not in value:
        return None
    file, offset, size, length = (
        value["$wav"],
        value.get("offset", 0),
        value.get("bytes"),
        value.get("ms", 0.0),
    )
    if not (file is None or isinstance(file, str)) or not _is_count(offset) or not _is_count(size):
        return None
    if size > _MOST_BYTES:
        return None
    # In every format a millisecond takes at least a byte.
    return Audio(
        file,
        offset,
        size,
        float(length) if isinstance(length, int | float) and 0 <= length <= size else 0.0,
    )


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
