"""Tests for the loudness of blocks and for the track of levels."""

import math
from array import array

import pytest
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.timeline.level_track import LONGEST_S, LevelTrack
from voicelive_tui.model.timeline.loudness import (
    CLIPPED,
    UNMEASURED,
    BlockLevels,
    dbfs_of,
    level_of,
)

from tests.support.timeline_audio import tone


@pytest.mark.parametrize("dbfs", [-54.0, -30.0, -12.5, -4.0])
def test_a_tone_has_its_level(dbfs: float) -> None:
    (level,) = BlockLevels(AudioFormat()).feed(tone(dbfs, 20))
    assert dbfs_of(level) == pytest.approx(dbfs, abs=0.3)


def test_silence_is_measured_and_is_not_nothing() -> None:
    levels = BlockLevels(AudioFormat()).feed(bytes(2 * 960))
    assert set(levels) == {level_of(-math.inf)}
    assert dbfs_of(levels[0]) == -60.0 and dbfs_of(UNMEASURED) == -math.inf


def test_three_full_samples_in_a_row_clip() -> None:
    quiet = array("h", [100] * 480)
    quiet[100:103] = array("h", [32767] * 3)
    assert BlockLevels(AudioFormat()).feed(quiet.tobytes()) == bytes([CLIPPED])


def test_a_block_may_come_in_pieces() -> None:
    sound, blocks = tone(-20.0, 100), BlockLevels(AudioFormat())
    pieces = b"".join(blocks.feed(sound[at : at + 700]) for at in range(0, len(sound), 700))
    assert pieces == BlockLevels(AudioFormat()).feed(sound)


@pytest.mark.parametrize("codec", ["g711_ulaw", "g711_alaw"])
def test_g711_has_the_levels_of_its_samples(codec: str) -> None:
    import numpy as np
    from voicelive_common.g711 import encode
    from voicelive_tui.model.timeline.loudness import block_level

    samples = np.frombuffer(tone(-20.0, 20, rate_hz=8_000), np.int16)
    audio_format = AudioFormat("g711_ulaw" if codec == "g711_ulaw" else "g711_alaw", 8_000)
    level = block_level(encode(samples, codec), audio_format)
    assert dbfs_of(level) == pytest.approx(-20.0, abs=0.5)


def test_a_cell_keeps_the_loudest_of_its_blocks() -> None:
    track = LevelTrack()
    track.write(0.0, [10, 40, 20, 30, 5])
    assert track.peaks(0, 3, 1) == bytes([40, 30, 0])
    assert track.peaks(0, 1, 2) == bytes([40])


def test_columns_before_the_session_and_after_the_end_are_empty() -> None:
    track = LevelTrack()
    track.write(0.0, [50])
    assert track.peaks(-2, 5, 1) == bytes([0, 0, 50, 0, 0])


@pytest.mark.parametrize("cells", [1, 2, 5, 10, 20, 40, 100, 200, 600])
def test_every_width_of_a_column_shows_the_loudest_of_its_cells(cells: int) -> None:
    track = LevelTrack()
    levels = [1 + (position * 37) % 100 for position in range(1500)]
    for position, level in enumerate(levels):
        track.write(position * 0.05, [level])
    track.erase(20.0, 30.0)
    levels[400:600] = [0] * 200
    count = -(-1500 // cells)
    wanted = [max(levels[at * cells : (at + 1) * cells]) for at in range(count)]
    assert list(track.peaks(0, count, cells)) == wanted


def test_what_lies_after_a_cut_in_the_middle_of_a_cell_is_forgotten() -> None:
    track = LevelTrack()
    track.write(0.0, [60] * 20)
    track.erase(0.12, 0.4)
    assert track.peaks(0, 9, 1) == bytes([60] * 3 + [0] * 6)


@pytest.mark.parametrize("at_s", [-5.0, LONGEST_S + 1, 1e300, math.nan, math.inf])
def test_no_time_of_a_foreign_recording_takes_memory(at_s: float) -> None:
    track = LevelTrack()
    track.write(at_s, [50])
    assert track.size_bytes == 0


def test_the_longest_track_is_bounded() -> None:
    track = LevelTrack()
    track.write(LONGEST_S - 0.05, [50])
    assert track.size_bytes < 2_000_000
