"""Turn marks are found again in a live microphone by its sound, whatever else it contains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.g711 import encode
from voicelive_simulator.replay.microphone_levels import (
    MicrophoneLevels,
    input_format,
    threshold_db,
)
from voicelive_simulator.replay.turn_marks import Mark, TurnMarks, mark_between
from voicelive_simulator.sound.input_audio import InputFormat

from tests.support.speech_like import noise, pcm16, silence, speech_like


def blocks(*lengths: int) -> list[bool]:
    """Alternating blocks of silence and sound, beginning with silence."""
    return [bool(n % 2) for n, length in enumerate(lengths) for _ in range(length)]


def heard(sound: list[bool]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.where(sound, -20.0, -80.0).astype(np.float32)


@given(st.integers(0, 300), st.lists(st.integers(1, 40), max_size=10), st.integers(0, 20))
def test_a_turn_ends_after_its_sound_and_its_pause_wherever_it_begins(
    lead: int, pauses: list[int], lost: int
) -> None:
    recorded = blocks(30, 100, 50)
    mark = mark_between(recorded, 0, len(recorded))
    pieces = [lead]
    for pause in pauses:
        pieces += [100 // (len(pauses) + 1), pause]
    pieces += [100 - sum(pieces[1::2]), 0]
    live = blocks(*pieces)
    listening = TurnMarks([mark], -50.0)
    listening.process_levels(heard(live))
    assert listening.reached == 0 or pauses, "the pause at the end has still to come"
    listening.process_levels(heard([False] * 100))
    assert listening.reached == 1


def test_less_sound_than_recorded_is_not_enough() -> None:
    recorded = blocks(0, 100, 50)
    listening = TurnMarks([mark_between(recorded, 0, len(recorded))], -50.0)
    listening.process_levels(heard(blocks(0, 80, 500)))
    assert listening.reached == 0


def test_a_whole_file_reaches_all_its_marks_at_once() -> None:
    recorded = blocks(30, 10, 0, 90, 50, 10, 0, 90, 50)
    ends = [40, 180, 190, 330]
    marks = [mark_between(recorded, at, end) for at, end in zip([0, *ends], ends, strict=False)]
    listening = TurnMarks(marks, -50.0)
    listening.process_levels(heard(blocks(200, 100, 50, 100, 60)))
    assert listening.reached == 4


def test_a_turn_committed_by_hand_takes_any_sound() -> None:
    listening = TurnMarks([Mark("committed", 0, 0), Mark("heard", 100, 0)], -50.0)
    listening.process_levels(heard(blocks(0, 500)))
    assert listening.reached == 0
    listening.commit()
    assert listening.reached == 1
    listening.process_levels(heard(blocks(0, 10)))
    assert listening.reached == 2


def test_a_mark_that_wants_nothing_is_reached_at_once() -> None:
    assert TurnMarks([mark_between([], 0, 0)], -50.0).reached == 1


@pytest.mark.parametrize("level_dbfs", [-55.0, -40.0])
def test_the_threshold_lies_between_noise_and_speech(level_dbfs: float) -> None:
    background = noise("pink", 4.0, level_dbfs=level_dbfs)
    speech = np.concatenate([silence(1.5), speech_like(1.0), silence(1.5)])
    levels = MicrophoneLevels().feed(pcm16(background + speech))
    found = levels > threshold_db(levels)
    assert not found[:149].any() and not found[251:].any() and found[150:250].mean() > 0.6


@pytest.mark.parametrize("rate_hz", [8000, 16000, 24000, 44100])
@pytest.mark.parametrize("codec", ["pcm16", "g711_ulaw", "g711_alaw"])
def test_levels_do_not_depend_on_format_or_chunks(rate_hz: int, codec: str) -> None:
    samples = pcm16(speech_like(1.0, rate_hz=rate_hz))
    audio = samples if codec == "pcm16" else encode(np.frombuffer(samples, "<i2"), codec)
    whole, parts = MicrophoneLevels(), MicrophoneLevels()
    for meter in (whole, parts):
        meter.configure(InputFormat(codec, rate_hz))
    levels = whole.feed(audio)
    assert len(levels) == 100 and np.max(levels) == pytest.approx(-17, abs=3)
    chunked = [parts.feed(audio[at : at + 777]) for at in range(0, len(audio), 777)]
    assert np.array_equal(np.concatenate(chunked), levels)


def test_of_two_channels_the_microphone_counts() -> None:
    mic, reference = np.zeros(24_000, "<i2"), np.full(24_000, 20_000, "<i2")
    meter = MicrophoneLevels()
    meter.configure(InputFormat("pcm16", 24_000, 2))
    assert np.max(meter.feed(np.stack([mic, reference], axis=1).tobytes())) == -90


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ({}, InputFormat("pcm16", 16_000)),
        ({"input_audio_format": "g711_ulaw"}, InputFormat("g711_ulaw", 8_000)),
        (
            {"input_audio_format": "g711_alaw", "input_audio_sampling_rate": 8_000},
            InputFormat("g711_alaw", 8_000),
        ),
        ({"input_audio_sampling_rate": 44_100}, InputFormat("pcm16", 44_100)),
        (
            {"input_audio_sampling_rate": "fast", "input_audio_format": 3},
            InputFormat("pcm16", 16_000),
        ),
        ({"input_audio_echo_cancellation": {"channels": 2}}, InputFormat("pcm16", 16_000, 2)),
        ({"input_audio_echo_cancellation": None}, InputFormat("pcm16", 16_000)),
    ],
)
def test_a_session_says_what_the_microphone_sends(
    session: dict[str, object], expected: InputFormat
) -> None:
    assert input_format(session, InputFormat("pcm16", 16_000)) == expected
