"""WAV files in and out: any PCM, float or G.711 file as mono int16, and a mono pcm16 file whose header is always true."""

import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from voicelive_tui.audio.pcm import Samples, from_codec, to_int16

_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_RIFF_SIZE_AT, _DATA_SIZE_AT = 4, 40


class WavError(ValueError):
    """The file cannot be read or written; the text is one sentence."""


class Sound(NamedTuple):
    """A whole file: mono int16 samples of shape (frames,)."""

    samples: Samples
    rate_hz: int


class _Format(NamedTuple):
    tag: int
    channels: int
    rate_hz: int
    bits: int


def read_wav(path: str) -> Sound:
    """The file's sound, its channels mixed down. WavError says in one sentence what is wrong with it."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise WavError(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) < 12 or content[:4] not in (b"RIFF", b"RIFX") or content[8:12] != b"WAVE":
        raise WavError(f"{path} is no WAV file; convert it, for example with: ffmpeg -i FILE -ac 1 -ar 24000 out.wav")
    if content[:4] == b"RIFX":
        raise WavError(f"{path} is a big-endian WAV file (RIFX), which is not supported; convert it with ffmpeg")
    layout, data = _chunks(content, path)
    return Sound(_mono(layout, data, path), layout.rate_hz)


def _chunks(content: bytes, path: str) -> tuple[_Format, bytes]:
    layout: _Format | None = None
    offset = 12
    while offset + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, offset)
        body = content[offset + 8 : offset + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            layout = _format(body)
        if name == b"data":
            if layout is None:
                break
            return layout, body  # a recorder that was cut off left a size that is too long: what is there counts
        offset += 8 + size + (size & 1)
    raise WavError(f"{path} is a damaged WAV file: it has no {'sound data' if layout else 'format'} chunk")


def _format(body: bytes) -> _Format:
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if tag == _EXTENSIBLE and len(body) >= 26:
        (tag,) = struct.unpack_from("<H", body, 24)
    return _Format(tag, channels, rate_hz, bits)


def _mono(layout: _Format, data: bytes, path: str) -> Samples:
    if not 1 <= layout.channels <= 64 or not 1_000 <= layout.rate_hz <= 768_000:
        raise WavError(f"{path} is a damaged WAV file: {layout.channels} channels at {layout.rate_hz} Hz")
    frame_bytes = layout.channels * (layout.bits // 8)
    whole = data[: len(data) // frame_bytes * frame_bytes] if frame_bytes else b""
    match layout.tag, layout.bits:
        case 1, 8:
            samples = (np.frombuffer(whole, np.uint8).astype(np.int16) - 128) * 256
        case 1, 16:
            samples = np.frombuffer(whole, "<i2").astype(np.int16)
        case 1, 24:
            octets = np.frombuffer(whole, np.uint8).reshape(-1, 3)
            samples = (octets[:, 1].astype(np.uint16) | (octets[:, 2].astype(np.uint16) << 8)).view(np.int16)
        case 1, 32:
            samples = (np.frombuffer(whole, "<i4") >> 16).astype(np.int16)
        case 3, 32:
            samples = to_int16(np.nan_to_num(np.frombuffer(whole, "<f4").astype(np.float64)))
        case 3, 64:
            samples = to_int16(np.nan_to_num(np.frombuffer(whole, "<f8")))
        case 6, 8:
            samples = from_codec(whole, "g711_alaw")
        case 7, 8:
            samples = from_codec(whole, "g711_ulaw")
        case tag, bits:
            raise WavError(
                f"{path} holds {bits}-bit sound of format {tag}, not PCM; convert it: ffmpeg -i FILE -c:a pcm_s16le out.wav"
            )
    if not samples.size:
        raise WavError(f"{path} holds no sound")
    if layout.channels > 1:
        samples = np.rint(samples.reshape(-1, layout.channels).mean(axis=1)).astype(np.int16)
    return np.asarray(samples, np.int16)


class WavWriter:
    """A mono pcm16 file that can be read at any moment: sound is written first, then the header that counts it."""

    def __init__(self, path: str, rate_hz: int) -> None:
        """Begin the file anew. WavError when it cannot be written."""
        self.path = path
        self._data_bytes = 0
        header = _HEADER.pack(b"RIFF", 36, b"WAVE", b"fmt ", 16, _PCM, 1, rate_hz, rate_hz * 2, 2, 16, b"data", 0)
        try:
            self._file: BinaryIO = open(path, "wb", buffering=0)  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise WavError(f"cannot write {path}: {error.strerror or error}") from error
        try:
            self._file.write(header)
        except OSError as error:
            self._file.close()
            raise WavError(f"cannot write {path}: {error.strerror or error}") from error

    def write(self, audio: bytes) -> None:
        """Append samples. WavError when the disk takes no more."""
        try:
            self._file.seek(0, 2)
            self._file.write(audio)
            self._data_bytes += len(audio)
            self._file.seek(_DATA_SIZE_AT)
            self._file.write(struct.pack("<I", min(self._data_bytes, 0xFFFFFFFF)))
            self._file.seek(_RIFF_SIZE_AT)
            self._file.write(struct.pack("<I", min(36 + self._data_bytes, 0xFFFFFFFF)))
        except OSError as error:
            raise WavError(f"cannot write {self.path}: {error.strerror or error}") from error

    def close(self) -> None:
        """Close the file; it may be called again."""
        self._file.close()
