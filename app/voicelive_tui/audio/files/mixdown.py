"""Mixes a decoded file down to mono, within limits of memory and time."""

import itertools
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from voicelive_tui.audio.dsp.pcm import Samples, to_int16
from voicelive_tui.audio.files.sound_decoder import CONVERT, SoundFileError

if TYPE_CHECKING:
    from soundfile import SoundFile

LONGEST_S = 3600
"""The longest sound, in seconds: no session lasts longer."""
READ_TIMEOUT_S = 15.0
"""Seconds for reading the whole file; the console waits 20 s for a port."""
_MOST_SAMPLES = LONGEST_S * 48_000 * 2
"""The most samples of all channels together: an hour of stereo at the highest common rate."""
_BLOCK_SAMPLES = 1 << 18
_UNTOUCHED = np.float32(-12345.0)
"""Marks frames that were not read: a value that no sound file holds in practice."""

_Frames = NDArray[np.float32]


class Mixdown(NamedTuple):
    """The mono samples of a file, shape (frames,), and their measurements.

    peak: the largest amplitude; 1 is full scale. power: the sum of the squares of the mono samples;
    channel_power: that of each channel, shape (channels,).
    """

    samples: Samples
    peak: float
    power: float
    channel_power: NDArray[np.float64]


def mix_channels(
    decoded: "SoundFile", path: str, give_up_s: float, channel: int | None = None
) -> Mixdown:
    """Mix all channels by their mean, or take one of them (0 is the first).

    give_up_s: a time of `time.perf_counter`. Raises SoundFileError after that time, and for a file
    that is too long.
    """
    parts: list[Samples] = []
    channel_power, power, peak = np.zeros(decoded.channels), 0.0, 0.0
    frames = 0
    for block in _blocks(decoded):
        frames += block.shape[0]
        _refuse_too_much(path, frames, decoded)
        if time.perf_counter() > give_up_s:
            raise SoundFileError(
                f"{path} takes more than {READ_TIMEOUT_S:.0f} s to read; convert it with: {CONVERT}"
            )
        mono = block.mean(axis=1) if channel is None else block[:, channel]
        parts.append(to_int16(mono))
        channel_power += np.square(block).sum(axis=0, dtype=np.float64)
        power += float(np.dot(mono, mono))
        peak = max(peak, float(np.abs(mono).max()))
    return Mixdown(
        np.concatenate(parts) if parts else np.zeros(0, np.int16), peak, power, channel_power
    )


def _blocks(decoded: "SoundFile") -> Iterator[_Frames]:
    """Yield the file in pieces of shape (frames, channels), in -1..1. A damaged file ends where it
    cannot be read any further."""
    import soundfile

    block = np.empty((max(1, _BLOCK_SAMPLES // decoded.channels), decoded.channels), np.float32)
    for number in itertools.count():
        block.fill(_UNTOUCHED)
        broken = False
        try:
            frames = decoded.read(out=block).shape[0]
        except soundfile.LibsndfileError:
            # The block may hold samples even if soundfile fails to find the position behind them.
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


def _refuse_too_much(path: str, frames: int, decoded: "SoundFile") -> None:
    if frames > LONGEST_S * decoded.samplerate:
        raise SoundFileError(
            f"{path} holds more than an hour of sound, which no session takes; cut it"
        )
    if frames * decoded.channels > _MOST_SAMPLES:
        raise SoundFileError(
            f"{path} holds too many samples ({decoded.channels} channels at {decoded.samplerate} "
            f"Hz); convert it with: {CONVERT}"
        )
