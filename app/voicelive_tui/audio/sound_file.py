"""Sound files in: whatever libsndfile reads, and WAV files with broken lengths besides, as mono int16.

Invariant: what a header claims decides over no memory and no time; only what is really there is counted.
"""

import itertools
import math
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from voicelive_tui.audio.pcm import Samples, to_int16
from voicelive_tui.audio.riff import RiffError, find_samples, is_riff, true_header

if TYPE_CHECKING:
    from soundfile import SoundFile

LONGEST_S = 3600
"""A session lasts no longer."""
_MOST_SAMPLES = LONGEST_S * 48_000 * 2
"""Over all channels: an hour of stereo at the highest common rate."""
_PATIENCE_S = 15.0
"""For reading the whole file; the console waits 20 s for a port."""
_BLOCK_SAMPLES = 1 << 18
_UNKNOWN_FRAMES = (1 << 63) - 1
"""What libsndfile gives for the length of a file that does not say it."""
_MP3_FRAME_BYTES = 2048
"""The longest frame of an MP3 file has a few bytes less; its header, if it has one, is the first."""
_SHORTAGE_S = 0.1
"""Below it nothing is said: what encoders fill up at the ends is counted in or not."""
_AUDIBLE_DBFS = -70.0
_CANCELLED = 1 / 16
"""Power of the mixdown against that of independent channels, under which the channels count as each other's opposite."""
CONVERT = "ffmpeg -i FILE -ac 1 -ar 24000 out.wav"
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_UNTOUCHED = np.float32(-12345.0)
"""A value that no sound file holds in practice; marks frames that were not read."""

_Frames = NDArray[np.float32]


class SoundFileError(ValueError):
    """The file cannot be read; the text is one sentence without its full stop."""


class Sound(NamedTuple):
    """A whole file: mono samples of shape (frames,). `remark`: a sentence or two about what is odd with it, or empty."""

    samples: Samples
    rate_hz: int
    remark: str


class _Mixdown(NamedTuple):
    """peak: the largest amplitude; 1 is full scale. power: the sum of the squares; channel_power: of each, shape (channels,)."""

    samples: Samples
    peak: float
    power: float
    channel_power: NDArray[np.float64]


def read_sound(path: str) -> Sound:
    """The file's sound, its channels mixed down. SoundFileError says in one sentence what is wrong with it."""
    try:
        with _opened(path) as file, _decoder(file, path) as sound:
            return _whole(sound, path, named_frames=_named_frames(file, sound))
    except OSError as error:
        raise SoundFileError(f"cannot read {path}: {error.strerror or error}") from error
    except (MemoryError, OverflowError) as error:
        raise SoundFileError(f"{path} needs more memory than there is; convert it with: {CONVERT}") from error


def check_sound(path: str) -> None:
    """Open the file and read its header only. SoundFileError as `read_sound` says it."""
    try:
        with _opened(path) as file, _decoder(file, path):
            return
    except OSError as error:
        raise SoundFileError(f"cannot read {path}: {error.strerror or error}") from error


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    # Without waiting: a pipe that nobody writes to would hold up the opening for ever.
    with open(os.open(path, _OPEN), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise SoundFileError(f"{path} is a folder, a pipe or a device; a microphone can be replaced by a file only")
        yield file


@contextmanager
def _decoder(file: BinaryIO, path: str) -> "Iterator[SoundFile]":
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise SoundFileError(f"cannot read {path}: soundfile is missing; reinstall it with `pip install soundfile`") from error
    head = file.read(12)
    file.seek(0)
    if not head:
        raise SoundFileError(f"{path} holds no sound: it is empty")
    try:
        source = _righted(file) if is_riff(head) else SoundBytes(b"", file, 0, os.fstat(file.fileno()).st_size)
        with soundfile.SoundFile(source, "r") as sound:
            if not 1 <= sound.channels <= 64 or not 1_000 <= sound.samplerate <= 768_000:
                raise RiffError(f"it claims {sound.channels} channels at {sound.samplerate} Hz")
            yield sound
    except RiffError as error:
        raise SoundFileError(f"{path} is a damaged sound file: {error}") from error
    except soundfile.LibsndfileError as error:
        what = error.error_string.strip().rstrip(".")
        raise SoundFileError(
            f"{path} cannot be read as a sound file ({what}); convert it, for example with: {CONVERT}"
        ) from error
    if source.error is not None:
        raise source.error


def _righted(file: BinaryIO) -> "SoundBytes":
    layout = find_samples(file)
    return SoundBytes(true_header(layout), file, layout.data_at, layout.data_bytes)


class SoundBytes:
    """What libsndfile is given to read: a header of ours, if any, and `size` bytes of the file from `at`.

    It has no name from which a format would be guessed. It raises nothing, because what a callback of libsndfile raises is
    printed and forgotten; `error` keeps it.
    """

    def __init__(self, header: bytes, file: BinaryIO, at: int, size: int) -> None:
        self._header = header
        self._file = file
        self._file_at = at
        self._size = len(header) + size
        self._at = 0
        self.error: OSError | None = None

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = min(max(0, base + offset), self._size)
        return self._at

    def read(self, size: int) -> bytes:
        wanted = min(max(0, size), self._size - self._at)
        found = self._header[self._at : self._at + wanted]
        try:
            if wanted > len(found):
                self._file.seek(self._file_at + max(0, self._at - len(self._header)))
                found += self._file.read(wanted - len(found))
        except OSError as error:
            self.error = error
        self._at += len(found)
        return found


def _named_frames(file: BinaryIO, sound: "SoundFile") -> int | None:
    """The length that the file's header names; None when it names none."""
    frames: int = sound.frames
    # Of an MP3 file without a header of its own libsndfile guesses the length from the first bit rate.
    return None if frames == _UNKNOWN_FRAMES or (sound.format == "MP3" and not _has_mp3_header(file)) else frames


def _has_mp3_header(file: BinaryIO) -> bool:
    file.seek(0)
    tag = file.read(10)
    start = 10 + sum(size << shift for size, shift in zip(tag[6:], (21, 14, 7, 0), strict=False)) if tag[:3] == b"ID3" else 0
    file.seek(start)
    first = file.read(_MP3_FRAME_BYTES)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))


def _whole(sound: "SoundFile", path: str, named_frames: int | None) -> Sound:
    give_up_s = time.perf_counter() + _PATIENCE_S
    mixed = _mixed(sound, path, give_up_s)
    if not mixed.samples.size:
        raise SoundFileError(f"{path} holds no sound")
    remark = ""
    if _cancelled(mixed):
        loudest = int(np.argmax(mixed.channel_power))
        sound.seek(0)
        mixed = _mixed(sound, path, give_up_s, loudest)
        remark = f"The channels of {path} cancel each other when they are mixed: only channel {loudest + 1} is used."
    odd = _silence(mixed.peak, path) or remark, _shortage(mixed.samples.size, named_frames, sound.samplerate, path)
    return Sound(mixed.samples, sound.samplerate, " ".join(filter(None, odd)))


def _shortage(frames: int, named_frames: int | None, rate_hz: int, path: str) -> str:
    """A sentence when the file does not hold all that its header names, else empty."""
    if named_frames is None or named_frames - frames < _SHORTAGE_S * rate_hz:
        return ""
    there_s, named_s = frames / rate_hz, named_frames / rate_hz
    return f"{path} ends early or is damaged: only {there_s:.1f} of the {named_s:.1f} s that its header names can be read."


def _cancelled(mixed: _Mixdown) -> bool:
    """Whether the channels are so much each other's opposite that next to nothing is left of them."""
    channels = mixed.channel_power.size
    return channels > 1 and mixed.power < _CANCELLED * float(mixed.channel_power.sum()) / channels**2


def _silence(peak: float, path: str) -> str:
    """A sentence when nothing of the file can be heard, else empty."""
    if peak == 0.0:
        return f"{path} holds nothing audible: all of it is digital silence; check how it was recorded."
    peak_dbfs = 20 * math.log10(peak)
    if peak_dbfs >= _AUDIBLE_DBFS:
        return ""
    return f"{path} holds nothing audible: its loudest sample is at {peak_dbfs:.0f} dBFS; check how it was recorded."


def _mixed(sound: "SoundFile", path: str, give_up_s: float, channel: int | None = None) -> _Mixdown:
    """The mean of all channels, or one of them (0 is the first). Raises SoundFileError."""
    parts: list[Samples] = []
    channel_power, power, peak = np.zeros(sound.channels), 0.0, 0.0
    frames = 0
    for block in _blocks(sound):
        frames += block.shape[0]
        _refuse_too_much(path, frames, sound)
        if time.perf_counter() > give_up_s:
            raise SoundFileError(f"{path} takes more than {_PATIENCE_S:.0f} s to read; convert it with: {CONVERT}")
        mono = block.mean(axis=1) if channel is None else block[:, channel]
        parts.append(to_int16(mono))
        channel_power += np.square(block).sum(axis=0, dtype=np.float64)
        power += float(np.dot(mono, mono))
        peak = max(peak, float(np.abs(mono).max()))
    return _Mixdown(np.concatenate(parts) if parts else np.zeros(0, np.int16), peak, power, channel_power)


def _blocks(sound: "SoundFile") -> Iterator[_Frames]:
    """The file in pieces of shape (frames, channels), in -1..1; a damaged file ends where it cannot be read any further."""
    import soundfile

    block = np.empty((max(1, _BLOCK_SAMPLES // sound.channels), sound.channels), np.float32)
    for number in itertools.count():
        block.fill(_UNTOUCHED)
        broken = False
        try:
            frames = sound.read(out=block).shape[0]
        except soundfile.LibsndfileError:
            # Samples stand in the block all the same when soundfile fails to find the place behind them.
            frames = int(np.count_nonzero(block[:, 0] != _UNTOUCHED))
            broken = True
            if not frames and not number:
                raise
        if frames:
            yield _bounded(block[:frames])
        if broken or not frames:
            return


def _bounded(block: _Frames) -> _Frames:
    return np.nan_to_num(block, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0)


def _refuse_too_much(path: str, frames: int, sound: "SoundFile") -> None:
    if frames > LONGEST_S * sound.samplerate:
        raise SoundFileError(f"{path} holds more than an hour of sound, which no session takes; cut it")
    if frames * sound.channels > _MOST_SAMPLES:
        raise SoundFileError(
            f"{path} holds too many samples ({sound.channels} channels at {sound.samplerate} Hz); convert it with: {CONVERT}"
        )
