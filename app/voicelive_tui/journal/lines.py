"""The lines of events.jsonl: one line per frame, with the frame's audio stored elsewhere, so that
exactly the same frame can be restored.

    {"n":0,"t":0.012345,"dir":"sent","event":{...}}

`event` is the frame's own text, byte for byte, except that the base64 of its audio field is
replaced by a reference `{"$wav":"mic.wav","offset":44,"bytes":960,"ms":20}` ($wav is null when no
audio is recorded). These keys may stand before `event`:

* `"binary":true`: the frame was binary.
* `"inline":true`: nothing in the event is a reference.
* `"raw":"..."`: the text of the frame, without its audio. It is there when the text holds line
  breaks, and when it holds NaN or an infinity, which is null in `event`.

A malformed frame has no `event`, but `raw` or `raw_base64`.
"""

import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

from voicelive_common.json_text import MOST_LEVELS, JsonError, read_json

from voicelive_tui.model.events.audio_field import AUDIO_FIELD, audio_payload
from voicelive_tui.model.events.record import Direction, Record

DIRECTIONS: tuple[Direction, ...] = ("sent", "received", "local")
UTF8 = "utf-8"
_MAX_S = 2.0**40
_MAX_RECORDS = 2**32
_MAX_AUDIO_BYTES = 64 * 2**20
"""More than any frame can hold."""
_EVENT = ',"event":'
_BINARY = ',"binary":true'
_REFERENCE = json.JSONEncoder(separators=(",", ":"))
ANY_TEXT = "surrogatepass"
"""The error handler for text: JSON escapes may decode to lone surrogates, which must not stop the
journal."""


class LineError(ValueError):
    """The line holds no record; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The position of a frame's audio. file: None when the audio was not kept. length_ms: the
    duration in the format in use at that time."""

    file: str | None
    offset: int
    size_bytes: int
    length_ms: float

    def as_event(self) -> dict[str, Any]:
        """Return the JSON object that replaces the base64 in the event."""
        offset = {"offset": self.offset} if self.file else {}
        return {"$wav": self.file, **offset, "bytes": self.size_bytes, "ms": self.length_ms}


def dump_event(event: Mapping[str, Any]) -> str:
    """Return an event as one line of JSON, with null for infinities and NaN. Raises TypeError when
    the event holds a value that JSON cannot."""
    try:
        return json.dumps(event, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_without_infinities(event), separators=(",", ":"), allow_nan=False)


def _without_infinities(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return None
        case Mapping():
            return {name: _without_infinities(each) for name, each in value.items()}
        case list() | tuple():
            return [_without_infinities(each) for each in value]
        case _:
            return value


def split_at_audio(event: Mapping[str, Any], text: str, audio: bytes) -> tuple[str, str] | None:
    """Return the text before the base64 of the frame's audio and the text behind it, without the
    quotes around it; None when the frame could not be restored exactly from its audio: when the
    base64 is not canonical, or does not occur once in the text.

    audio: what the event's base64 decodes to by strict rules.
    """
    value = audio_payload(event)
    if not isinstance(value, str) or not _is_canonical(value, audio):
        return None
    quoted = f'"{value}"'
    before, found, behind = text.partition(quoted)
    return (before, behind) if found and quoted not in behind else None


def _is_canonical(value: str, audio: bytes) -> bool:
    # Strict base64 of the right length can be spelled in several ways only where its last letters
    # hold fewer than three bytes.
    rest = len(audio) % 3
    return len(value) == (len(audio) + 2) // 3 * 4 and (
        not rest or value[-4:] == _base64(audio[-rest:])
    )


def compose(
    n: int,
    t_s: float,
    direction: Direction,
    raw: str | bytes,
    event: Mapping[str, Any] | None,
    *,
    standard: bool = True,
) -> bytes:
    """Return the line, without its line end, of a frame whose audio stays in it, or of a malformed
    frame (event None).

    standard: the frame's text is valid JSON, without NaN and infinities.
    """
    text, flags = _as_text(raw)
    head = _line_start(n, t_s, direction) + flags
    if text is None:
        return f'{head},"raw_base64":"{_base64(cast(bytes, raw))}"}}'.encode()
    if event is None:
        return f'{head},"raw":{json.dumps(text)}}}'.encode()
    if '"$wav"' in text or isinstance(audio_payload(event), Mapping):
        head += ',"inline":true'
    return _close_line(head, text, event, standard)


def compose_spliced(
    n: int,
    t_s: float,
    direction: Direction,
    around: tuple[str, str],
    event: Mapping[str, Any],
    audio: Reference,
    *,
    binary: bool = False,
    standard: bool = True,
) -> tuple[bytes, dict[str, Any]]:
    """Return the line of a frame whose audio is stored elsewhere, and its event with the reference
    in place of the audio.

    around: the frame's text before the audio and behind it. binary: the frame was binary.
    """
    spliced = {**event, AUDIO_FIELD[str(event["type"])]: audio.as_event()}
    text = f"{around[0]}{_reference_text(audio)}{around[1]}"
    head = _line_start(n, t_s, direction) + (_BINARY if binary else "")
    return _close_line(head, text, spliced, standard), spliced


def _reference_text(reference: Reference) -> str:
    return _REFERENCE.encode(reference.as_event())


def _close_line(head: str, text: str, event: Mapping[str, Any], standard: bool) -> bytes:
    if not standard or "\n" in text or "\r" in text:
        head += f',"raw":{json.dumps(text)}'
        try:
            text = dump_event(event)
        except RecursionError:
            # Nested as deeply as the reader allows; `raw` has its text.
            text = dump_event({"type": str(event.get("type"))})
    return f'{head},"event":{text}}}'.encode(UTF8, ANY_TEXT)


def _line_start(n: int, t_s: float, direction: Direction) -> str:
    return f'{{"n":{n},"t":{t_s!r},"dir":"{direction}"'


def _as_text(raw: str | bytes) -> tuple[str | None, str]:
    if isinstance(raw, str):
        return raw, ""
    try:
        return raw.decode(UTF8), _BINARY
    except UnicodeDecodeError:
        return None, _BINARY


def parse_line(line: bytes) -> tuple[Record, Mapping[str, Any]]:
    """Return the record of a line and the whole line decoded. Raises LineError."""
    try:
        # The event is one level down in the line, and a frame that was readable live must be
        # readable here.
        whole = read_json(line.decode(UTF8, ANY_TEXT), most_levels=MOST_LEVELS + 1)
    except JsonError as error:
        raise LineError(f"it is {error}") from error
    except UnicodeDecodeError as error:
        raise LineError("it is not UTF-8 text") from error
    if not isinstance(whole, dict):
        raise LineError("it is not a JSON object")
    n, t_s, direction, event = whole.get("n"), whole.get("t"), whole.get("dir"), whole.get("event")
    if (
        not _is_number(n)
        or not isinstance(n, int)
        or not _is_number(t_s)
        or direction not in DIRECTIONS
    ):
        raise LineError("it has no number, time and direction")
    if not 0 <= n < _MAX_RECORDS:
        raise LineError("its number is out of range")
    if not abs(t_s) <= _MAX_S:  # also false for NaN
        raise LineError("its time is no time")
    return Record(
        n, float(t_s), direction, event if isinstance(event, dict) else {}, _malformed_text(whole)
    ), whole


def _malformed_text(whole: Mapping[str, Any]) -> str:
    """Return the text of a frame that is not valid JSON; empty when the line has a `raw` only
    because its text had line ends."""
    if "raw_base64" in whole:
        try:
            return binascii.a2b_base64(str(whole["raw_base64"])).decode(UTF8, "backslashreplace")
        except ValueError:
            return ""
    raw = whole.get("raw")
    if not isinstance(raw, str):
        return ""
    several_lines = isinstance(whole.get("event"), dict) and ("\n" in raw or "\r" in raw)
    return "" if several_lines and not ("NaN" in raw or "Infinity" in raw) else raw


def frame_parts(line: bytes) -> tuple[str | bytes, Reference | None, bool]:
    """Return a frame's text without its audio (or its bytes, if it was not text), the audio's
    reference, and whether the frame was binary. Raises LineError."""
    record, whole = parse_line(line)
    text = _frame_body(line, whole)
    return (
        text,
        None if whole.get("inline") else reference_of(record.event),
        bool(whole.get("binary")),
    )


def _frame_body(line: bytes, whole: Mapping[str, Any]) -> str | bytes:
    if "raw_base64" in whole:
        try:
            return binascii.a2b_base64(str(whole["raw_base64"]))
        except ValueError as error:
            raise LineError("its raw_base64 is not base64") from error
    if "raw" in whole:
        return str(whole["raw"])
    if [*whole][-1:] != ["event"]:
        # Another program wrote this line: the journal ends a line with the event, in the frame's
        # own spelling.
        return dump_event(whole["event"]) if isinstance(whole.get("event"), dict) else ""
    text = line.decode(UTF8, ANY_TEXT)
    return text[text.find(_EVENT) + len(_EVENT) : -1]


def frame_size(
    line: bytes, record: Record, whole: Mapping[str, Any], reference: Reference | None
) -> int:
    """Return the size of the frame on the wire in bytes; 0 for a local record. Raises LineError."""
    if record.dir == "local":
        return 0
    body = _frame_body(line, whole)
    size = len(body) if isinstance(body, bytes) else len(body.encode(UTF8, ANY_TEXT))
    if reference is None:
        return size
    # In a line that another program wrote, the reference may be spelled shorter than here.
    return max(0, size - len(_reference_text(reference)) + 2) + (reference.size_bytes + 2) // 3 * 4


def reference_of(event: Mapping[str, Any]) -> Reference | None:
    """Return the reference in the event's audio field; None when there is none."""
    value = audio_payload(event)
    if not isinstance(value, Mapping) or "$wav" not in value:
        return None
    file, offset, size, length = (value.get(name) for name in ("$wav", "offset", "bytes", "ms"))
    if (
        not (file is None or isinstance(file, str))
        or not isinstance(size, int)
        or not 0 <= size <= _MAX_AUDIO_BYTES
    ):
        return None
    length_ms = float(length) if _is_number(length) and 0 <= length < _MAX_S else 0.0
    return Reference(file, offset if isinstance(offset, int) else 0, size, length_ms)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def insert_audio(text: str, reference: Reference, audio: bytes) -> str:
    """Return the frame's text with its audio in place of the reference."""
    return text.replace(_reference_text(reference), f'"{_base64(audio)}"', 1)


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")
