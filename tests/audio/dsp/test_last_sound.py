"""The last sound at the microphone: when it began, and whether it was a voice."""

import math

import numpy as np
import pytest
from voicelive_tui.audio.dsp.echo import ANALYSED_HZ, Floats
from voicelive_tui.audio.dsp.last_sound import last_sound, loudest_dbfs
from voicelive_tui.model.events.cut_cause import LEAST_VOICED_MS

from tests.support.interruptions import cough, door
from tests.support.speech_like import noise, silence, speech_like

RATE = {"rate_hz": ANALYSED_HZ}


def room(seconds: float) -> Floats:
    return noise("white", seconds, level_dbfs=-62.0, **RATE)


def narrowed(sound: Floats) -> Floats:
    """A sound at 24 kHz, averaged down."""
    third: Floats = sound[: sound.size // 3 * 3].reshape(-1, 3).mean(axis=1)
    return third


def test_speech_has_its_beginning_and_its_voiced_time() -> None:
    mic = np.concatenate((room(2.0), speech_like(0.6, level_dbfs=-24.0, **RATE)))
    found = last_sound(mic)
    assert found is not None
    assert found.before_ms == pytest.approx(600, abs=20)
    assert found.voiced_ms > 300


@pytest.mark.parametrize("sound", [*(cough(seed) for seed in range(4)), *map(door, range(4))])
def test_a_cough_and_a_door_have_no_voice(sound: Floats) -> None:
    found = last_sound(np.concatenate((room(2.0), narrowed(sound), room(0.1))))
    assert found is not None
    assert found.voiced_ms < LEAST_VOICED_MS


def test_a_sound_that_is_over_for_long_does_not_count() -> None:
    speech = speech_like(0.6, level_dbfs=-24.0, **RATE)
    assert last_sound(np.concatenate((room(1.0), speech, room(0.4)))) is not None
    assert last_sound(np.concatenate((room(1.0), speech, room(1.0)))) is None


def test_a_quiet_room_and_a_single_click_are_no_sound() -> None:
    assert last_sound(room(2.0)) is None
    assert last_sound(silence(2.0, **RATE)) is None
    assert last_sound(np.zeros(0)) is None
    click = room(2.0)
    click[-800:-790] = 0.5
    assert last_sound(click) is None


def test_a_pause_within_speech_does_not_end_it() -> None:
    speech = speech_like(0.4, level_dbfs=-24.0, **RATE)
    found = last_sound(np.concatenate((room(1.5), speech, room(0.2), speech)))
    assert found is not None
    assert found.before_ms == pytest.approx(1_000, abs=20)


def test_the_loudest_block_of_the_last_ones_gives_the_level() -> None:
    loud = noise("white", 0.5, level_dbfs=-10.0, **RATE)
    assert loudest_dbfs(np.concatenate((loud, room(1.0))), 500) == pytest.approx(-61, abs=2)
    assert loudest_dbfs(np.concatenate((room(1.0), loud)), 500) == pytest.approx(-10, abs=1.5)
    assert loudest_dbfs(silence(1.0, **RATE), 500) == -math.inf
