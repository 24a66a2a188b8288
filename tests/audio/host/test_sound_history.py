"""The last seconds of a port's sound, by time."""

import numpy as np
import pytest
from voicelive_tui.audio.dsp.echo import ANALYSED_HZ
from voicelive_tui.audio.host.sound_history import SoundHistory

PIECE = ANALYSED_HZ // 100


def filled(pieces: int, *, jitter_s: float = 0.0) -> SoundHistory:
    """Pieces of 10 ms from second 50 on; each has its number as its samples."""
    history = SoundHistory(ANALYSED_HZ, 1.0)
    for number in range(pieces):
        late_s = jitter_s if number % 2 else 0.0
        history.add(np.full(PIECE, number, np.int16), 50.0 + (number + 1) / 100 + late_s)
    return history


def numbers(history: SoundHistory, at_s: float) -> list[int]:
    """The number of each piece until this time."""
    sound, _ = history.until(at_s)
    return [round(value * 32768) for value in sound[PIECE // 2 :: PIECE]]


def test_the_sound_ends_when_it_is_asked_for() -> None:
    history = filled(50)
    assert numbers(history, 50.3) == list(range(30))
    sound, end_s = history.until(60.0)
    assert sound.size == 50 * PIECE
    assert end_s == pytest.approx(50.5)


def test_only_the_last_seconds_are_kept() -> None:
    assert numbers(filled(350), 60.0) == list(range(250, 350))


def test_a_clock_that_varies_moves_no_sound() -> None:
    assert numbers(filled(50, jitter_s=0.015), 60.0) == list(range(50))


def test_where_sound_was_lost_there_is_silence() -> None:
    history = filled(10)
    history.add(np.full(PIECE, 7, np.int16), 50.0 + 0.41)
    assert numbers(history, 60.0) == [*range(10), *[0] * 30, 7]


@pytest.mark.parametrize("end_s", [49.0, 58.0])
def test_a_clock_that_jumps_begins_anew(end_s: float) -> None:
    history = filled(10)
    history.add(np.full(PIECE, 7, np.int16), end_s)
    assert numbers(history, 60.0) == [7]


def test_another_rate_is_converted() -> None:
    history = SoundHistory(48_000, 1.0)
    for number in range(100):
        history.add(np.full(480, 1_000, np.int16), 50.0 + (number + 1) / 100)
    sound, _ = history.until(51.0)
    assert sound.size == ANALYSED_HZ
    assert sound[1_000:-1_000] == pytest.approx(1_000 / 32768, rel=0.01)


def test_what_was_cleared_is_forgotten() -> None:
    history = filled(10)
    history.clear()
    sound, end_s = history.until(60.0)
    assert (sound.size, end_s) == (0, 60.0)
