"""Finds the samples of a WAV file, even if its lengths are missing or wrong, and makes the header
that the file should have had.

libsndfile reads every encoding, but it believes what a header says. Streaming tools leave a length
of 0 or 0xFFFFFFFF, or that of the first piece, and some writers omit the pad byte after a chunk of
odd length.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from voicelive_common.wav import (
    ALAW,
    CHUNK_HEAD,
    FLOAT,
    FORMAT_BYTES,
    LARGEST_SIZE,
    PCM,
    ULAW,
    format_chunk,
    read_format,
    riff_header,
)

_PLAIN = frozenset((PCM, FLOAT, ALAW, ULAW))
"""The encodings in which every frame has the same size."""
_MOST_SIZE = 0xFFFF0000
_MOST_LAYOUT_BYTES = 4096
_MOST_CHUNKS = 1000
_SEARCHED_BYTES = 1 << 20
"""The distance, in bytes, within which the next chunk is searched after one with a wrong length; if
it is not there, the file cannot be read."""
_KNOWN = frozenset(
    (b"fmt ", b"data", b"LIST", b"fact", b"JUNK", b"PEAK", b"bext", b"cue ", b"id3 ")
)
"""Chunks that are recognized even if their length is wrong."""
_TAGS = (b"TAG", b"ID3", b"APETAGEX")
"""The beginnings of what players and taggers append after the last chunk."""


class RiffError(ValueError):
    """No samples can be found. The text says what is missing, without the file's name."""


class WavLayout(NamedTuple):
    """The body of the format chunk, and the position and size of the samples in the file, in
    bytes."""

    format_chunk: bytes
    data_at: int
    data_bytes: int


def is_riff(head: bytes) -> bool:
    """Whether a file with these first 12 bytes is a little-endian WAV file."""
    return head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE"


def find_samples(file: BinaryIO) -> WavLayout:
    """Find format and samples in a file for which `is_riff` is True. Raises RiffError, OSError."""
    size = file.seek(0, os.SEEK_END)
    layout = data = None
    long_size = 0
    for name, at, length in _chunks(file, size):
        if name == b"ds64" and not long_size:
            long_size = int.from_bytes(_read(file, at + 8, 8), "little")
        elif name == b"fmt " and layout is None:
            layout = _read(file, at, min(length, _MOST_LAYOUT_BYTES))
        elif name == b"data" and data is None:
            data = (at, long_size if length == LARGEST_SIZE and long_size else length)
        if layout is not None and data is not None:
            return WavLayout(_plain_format(layout), data[0], _data_bytes(file, *data, size))
    raise RiffError(f"it has no {'sound data' if layout is not None else 'format'} chunk")


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, offset of the body, stated length) of every chunk that can be found."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        head = _read(file, at, CHUNK_HEAD.size)
        if len(head) < CHUNK_HEAD.size:
            return
        name, length = CHUNK_HEAD.unpack(head)
        yield name, at + 8, length
        following = _next_chunk(file, at + 8, length, size)
        if following is None:
            return
        at = following


def _next_chunk(file: BinaryIO, at: int, length: int, size: int) -> int | None:
    """The offset of the next chunk, with or without a pad byte before it; if the length is wrong,
    that of the next chunk that is needed. None if there is none."""
    end = at + length
    offsets = (end + (length & 1), end)
    known = next((offset for offset in offsets if _read(file, offset, 4) in _KNOWN), None)
    if known is not None:
        return known
    for offset in offsets:
        if _is_chunk(file, offset, size):
            return offset
    searched = _read(file, at, _SEARCHED_BYTES)
    found = [offset for name in (b"fmt ", b"data") if (offset := searched.find(name)) >= 0]
    return at + min(found) if found else None


def _is_chunk(file: BinaryIO, at: int, size: int) -> bool:
    head = _read(file, at, CHUNK_HEAD.size)
    if len(head) < CHUNK_HEAD.size:
        return False
    name, length = CHUNK_HEAD.unpack(head)
    return name in _KNOWN or (all(32 <= each < 127 for each in name) and at + 8 + length <= size)


def _data_bytes(file: BinaryIO, at: int, stated: int, size: int) -> int:
    """The number of bytes that are samples: as stated if the bytes that follow confirm it, else all
    the rest of the file."""
    there = size - at
    if stated > there:
        return there
    end = at + stated
    follows = _read(file, end, 8)
    borne_out = (
        len(follows) <= (stated & 1)
        or follows.startswith(_TAGS)
        or any(_is_chunk(file, end + pad, size) for pad in (stated & 1, 0))
    )
    return stated if borne_out else there


def _plain_format(layout: bytes) -> bytes:
    """The format chunk in a form that libsndfile accepts: an extensible one made plain, with
    correct frame size and byte rate. Raises RiffError."""
    if len(layout) < FORMAT_BYTES:
        raise RiffError("its format chunk is cut short")
    tag, channels, rate_hz, _, frame_bytes, bits = read_format(layout)
    if tag not in _PLAIN:
        return layout
    width = -(-bits // 8)
    if channels and frame_bytes % channels == 0 and width < frame_bytes // channels <= 4:
        width = frame_bytes // channels  # such as 24 bits in 32
    frame_bytes = channels * width
    if not 0 < frame_bytes < 1 << 16 or rate_hz * frame_bytes >= 1 << 32:
        raise RiffError(f"it claims {channels} channels of {bits} bits at {rate_hz} Hz")
    return format_chunk(tag, channels, rate_hz, frame_bytes, 8 * width)


def true_header(layout: WavLayout) -> bytes:
    """The header that makes a WAV file of these samples when they follow it."""
    return riff_header(layout.format_chunk, min(layout.data_bytes, _MOST_SIZE))
