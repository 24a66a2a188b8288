"""The input buffer: every format is measured alike, refusals leave it unchanged, and memory is
bounded."""

import sys

import numpy as np
import pytest
from voicelive_common import g711
from voicelive_common.voice_activity.detector import Endpointing
from voicelive_simulator.api.errors import Refused
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat
from voicelive_simulator.sound.measurement import BlockLog, Measurement

from tests.support.speech_like import noise, pcm16, silence, speech_like


def ears(audio_format: InputFormat | None = None) -> InputAudio:
    opened = InputAudio()
    opened.configure(audio_format or InputFormat(), Endpointing())
    return opened


def measured(audio: bytes, audio_format: InputFormat | None = None) -> Measurement:
    heard = ears(audio_format)
    for _ in heard.append(audio):
        pass
    return heard.commit()


def test_level_noise_and_duration_are_those_of_the_signal() -> None:
    hiss = noise("white", 4.0, level_dbfs=-60)
    hiss[24_000:72_000] += speech_like(2.0, level_dbfs=-20)
    found = measured(pcm16(hiss))
    assert found.audio_ms == 4000
    assert abs(found.speech_ms - 2000) <= 60
    assert found.noise_dbfs is not None and abs(found.noise_dbfs - -60) < 1.0
    assert abs(found.level_dbfs - -20) < 2.0  # the pauses between syllables do not count
    assert found.clipped == 0
    assert found.transcript.startswith("[speech, 2.0 s, -1") or found.transcript.startswith(
        "[speech, 2.0 s, -2"
    )


def test_silence_is_called_no_speech() -> None:
    assert measured(pcm16(silence(1.0))).transcript == "[no speech, 1.0 s, -96 dBFS]"


def test_clipping_is_counted_in_runs_only() -> None:
    samples = np.zeros(24_000, dtype=np.int16)
    samples[100:110] = 32767
    samples[500] = 32767
    samples[700:705] = -32768
    assert measured(samples.tobytes()).clipped == 15


@pytest.mark.parametrize("codec", ["g711_ulaw", "g711_alaw"])
def test_g711_is_heard_like_pcm16(codec: str) -> None:
    sound = np.frombuffer(
        pcm16(
            silence(0.5, rate_hz=8000), speech_like(1.0, rate_hz=8000), silence(0.5, rate_hz=8000)
        ),
        dtype="<i2",
    )
    plain = measured(sound.tobytes(), InputFormat("pcm16", 8000))
    coded = measured(g711.encode(sound.astype(np.int16), codec), InputFormat(codec, 8000))
    assert coded.speech_ms == plain.speech_ms
    assert abs(coded.level_dbfs - plain.level_dbfs) < 0.3


def test_two_channels_are_microphone_and_reference() -> None:
    left = np.frombuffer(pcm16(silence(0.5), speech_like(1.0), silence(0.5)), dtype="<i2")
    both = np.stack([left, np.zeros_like(left)], axis=1).tobytes()
    assert (
        measured(both, InputFormat("pcm16", 24_000, 2)).transcript
        == measured(left.tobytes()).transcript
    )
    swapped = np.stack([np.zeros_like(left), left], axis=1).tobytes()
    assert measured(swapped, InputFormat("pcm16", 24_000, 2)).speech_ms == 0


def test_half_a_sample_is_refused_and_nothing_is_kept_of_it() -> None:
    heard = ears()
    with pytest.raises(Refused):
        heard.append(b"\0" * 961)
    assert heard.empty and not heard.received


def test_the_end_of_a_turn_keeps_what_came_after_it() -> None:
    """One append with two turns and an incomplete block at its end: nothing of the second turn may
    be lost."""
    heard = ears()
    sound = (
        pcm16(silence(1.0), speech_like(0.6), silence(1.0), speech_like(0.6), silence(1.0))
        + b"\0" * 500
    )
    found = []
    start_ms = 0
    for mark in heard.append(sound):
        if hasattr(mark, "audio_start_ms"):
            start_ms = mark.audio_start_ms
        else:
            found.append(heard.end_turn(start_ms))
    assert [round(turn.speech_ms / 100) for turn in found] == [6, 6]
    for _ in heard.append(b"\0" * (960 - 500)):
        pass
    assert heard.position_ms == 4220


def test_levels_are_kept_for_ten_minutes_at_most() -> None:
    log = BlockLog(most=100)
    for n in range(1000):
        log.add(1e-4 if n < 500 else 1e-2, 0, True)
    assert log.end == 1000
    found = log.measure(0, 1000)
    assert found.audio_ms == 20_000
    assert found.level_dbfs == pytest.approx(-20, abs=0.1)  # the early, quieter half is dropped


def test_a_change_of_format_drops_only_the_started_block() -> None:
    heard = ears()
    for _ in heard.append(b"\0" * (960 + 500)):
        pass
    heard.configure(InputFormat("pcm16", 16_000), Endpointing())
    for _ in heard.append(b"\0" * 640):
        pass
    assert heard.position_ms == 40


def test_nothing_of_an_append_is_held_when_it_was_heard() -> None:
    heard = ears()
    for size in (48_000, 48_500):  # whole blocks, and an incomplete one
        audio = bytes(size)
        before = sys.getrefcount(audio)
        for _ in heard.append(audio):
            pass
        assert sys.getrefcount(audio) == before
