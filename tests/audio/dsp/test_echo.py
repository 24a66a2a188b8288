"""How much the microphone resembles what is playing, with synthetic voices in synthetic rooms."""

import numpy as np
import pytest
from voicelive_simulator.sound.choose_voice import choose_voice
from voicelive_tui.audio.dsp.echo import ANALYSED_HZ, Floats, find_echo
from voicelive_tui.audio.ipc.messages import EchoMatch
from voicelive_tui.model.events.cut_cause import ECHO_FROM

from tests.support.interruptions import (
    AGENT,
    ANSWER,
    RATE_HZ,
    Sound,
    in_room,
    mixed,
    room_noise,
    spoken,
)

END = 4 * RATE_HZ
"""The sample of the answer at which the comparison ends."""
SPEAKS = pytest.mark.skipif(bool(choose_voice()[1]), reason="needs the voices of the demo extra")


@pytest.fixture(scope="module")
def answer() -> Sound:
    return spoken(ANSWER, AGENT)


def analysed(sound: Sound) -> Floats:
    """The sound until `END` at the rate of the comparison, averaged down."""
    step = RATE_HZ // ANALYSED_HZ
    padded = np.concatenate((sound, np.zeros(max(0, END - sound.size))))
    narrowed: Floats = padded[: END // step * step].reshape(-1, step).mean(axis=1)
    return narrowed


def compared(mic: Sound, answer: Sound) -> EchoMatch | None:
    """Compare a microphone in a quiet room with the answer that plays."""
    return find_echo(analysed(mixed(mic, room_noise(END / RATE_HZ))), analysed(answer))


def shifted(sound: Sound, start: int) -> Sound:
    return np.concatenate((np.zeros(start), sound))


@SPEAKS
@pytest.mark.parametrize("delay_ms", [0, 40, 140, 300, 480])
@pytest.mark.parametrize("level_db", [-6.0, -24.0])
def test_an_echo_is_found_with_its_delay(answer: Sound, delay_ms: int, level_db: float) -> None:
    found = compared(in_room(answer, delay_ms, level_db), answer)
    assert found is not None
    assert found.coefficient > 0.85
    assert found.delay_ms == pytest.approx(delay_ms, abs=2)


@SPEAKS
@pytest.mark.parametrize("reverberation_s", [0.4, 0.6])
def test_an_echo_of_a_large_room_is_found(answer: Sound, reverberation_s: float) -> None:
    found = compared(in_room(answer, 100, -12.0, reverberation_s=reverberation_s), answer)
    assert found is not None
    assert found.coefficient > ECHO_FROM


@SPEAKS
@pytest.mark.parametrize("name", ["ash", "andrew", "guy", "jenny", "emma", "ava"])
@pytest.mark.parametrize("echo_db", [None, -30.0, -12.0])
def test_a_voice_is_no_echo_not_even_over_one(
    answer: Sound, name: str, echo_db: float | None
) -> None:
    voice = shifted(spoken("Wait a moment, please.", name, level_dbfs=-22.0), END - RATE_HZ // 2)
    echo = np.zeros(1) if echo_db is None else in_room(answer, 80, echo_db)
    found = compared(mixed(voice, echo), answer)
    assert found is not None
    assert found.coefficient < ECHO_FROM


@SPEAKS
def test_nothing_is_told_of_what_is_too_quiet_or_too_short(answer: Sound) -> None:
    assert compared(np.zeros(1), answer) is None
    assert find_echo(analysed(answer), np.zeros(END // 3)) is None
    assert find_echo(np.zeros(END // 3), analysed(answer)) is None
    assert find_echo(analysed(answer)[-1_000:], analysed(answer)) is None
    assert find_echo(analysed(answer), analysed(answer)[-1_000:]) is None
