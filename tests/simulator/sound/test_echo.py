"""The client's echo reference: the assistant's own voice in the microphone begins no turn, and a
user who speaks over it does."""

import numpy as np
import pytest
from voicelive_common.voice_activity.detector import Endpointing, Mark, SpeechStarted
from voicelive_simulator.sound.echo import Echo
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat
from voicelive_simulator.sound.measurement import Measurement
from voicelive_simulator.sound.tones import ToneVoice

from tests.support.speech_like import Sound, noise, silence, speech_like

RATE_HZ = 24_000
PERSON_AT_S = 8.0


def agent(rate_hz: int) -> Sound:
    """Nine seconds of the assistant's tones after a second of silence."""
    spoken = ToneVoice().speak(
        "Local simulator. This is an answer which goes on for quite a while, so that it can be "
        "interrupted."
    )
    samples: Sound = np.interp(
        np.arange(0, len(spoken.samples), spoken.rate_hz / rate_hz),
        np.arange(len(spoken.samples)),
        spoken.samples / 32768 * 0.5,
    )
    return np.concatenate([silence(1.0, rate_hz=rate_hz), samples, samples])[: 10 * rate_hz]


def room(played: Sound, delay_ms: float, gain_db: float, rate_hz: int = RATE_HZ) -> Sound:
    """A loudspeaker as a microphone picks it up: late, quieter, with reflections from the walls."""
    tail = np.random.default_rng(4).normal(0.0, 0.05, rate_hz // 10) * np.exp(
        -np.arange(rate_hz // 10) / (rate_hz * 0.02)
    )
    tail[0] = 1.0
    late = np.concatenate([np.zeros(int(delay_ms * rate_hz / 1000)), tail]) * 10 ** (gain_db / 20)
    picked_up: Sound = np.convolve(played, late)[: len(played)]
    return (
        picked_up
        + noise("pink", len(played) / rate_hz, rate_hz=rate_hz, level_dbfs=-62)[: len(played)]
    )


def stereo(microphone: Sound, reference: Sound) -> bytes:
    frames = np.clip(np.stack([microphone, reference], axis=1), -1.0, 1.0)
    return (frames * 32767).astype("<i2").tobytes()


def hear(
    audio: bytes, *, channels: int = 2, rate_hz: int = RATE_HZ
) -> tuple[list[Mark], Measurement]:
    ears = InputAudio()
    ears.configure(InputFormat("pcm16", rate_hz, channels), Endpointing(0.5, 0, 500, 80))
    return list(ears.append(audio)), ears.commit()


@pytest.mark.parametrize("delay_ms", [2, 60, 180, 260])
@pytest.mark.parametrize("gain_db", [-6, -20])
def test_the_assistants_own_voice_begins_no_turn(delay_ms: int, gain_db: int) -> None:
    played = agent(RATE_HZ)
    marks, measured = hear(stereo(room(played, delay_ms, gain_db), played))
    assert marks == []
    assert measured.echo and measured.echo.erle_db > 12
    assert abs(measured.echo.delay_ms - delay_ms) <= 20
    assert (
        abs(measured.echo.played_ms - np.count_nonzero(np.abs(played) > 0.002) * 1000 / RATE_HZ)
        < 2000
    )


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 44_100])
def test_a_user_over_it_does(rate_hz: int) -> None:
    played = agent(rate_hz)
    microphone = room(played, 60, -10, rate_hz)
    at = int(PERSON_AT_S * rate_hz)
    microphone[at : at + rate_hz] += speech_like(1.0, rate_hz=rate_hz)[:rate_hz]
    marks, measured = hear(stereo(microphone, played), rate_hz=rate_hz)
    [started] = [mark for mark in marks if isinstance(mark, SpeechStarted)]
    assert abs(started.audio_start_ms - PERSON_AT_S * 1000) <= 60
    assert abs(measured.level_dbfs - -20) < 4, "the person's level, not the echo's"


def test_without_the_reference_the_echo_is_a_user() -> None:
    played = agent(RATE_HZ)
    microphone = room(played, 60, -6)
    assert hear(stereo(microphone, played))[0] == []
    marks, measured = hear((np.clip(microphone, -1, 1) * 32767).astype("<i2").tobytes(), channels=1)
    assert marks and measured.echo is None


def test_a_reference_that_belongs_to_another_sound_takes_nothing_off() -> None:
    other = noise("pink", 10.0, level_dbfs=-26)
    microphone = np.concatenate(
        [noise("pink", 8.0, level_dbfs=-62), speech_like(1.0), noise("pink", 1.0, level_dbfs=-62)]
    )
    marks, measured = hear(stereo(microphone, other[: len(microphone)]))
    assert any(isinstance(mark, SpeechStarted) for mark in marks)
    assert measured.echo and measured.echo.erle_db < 3


def test_a_silent_reference_costs_and_changes_nothing() -> None:
    microphone = np.concatenate(
        [noise("pink", 1.0, level_dbfs=-62), speech_like(1.0), noise("pink", 1.0, level_dbfs=-62)]
    )
    marks, measured = hear(stereo(microphone, np.zeros_like(microphone)))
    alone, bare = hear((microphone * 32767).astype("<i2").tobytes(), channels=1)
    assert marks == alone and measured.echo == Echo(0, 0.0, 0)
    assert abs(measured.level_dbfs - bare.level_dbfs) < 0.1
