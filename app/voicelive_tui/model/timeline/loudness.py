"""The loudness of audio as one byte for each block of 20 ms.

`UNMEASURED` stands for no audio at all, 1 for -60 dBFS and below, and each further step for half a
decibel up to 0 dBFS. `CLIPPED` is a block with three or more full-scale samples in a row.
"""

import math
from array import array
from functools import cache
from operator import itemgetter, mul
from typing import Final

from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.meter import CLIP_RUN, FLOOR_DBFS

UNMEASURED: Final = 0
_QUIETEST: Final = 1
_STEPS_PER_DB: Final = 2
_LOUDEST: Final = _QUIETEST + int(-FLOOR_DBFS) * _STEPS_PER_DB
CLIPPED: Final = _LOUDEST + 1
_FULL_SCALE_DB: Final = 20 * math.log10(32768)
_ALL_SAMPLES_UP_TO_HZ: Final = 12_000
"""At higher rates every second sample is enough to measure loudness."""
_CLIPPED_PCM16: Final = (b"\xff\x7f" * CLIP_RUN, b"\x00\x80" * CLIP_RUN)


def level_of(dbfs: float) -> int:
    """The byte that stands for a level."""
    steps = round((dbfs - FLOOR_DBFS) * _STEPS_PER_DB) if dbfs > FLOOR_DBFS else 0
    return min(_QUIETEST + steps, _LOUDEST)


def dbfs_of(level: int) -> float:
    """The level for which a byte stands, in dBFS; -inf for `UNMEASURED`."""
    if level == UNMEASURED:
        return -math.inf
    return FLOOR_DBFS + (min(level, _LOUDEST) - _QUIETEST) / _STEPS_PER_DB


class BlockLevels:
    """Measures a stream of audio of one format in blocks of 20 ms."""

    def __init__(self, audio_format: AudioFormat) -> None:
        self.format = audio_format
        self._rest = b""
        """The beginning of a block."""

    def feed(self, audio: bytes) -> bytes:
        """Take more audio. Returns the levels of the blocks that are complete."""
        audio, size = self._rest + audio, self.format.block_bytes
        whole = len(audio) // size * size
        self._rest = audio[whole:]
        return bytes(
            block_level(audio[at : at + size], self.format) for at in range(0, whole, size)
        )


def block_level(block: bytes, audio_format: AudioFormat) -> int:
    """The level of one block, by the RMS of its samples. block: must not be empty."""
    if audio_format.codec != "pcm16":
        squares = _squares(audio_format.codec)
        return _of_power(sum(itemgetter(*block)(squares)) if len(block) > 1 else 0, len(block))
    samples = array("h", block[: audio_format.whole_bytes(len(block))])
    if audio_format.rate_hz > _ALL_SAMPLES_UP_TO_HZ:
        samples = samples[::2]
    level = _of_power(sum(map(mul, samples, samples)), len(samples))
    return CLIPPED if any(run in block for run in _CLIPPED_PCM16) else level


def _of_power(squares: float, samples: int) -> int:
    if not squares or not samples:
        return _QUIETEST
    return level_of(10 * math.log10(squares / samples) - _FULL_SCALE_DB)


@cache
def _squares(codec: str) -> tuple[int, ...]:
    """The square of the sample for which each of the 256 codes of G.711 stands."""
    # Imported on use: few sessions have this format, and it loads numpy.
    from voicelive_common.g711 import decode

    return tuple(sample * sample for sample in decode(bytes(range(256)), codec).tolist())
