"""Encodes audio requests and messages as bytes: the framed protocol between the console and its
audio engine.

A stream begins with `PREAMBLE`, which names the version. Then frames follow: u32 length of the
rest, u8 kind, and the fields of that kind in their order: int s64, float f64, bool and Literal u8,
str and bytes u32 length and content, tuple u32 count and elements, dataclass its fields; what may
be None u8 whether there is a value, and then the value; all big-endian.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from voicelive_tui.audio.ipc import messages, requests
from voicelive_tui.model.sound_devices import Devices

PREAMBLE = b"VLAUDIO6"
MAX_FRAME_BYTES = 1 << 20
"""The largest frame, in bytes; longer audio is cut into several `PlayRequest`s."""

Message = messages.AudioMessage | Devices | requests.AudioRequest


class FrameError(ValueError):
    """The bytes are not a frame of this protocol, and the rest of the stream cannot be read."""


_LENGTH = struct.Struct(">I")
_HEAD = struct.Struct(">IB")
_INT = struct.Struct(">q")
_FLOAT = struct.Struct(">d")


class _Codec(NamedTuple):
    write: Callable[[bytearray, Any], None]
    read: Callable[[bytes, int], tuple[Any, int]]
    """(frame, offset) -> (value, offset behind it)"""


def _number(layout: struct.Struct) -> _Codec:
    def write(out: bytearray, value: float) -> None:
        out += layout.pack(value)

    def read(frame: bytes, offset: int) -> tuple[Any, int]:
        return layout.unpack_from(frame, offset)[0], offset + layout.size

    return _Codec(write, read)


def _choice(values: tuple[Any, ...]) -> _Codec:
    def write(out: bytearray, value: Any) -> None:
        out.append(values.index(value))

    def read(frame: bytes, offset: int) -> tuple[Any, int]:
        index = frame[offset]
        if index >= len(values):
            raise FrameError(f"choice {index} of {len(values)}")
        return values[index], offset + 1

    return _Codec(write, read)


def _write_bytes(out: bytearray, value: bytes) -> None:
    out += _LENGTH.pack(len(value))
    out += value


def _read_bytes(frame: bytes, offset: int) -> tuple[bytes, int]:
    (length,) = _LENGTH.unpack_from(frame, offset)
    start, end = offset + 4, offset + 4 + length
    if end > len(frame):
        raise FrameError(f"a field of {length} bytes in a frame of {len(frame)}")
    return frame[start:end], end


def _write_text(out: bytearray, value: str) -> None:
    _write_bytes(out, value.encode("utf-8", "surrogatepass"))


def _read_text(frame: bytes, offset: int) -> tuple[str, int]:
    raw, end = _read_bytes(frame, offset)
    return raw.decode("utf-8", "surrogatepass"), end


def _sequence(element: _Codec) -> _Codec:
    def write(out: bytearray, value: tuple[Any, ...]) -> None:
        out += _LENGTH.pack(len(value))
        for each in value:
            element.write(out, each)

    def read(frame: bytes, offset: int) -> tuple[Any, int]:
        (count,) = _LENGTH.unpack_from(frame, offset)
        if count > len(frame):
            raise FrameError(f"{count} elements in a frame of {len(frame)} bytes")
        offset += 4
        found = []
        for _ in range(count):
            value, offset = element.read(frame, offset)
            found.append(value)
        return tuple(found), offset

    return _Codec(write, read)


def _optional(element: _Codec) -> _Codec:
    def write(out: bytearray, value: Any) -> None:
        out.append(value is not None)
        if value is not None:
            element.write(out, value)

    def read(frame: bytes, offset: int) -> tuple[Any, int]:
        flag, offset = frame[offset], offset + 1
        if flag > 1:
            raise FrameError(f"{flag} tells whether there is a value")
        return element.read(frame, offset) if flag else (None, offset)

    return _Codec(write, read)


def _record(kind: type) -> _Codec:
    hints = get_type_hints(kind)
    codecs = tuple((each.name, _codec(hints[each.name])) for each in fields(kind))

    def write(out: bytearray, value: Any) -> None:
        for name, codec in codecs:
            codec.write(out, getattr(value, name))

    def read(frame: bytes, offset: int) -> tuple[Any, int]:
        values = []
        for _, codec in codecs:
            value, offset = codec.read(frame, offset)
            values.append(value)
        return kind(*values), offset

    return _Codec(write, read)


def _codec(hint: Any) -> _Codec:
    origin = get_origin(hint)
    if origin is Literal:
        return _choice(get_args(hint))
    if origin is tuple:
        return _sequence(_codec(get_args(hint)[0]))
    if origin is UnionType:
        return _optional(_codec(get_args(hint)[0]))
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    plain = {
        int: _number(_INT),
        float: _number(_FLOAT),
        bool: _choice((False, True)),
        str: _Codec(_write_text, _read_text),
        bytes: _Codec(_write_bytes, _read_bytes),
    }
    return plain[hint]


_KINDS: dict[int, type] = {
    1: messages.OpenRequest,
    2: requests.SetFormatsRequest,
    3: requests.PlayRequest,
    4: requests.EndRequest,
    5: requests.FlushRequest,
    6: requests.MuteRequest,
    7: requests.ListenRequest,
    8: requests.SpeakFileRequest,
    9: requests.ListDevicesRequest,
    10: requests.JoinRequest,
    11: requests.PingRequest,
    32: messages.Opened,
    33: messages.MicBlock,
    34: messages.Levels,
    35: messages.PlaybackStarted,
    36: messages.Flushed,
    37: messages.Drained,
    38: messages.Underrun,
    39: messages.InputEnded,
    40: messages.DeviceNotice,
    41: Devices,
    42: messages.MicSpeech,
    43: messages.PlayoutReport,
    44: messages.Pong,
    45: messages.Welcome,
    46: messages.MutedThere,
}
_NUMBERS = {kind: number for number, kind in _KINDS.items()}
_CODECS = {number: _record(kind) for number, kind in _KINDS.items()}


def encode(message: Message) -> bytes:
    """Encode a message as one frame. Raises ValueError if it is longer than `MAX_FRAME_BYTES`."""
    number = _NUMBERS[type(message)]
    out = bytearray(_HEAD.size)
    _CODECS[number].write(out, message)
    length = len(out) - 4
    if length > MAX_FRAME_BYTES:
        raise ValueError(f"{type(message).__name__} of {length} bytes does not fit into one frame")
    _HEAD.pack_into(out, 0, length, number)
    return bytes(out)


def decode(frame: bytes) -> Message:
    """Decode a frame without its length. Raises FrameError for anything that `encode` did not
    make."""
    codec = _CODECS.get(frame[0]) if frame else None
    if codec is None:
        raise FrameError(f"unknown frame kind {frame[0]}" if frame else "empty frame")
    try:
        message, end = codec.read(frame, 1)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise FrameError(f"frame of kind {frame[0]} is cut short or garbled ({error})") from error
    if end != len(frame):
        raise FrameError(f"frame of kind {frame[0]} has {len(frame) - end} bytes too many")
    return message  # type: ignore[no-any-return]


class FrameReader:
    """Decodes a stream of frames that arrives in pieces. After a FrameError the stream cannot be
    read any further.

    preamble_seen: whether the preamble was already read from the stream.
    """

    def __init__(self, *, preamble_seen: bool = False) -> None:
        self._buffer = bytearray()
        self._preamble_seen = preamble_seen

    def feed(self, data: bytes) -> Iterator[Message]:
        """Return every message that is complete with these bytes. Raises FrameError if they are not
        a stream of this protocol."""
        self._buffer += data
        if not self._preamble_seen and not self._read_preamble():
            return
        while len(self._buffer) >= 4:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes, the limit is {MAX_FRAME_BYTES}")
            if len(self._buffer) < 4 + length:
                return
            frame = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            yield decode(frame)

    def _read_preamble(self) -> bool:
        head = bytes(self._buffer[: len(PREAMBLE)])
        if not PREAMBLE.startswith(head):
            raise FrameError(
                f"the other side does not speak {PREAMBLE.decode()}; it began with {head!r}"
            )
        if len(head) < len(PREAMBLE):
            return False
        del self._buffer[: len(PREAMBLE)]
        self._preamble_seen = True
        return True
