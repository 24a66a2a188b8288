"""Finds WAV files in the stream of appends: removes the RIFF/WAVE header and everything else around
the samples.

Only the beginning of an append is examined. A header may come in pieces, its data chunk may have no
size (as in files written to a pipe), and what follows the samples (LIST and the like) is removed up
to the end that the file states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voicelive_common.wav import (
    ALAW,
    CHUNK_HEAD,
    FLOAT,
    FORMAT_BYTES,
    LARGEST_SIZE,
    PCM,
    ULAW,
    WavFormat,
    read_format,
)

MOST_HEADER_BYTES = 64 * 1024
_UNKNOWN_SIZES = (0, LARGEST_SIZE)  # of a stream whose writer could not go back to write its length
_NAMES = {
    PCM: "PCM",
    ALAW: "A-law",
    ULAW: "mu-law",
    FLOAT: "floating point",
    0x0002: "ADPCM",
    0x0055: "MP3",
}


class BadWav(Exception):
    """A WAV file that cannot be used; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class WavHeader:
    """The header of a WAV file. `data_at` is the offset of the samples and `data_bytes` their size,
    None when the file does not state it; `file_bytes` is the size of the whole file, None when it
    is not stated or smaller than the samples need."""

    code: int
    channels: int
    rate_hz: int
    bits: int
    data_at: int
    data_bytes: int | None
    file_bytes: int | None

    @property
    def describe(self) -> str:
        channels = "1 channel" if self.channels == 1 else f"{self.channels} channels"
        return (
            f"{self.bits}-bit {_NAMES.get(self.code, f'format {self.code:#06x}')}, {channels}, "
            f"{self.rate_hz} Hz"
        )


def begins_wav(audio: bytes) -> bool:
    """Whether this is the beginning of a RIFF/WAVE file, or at least four bytes that may be one's
    beginning."""
    magic, kind = audio[:4], audio[8:12]
    return magic in (b"RIFF", b"RF64") and kind == b"WAVE"[: len(kind)]


def read_header(audio: bytes) -> WavHeader | None:
    """Read the header of a WAV file; None when more bytes are needed. Raises BadWav."""
    wav_format: WavFormat | None = None
    at = 12
    while at + 8 <= len(audio):
        name, size = CHUNK_HEAD.unpack_from(audio, at)
        at += 8
        if name == b"data":
            return _header(wav_format, at, size, CHUNK_HEAD.unpack_from(audio)[1])
        if at + size > MOST_HEADER_BYTES:
            raise BadWav(
                f"the WAV file's samples do not begin within its first {MOST_HEADER_BYTES // 1024} "
                "KiB."
            )
        if name == b"fmt ":
            if size < FORMAT_BYTES:
                raise BadWav(
                    f"the WAV file's format chunk has {size} bytes instead of {FORMAT_BYTES} or "
                    "more."
                )
            if at + size > len(audio):
                return None
            wav_format = read_format(audio[at : at + size])
        at += size + size % 2  # chunks are padded to even lengths
    return None


def _header(wav_format: WavFormat | None, at: int, size: int, riff_size: int) -> WavHeader:
    if wav_format is None:
        raise BadWav("the WAV file has no format chunk before its samples.")
    data_bytes = None if size in _UNKNOWN_SIZES else size
    is_whole = (
        data_bytes is not None
        and riff_size not in _UNKNOWN_SIZES
        and riff_size + 8 >= at + data_bytes
    )
    return WavHeader(
        wav_format.tag,
        wav_format.channels,
        wav_format.rate_hz,
        wav_format.bits,
        at,
        data_bytes,
        riff_size + 8 if is_whole else None,
    )


class WavStream:
    """Takes appends and returns the samples in them; audio outside WAV files is unchanged.

    `accept` is called with each file's header and raises BadWav for one that does not fit. The rest
    of that file, as far as its length is known, is then dropped, so that a refused file causes one
    error and not a second of noise.
    """

    def __init__(self, accept: Callable[[WavHeader], None]) -> None:
        self._accept = accept
        self._header = b""  # the pieces of an incomplete header
        self._samples_left: int | None = None  # of the current file; None outside of one
        self._trailer_left = 0

    def feed(self, audio: bytes) -> bytes:
        """Return the samples in an append. Raises BadWav."""
        if self._header:
            audio, self._header = self._header + audio, b""
            return self._begin(audio) if begins_wav(audio) else audio
        if len(audio) >= 4 and begins_wav(audio):
            return self._begin(audio)
        return self._within(audio)

    def _begin(self, audio: bytes) -> bytes:
        self._samples_left, self._trailer_left = None, 0
        header = read_header(audio)
        if header is None:
            if len(audio) > MOST_HEADER_BYTES:
                raise BadWav(
                    "the WAV file's samples do not begin within its first "
                    f"{MOST_HEADER_BYTES // 1024} KiB."
                )
            self._header = audio
            return b""
        after = 0 if header.file_bytes is None else header.file_bytes - header.data_at
        try:
            self._accept(header)
        except BadWav:
            self._samples_left, self._trailer_left = 0, header.data_bytes or 0
            self._trailer_left = max(after, self._trailer_left)
            self._within(audio[header.data_at :])
            raise
        if header.data_bytes is not None:
            self._samples_left, self._trailer_left = (
                header.data_bytes,
                max(0, after - header.data_bytes),
            )
        return self._within(audio[header.data_at :])

    def _within(self, audio: bytes) -> bytes:
        if self._samples_left is None:
            return audio
        samples = audio[: self._samples_left]
        self._samples_left -= len(samples)
        rest = audio[len(samples) :]
        self._trailer_left, rest = (
            max(0, self._trailer_left - len(rest)),
            rest[self._trailer_left :],
        )
        if self._samples_left or self._trailer_left:
            return samples
        self._samples_left = None
        return samples + rest
