"""Finds the last sound at the microphone that stands out of the room's noise, and how much of it
was voiced."""

from typing import NamedTuple

import numpy as np
from voicelive_common.voice_activity.band_levels import BLOCK_MS, BandMeter
from voicelive_common.voice_activity.periodicity import PeriodicityMeter
from voicelive_common.voice_activity.voiced_run import is_voiced

from voicelive_tui.audio.dsp.echo import ANALYSED_HZ, Floats

_BLOCK = BLOCK_MS * ANALYSED_HZ // 1000
_FLOOR_QUANTILE, _FLOOR_ABOVE_DB = 0.1, 1.5
_LOWEST_FLOOR_DB = -70.0
_STANDS_OUT_DB = 10.0
_LONGEST_GAP = 300 // BLOCK_MS
"""The blocks of silence within one sound at most."""
_LATEST_END = 700 // BLOCK_MS
"""The blocks of silence after the last sound at most; an earlier one has nothing to do with what
happens now."""
_LEAST_BLOCKS = 2
"""A single loud block is a click, which starts no turn."""


class LastSound(NamedTuple):
    """before_ms: from the sound's beginning to the end. voiced_ms: how much of it was voiced."""

    before_ms: int
    voiced_ms: int


def loudest_dbfs(mic: Floats, last_ms: int) -> float:
    """The RMS of the loudest 20 ms among the last ones, in dBFS; -inf for digital silence. Raises
    ValueError if there is not a single block."""
    powers = np.mean(np.square(_blocks(mic)[-(last_ms // BLOCK_MS) :]), axis=1)
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(powers.max()))


def last_sound(mic: Floats) -> LastSound | None:
    """Find the last sound; None when there was none in the last 0.7 s. mic: shape (frames,) at
    `ANALYSED_HZ`, in -1..1, long enough to hold some of the room's noise."""
    blocks = _blocks(mic).astype(np.float32) * np.float32(32768)
    if not len(blocks):
        return None
    meter = BandMeter(ANALYSED_HZ)
    levels_db = np.array([meter.levels_db(block) for block in blocks])
    floors_db = np.maximum(np.quantile(levels_db, _FLOOR_QUANTILE, axis=0), _LOWEST_FLOOR_DB)
    above_db = np.maximum(levels_db - floors_db - _FLOOR_ABOVE_DB, 0.0)
    loud = np.flatnonzero(0.5 * (above_db.max(axis=1) + above_db.mean(axis=1)) > _STANDS_OUT_DB)
    run = _last_run(loud, len(blocks))
    if len(run) < _LEAST_BLOCKS:
        return None
    return LastSound(
        int(len(blocks) - run[0]) * BLOCK_MS, _voiced_blocks(blocks, above_db, run) * BLOCK_MS
    )


def _blocks(mic: Floats) -> Floats:
    """The sound in whole blocks, the last of which ends with it."""
    whole = mic.size // _BLOCK * _BLOCK
    return mic[mic.size - whole :].reshape(-1, _BLOCK)


def _last_run(loud: np.ndarray, count: int) -> np.ndarray:
    """The loud blocks of the last sound, of `count` blocks in all."""
    if not loud.size or count - 1 - loud[-1] > _LATEST_END:
        return loud[:0]
    gaps = np.flatnonzero(np.diff(loud) > _LONGEST_GAP)
    return loud[gaps[-1] + 1 if gaps.size else 0 :]


def _voiced_blocks(blocks: np.ndarray, above_db: Floats, run: np.ndarray) -> int:
    periodicity = PeriodicityMeter(_BLOCK)
    wanted = set(run.tolist())
    voiced = 0
    for at in range(max(0, run[0] - 1), len(blocks)):
        periodicity.add(blocks[at])
        if at in wanted and above_db[at].any():
            voiced += is_voiced(above_db[at].tolist(), periodicity.strength)
    return voiced
