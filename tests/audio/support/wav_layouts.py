"""Hand-made WAV files, as careful and careless programs write them."""

import struct
from collections.abc import Iterable

UNKNOWN_SIZE = 0xFFFFFFFF


def chunk(name: bytes, body: bytes, *, size: int | None = None, pad: bool = True) -> bytes:
    """Return one chunk. size: the length that it claims. pad: whether a pad byte follows a body of
    odd length."""
    return (
        name
        + struct.pack("<I", len(body) if size is None else size)
        + body
        + b"\0" * (pad and len(body) & 1)
    )


def layout(
    tag: int, bits: int, *, channels: int = 1, rate_hz: int = 16_000, extra: bytes = b""
) -> bytes:
    """Return a format chunk."""
    frame = channels * bits // 8
    return chunk(
        b"fmt ",
        struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * frame, frame, bits) + extra,
    )


def riff(*chunks: bytes, size: int | None = None, kind: bytes = b"RIFF") -> bytes:
    """Return a file of these chunks."""
    body = b"".join(chunks)
    return (
        kind
        + struct.pack("<I", min(4 + len(body), UNKNOWN_SIZE) if size is None else size)
        + b"WAVE"
        + body
    )


def long_sizes(data_bytes: int, frames: int) -> bytes:
    """Return the chunk in which RF64 and BW64 files have their lengths."""
    return chunk(b"ds64", struct.pack("<QQQI", data_bytes + 100, data_bytes, frames, 0))


def subformat(tag: int, bits: int) -> bytes:
    """Return what WAVE_FORMAT_EXTENSIBLE adds to a format chunk."""
    return struct.pack("<HHIH", 22, bits, 4, tag) + bytes.fromhex("000000001000800000aa00389b71")


def pcm(values: Iterable[int], width_bytes: int) -> bytes:
    """Return 16-bit values as PCM of this width."""
    if width_bytes == 1:
        return bytes((value >> 8) + 128 for value in values)
    return b"".join(
        (value << 8 * (width_bytes - 2)).to_bytes(width_bytes, "little", signed=True)
        for value in values
    )
