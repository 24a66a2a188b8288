"""WAV files (RIFF WAVE): the tags of the encodings, the format chunk, and headers for the sound
that follows them.

Finding the chunks in a file or a stream is left to the caller, who knows how much of it is there.
"""

import struct
from collections.abc import Mapping
from typing import Final, NamedTuple

PCM, FLOAT, ALAW, ULAW, EXTENSIBLE = 0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE
TAGS: Final[Mapping[str, int]] = {"pcm16": PCM, "g711_alaw": ALAW, "g711_ulaw": ULAW}
"""The tag of each codec of a session."""
CHUNK_HEAD: Final = struct.Struct("<4sI")
"""The head of every chunk: its name and the size of its body."""
LARGEST_SIZE: Final = 0xFFFFFFFF
"""In a file it stands for a size that its writer did not know."""
_FORMAT: Final = struct.Struct("<HHIIHH")
FORMAT_BYTES: Final = _FORMAT.size
"""A shorter format chunk lacks required fields."""
_SUBFORMAT_AT: Final = 24


class WavFormat(NamedTuple):
    """The fields of a format chunk. bits: of one sample; frame_bytes: of one sample of every
    channel."""

    tag: int
    channels: int
    rate_hz: int
    bytes_per_second: int
    frame_bytes: int
    bits: int


def read_format(chunk: bytes) -> WavFormat:
    """Read the body of a format chunk, `FORMAT_BYTES` or longer; an extensible one gets the tag of
    its subformat."""
    wav_format = WavFormat(*_FORMAT.unpack_from(chunk))
    if wav_format.tag == EXTENSIBLE and len(chunk) >= _SUBFORMAT_AT + 2:
        # The subformat is a GUID that begins with the tag.
        return wav_format._replace(
            tag=int.from_bytes(chunk[_SUBFORMAT_AT : _SUBFORMAT_AT + 2], "little")
        )
    return wav_format


def format_chunk(tag: int, channels: int, rate_hz: int, frame_bytes: int, bits: int) -> bytes:
    """The body of a format chunk. Raises struct.error for a number that does not fit."""
    return _FORMAT.pack(tag, channels, rate_hz, rate_hz * frame_bytes, frame_bytes, bits)


def riff_header(chunk: bytes, data_bytes: int, *, fact: bytes = b"") -> bytes:
    """The header that turns the `data_bytes` bytes of samples after it into a WAV file.

    chunk: the body of the format chunk. fact: the body of the fact chunk, which every encoding
    except PCM should have. Sizes stop at `LARGEST_SIZE`.
    """
    chunks = _chunk(b"fmt ", chunk) + (_chunk(b"fact", fact) if fact else b"")
    # Samples of odd size should be followed by a padding byte. It is not counted, because it is
    # missing while a file grows.
    riff_bytes = 4 + len(chunks) + CHUNK_HEAD.size + data_bytes
    return (
        CHUNK_HEAD.pack(b"RIFF", min(riff_bytes, LARGEST_SIZE))
        + b"WAVE"
        + chunks
        + CHUNK_HEAD.pack(b"data", min(data_bytes, LARGEST_SIZE))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return CHUNK_HEAD.pack(name, len(body)) + body + b"\0" * (len(body) & 1)


def mono_header(codec: str, rate_hz: int, data_bytes: int) -> bytes:
    """The header of a mono WAV file in a session's codec: 44 bytes for pcm16, 58 for G.711."""
    if codec == "pcm16":
        return riff_header(format_chunk(PCM, 1, rate_hz, 2, 16), data_bytes)
    frames = min(data_bytes, LARGEST_SIZE)
    # The format chunk of an encoding other than PCM ends with the size of an extension, here 0.
    chunk = format_chunk(TAGS[codec], 1, rate_hz, 1, 8) + b"\0\0"
    return riff_header(chunk, data_bytes, fact=frames.to_bytes(4, "little"))
