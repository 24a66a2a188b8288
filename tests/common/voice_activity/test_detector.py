"""Turns found in sound: at the right millisecond, whatever the rate, the chunking or the
background."""

import importlib.util
import itertools

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_common import g711
from voicelive_common.voice_activity.band_levels import BLOCK_MS
from voicelive_common.voice_activity.detector import Endpointing, Mark, SpeechStarted, SpeechStopped
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat

from tests.support.speech_like import Noise, Sound, noise, pcm16, silence, speech_like

RATES_HZ = (8_000, 16_000, 24_000, 44_100)
FORMATS = [*(("pcm16", rate) for rate in RATES_HZ), ("g711_ulaw", 8000), ("g711_alaw", 8000)]


def hear(
    sound: bytes,
    *,
    rate_hz: int = 24_000,
    chunk_bytes: int = 0,
    endpointing: Endpointing | None = None,
) -> list[Mark]:
    ears = InputAudio()
    ears.configure(InputFormat(rate_hz=rate_hz), endpointing or Endpointing())
    size = chunk_bytes or len(sound)
    return [
        mark for at in range(0, len(sound), size) for mark in ears.append(sound[at : at + size])
    ]


def turns(marks: list[Mark]) -> list[tuple[int, int]]:
    starts = [mark.audio_start_ms for mark in marks if isinstance(mark, SpeechStarted)]
    stops = [mark.audio_end_ms for mark in marks if isinstance(mark, SpeechStopped)]
    assert len(starts) == len(stops)
    return list(zip(starts, stops, strict=True))


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_turn_is_found_to_one_block(rate_hz: int) -> None:
    sound = pcm16(
        silence(1.0, rate_hz=rate_hz) + noise("white", 1.0, rate_hz=rate_hz, level_dbfs=-70),
        speech_like(1.55, rate_hz=rate_hz),  # ends inside a syllable
        noise("white", 1.0, rate_hz=rate_hz, level_dbfs=-70, seed=2),
    )
    [(start_ms, end_ms)] = turns(
        hear(sound, rate_hz=rate_hz, endpointing=Endpointing(0.5, 300, 500, 80))
    )
    assert abs(start_ms - (1000 - 300)) <= BLOCK_MS
    assert abs(end_ms - (2550 + 500)) <= BLOCK_MS


@pytest.mark.parametrize("chunk_ms", [7, 20, 50, 333])
def test_the_speed_of_arrival_changes_nothing(chunk_ms: int) -> None:
    hiss = noise("pink", 1.0, level_dbfs=-60)
    sound = pcm16(hiss, speech_like(1.0), hiss, speech_like(0.7), hiss, hiss)
    at_once = hear(sound)
    assert len(at_once) == 4
    assert hear(sound, chunk_bytes=chunk_ms * 48) == at_once


def test_the_timing_fields_are_honoured() -> None:
    sound = pcm16(silence(1.0), speech_like(0.4), silence(0.4), speech_like(0.4), silence(1.5))
    assert len(turns(hear(sound, endpointing=Endpointing(0.5, 0, 300, 80)))) == 2
    assert len(turns(hear(sound, endpointing=Endpointing(0.5, 0, 600, 80)))) == 1
    assert (
        turns(hear(sound, endpointing=Endpointing(0.5, 0, 300, 600))) == []
    )  # no run of speech is that long
    [(padded, _)] = turns(hear(sound, endpointing=Endpointing(0.5, 250, 600, 80)))
    [(bare, _)] = turns(hear(sound, endpointing=Endpointing(0.5, 0, 600, 80)))
    assert bare - padded == 250


def test_padding_never_reaches_before_the_session_or_into_the_turn_before() -> None:
    early = turns(
        hear(
            pcm16(silence(0.1), speech_like(0.5), silence(1.0)),
            endpointing=Endpointing(0.5, 2000, 200, 80),
        )
    )
    assert early[0][0] == 0
    sound = pcm16(silence(0.5), speech_like(0.5), silence(0.5), speech_like(0.5), silence(1.0))
    (_, first_end), (second_start, _) = turns(
        hear(sound, endpointing=Endpointing(0.5, 2000, 200, 80))
    )
    assert second_start == first_end


def test_a_higher_threshold_asks_for_more_distance_to_the_noise() -> None:
    hiss = noise("white", 3.0, level_dbfs=-40)
    faint = hiss.copy()
    faint[24_000:48_000] += speech_like(1.0, level_dbfs=-36)
    assert len(turns(hear(pcm16(faint), endpointing=Endpointing(0.1, 0, 500, 80)))) == 1
    assert turns(hear(pcm16(faint), endpointing=Endpointing(0.95, 0, 500, 80))) == []


@pytest.mark.parametrize("kind", ["white", "pink", "hum", "clicks"])
@pytest.mark.parametrize("level_dbfs", [-60.0, -40.0, -20.0])
@pytest.mark.parametrize("rate_hz", [8_000, 24_000])
def test_a_background_alone_is_no_turn(kind: Noise, level_dbfs: float, rate_hz: int) -> None:
    sound = pcm16(noise(kind, 8.0, rate_hz=rate_hz, level_dbfs=level_dbfs))
    assert hear(sound, rate_hz=rate_hz, endpointing=Endpointing(0.3, 300, 500, 80)) == []


@pytest.mark.parametrize("kind", ["white", "pink", "hum"])
def test_speech_is_found_over_a_background(kind: Noise) -> None:
    background = noise(kind, 5.0, level_dbfs=-45)
    background[48_000:84_000] += speech_like(1.5, level_dbfs=-20)
    [(start_ms, end_ms)] = turns(hear(pcm16(background), endpointing=Endpointing(0.5, 0, 500, 80)))
    assert abs(start_ms - 2000) <= 60
    assert abs(end_ms - 4000) <= 100


def test_a_microphone_that_wakes_up_is_no_turn() -> None:
    assert hear(pcm16(silence(2.0), noise("pink", 5.0, level_dbfs=-52))) == []


def test_one_long_vowel_is_one_turn() -> None:
    t = np.arange(24_000 * 4) / 24_000
    vowel: Sound = 0.2 * (np.sin(2 * np.pi * 220 * t) + 0.5 * np.sin(2 * np.pi * 660 * t))
    assert (
        len(
            turns(
                hear(
                    pcm16(
                        noise("white", 1.0, level_dbfs=-65),
                        vowel,
                        noise("white", 2.0, level_dbfs=-65),
                    )
                )
            )
        )
        == 1
    )


@pytest.mark.skipif(
    importlib.util.find_spec("espeakng_loader") is None, reason="the demo extra is not installed"
)
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_spoken_sentence_is_one_turn(rate_hz: int) -> None:
    from voicelive_simulator.sound.espeak import EspeakVoice

    spoken = EspeakVoice().speak("The quick brown fox jumps over the lazy dog.")
    samples: Sound = (
        soxr.resample(spoken.samples.astype(np.float64) / 32768, spoken.rate_hz, rate_hz) * 0.3
    )
    loud = np.flatnonzero(np.abs(samples) > 0.01) * 1000 / rate_hz
    hiss = noise("pink", 1.0, rate_hz=rate_hz, level_dbfs=-62)
    marks = hear(
        pcm16(hiss, samples, hiss), rate_hz=rate_hz, endpointing=Endpointing(0.5, 0, 500, 80)
    )
    [(start_ms, end_ms)] = turns(marks)
    assert abs(start_ms - (1000 + loud[0])) <= 60
    assert abs(end_ms - (1000 + loud[-1] + 500)) <= 120


@settings(max_examples=40)
@given(
    form=st.sampled_from(FORMATS),
    lead_ms=st.integers(600, 2500),
    syllables=st.integers(2, 6),
    prefix_ms=st.integers(0, 500),
    silence_ms=st.integers(200, 800),
    cuts=st.lists(st.floats(0, 1), max_size=30),
)
def test_wherever_the_turn_and_the_chunks_lie_the_marks_are_right(
    form: tuple[str, int],
    lead_ms: int,
    syllables: int,
    prefix_ms: int,
    silence_ms: int,
    cuts: list[float],
) -> None:
    codec, rate_hz = form
    spoken_s = syllables * 0.23 + 0.1  # ends inside a syllable
    sound = pcm16(
        silence(lead_ms / 1000, rate_hz=rate_hz),
        speech_like(spoken_s, rate_hz=rate_hz),
        silence(1.5, rate_hz=rate_hz),
    )
    if codec != "pcm16":
        sound = g711.encode(np.frombuffer(sound, dtype="<i2").astype(np.int16), codec)
    wire = InputFormat(codec, rate_hz)
    endpointing = Endpointing(0.5, prefix_ms, silence_ms, 80)

    def marks(edges: list[int]) -> list[Mark]:
        ears = InputAudio()
        ears.configure(wire, endpointing)
        return [
            mark for low, high in itertools.pairwise(edges) for mark in ears.append(sound[low:high])
        ]

    whole = len(sound)
    at_once = marks([0, whole])
    [(start_ms, end_ms)] = turns(at_once)
    assert abs(start_ms - (lead_ms - prefix_ms)) <= BLOCK_MS
    assert abs(end_ms - (lead_ms + spoken_s * 1000 + silence_ms)) <= BLOCK_MS
    frames = whole // wire.frame_bytes
    assert (
        marks(sorted([0, whole, *(int(cut * frames) * wire.frame_bytes for cut in cuts)]))
        == at_once
    )


@pytest.mark.parametrize(("codec", "rate_hz"), FORMATS)
@pytest.mark.parametrize("kind", ["white", "pink", "hum", "clicks"])
@pytest.mark.parametrize("threshold", [0.3, 0.5])
def test_in_every_format_and_over_every_background_both_ends_are_right_to_one_block(
    codec: str, rate_hz: int, kind: Noise, threshold: float
) -> None:
    background = noise(kind, 6.0, rate_hz=rate_hz, level_dbfs=-50)
    spoken = speech_like(1.55, rate_hz=rate_hz)
    at = int(2.013 * rate_hz)
    background[at : at + len(spoken)] += spoken
    sound = pcm16(background)
    if codec != "pcm16":
        sound = g711.encode(np.frombuffer(sound, dtype="<i2").astype(np.int16), codec)
    ears = InputAudio()
    ears.configure(InputFormat(codec, rate_hz), Endpointing(threshold, 300, 500, 80))
    [(start_ms, end_ms)] = turns(list(ears.append(sound)))
    assert abs(start_ms - (2013 - 300)) <= BLOCK_MS
    assert abs(end_ms - (2013 + 1550 + 500)) <= BLOCK_MS


def test_clicks_do_not_keep_a_turn_open() -> None:
    clicks = noise("clicks", 6.0, level_dbfs=-3)
    clicks[24_000:48_000] += speech_like(1.0)
    [(_, end_ms)] = turns(hear(pcm16(clicks)))
    assert abs(end_ms - (2000 + 500)) <= 2 * BLOCK_MS


def test_a_tone_goes_on_being_heard_for_seconds() -> None:
    """A long vowel or a whistle is not taken for the room's noise."""
    t = np.arange(24_000 * 5) / 24_000
    hiss = noise("white", 8.0, level_dbfs=-50)
    hiss[24_000 : 6 * 24_000] += 10 ** (-30 / 20) * np.sqrt(2) * np.sin(2 * np.pi * 440 * t)
    [(start_ms, end_ms)] = turns(hear(pcm16(hiss), endpointing=Endpointing(0.5, 0, 500, 80)))
    assert abs(start_ms - 1000) <= BLOCK_MS and abs(end_ms - 6500) <= BLOCK_MS


def coming_on(
    kind: str, size: int, rate_hz: int, levels_dbfs: tuple[float, float], fade_s: float
) -> Sound:
    """A background whose level changes at 1 s."""
    t = np.arange(size) / rate_hz
    gain = np.interp(
        t, [1.0, 1.0 + fade_s], [10 ** (level_dbfs / 20) for level_dbfs in levels_dbfs]
    )
    if kind == "mains":
        mains: Sound = np.sum(
            [np.sin(2 * np.pi * 60 * n * t + n) / n for n in range(1, 21)], axis=0
        )
        return mains * gain
    return (
        noise("white" if kind == "white" else "pink", size / rate_hz, rate_hz=rate_hz, level_dbfs=0)
        * gain
    )


@pytest.mark.parametrize(("codec", "rate_hz"), FORMATS)
@pytest.mark.parametrize("kind", ["white", "pink", "mains"])
@pytest.mark.parametrize("levels_dbfs", [(-120.0, -30.0), (-60.0, -40.0), (-60.0, -20.0)])
@pytest.mark.parametrize("fade_s", [0.0, 0.1, 0.5, 2.0])
def test_a_background_that_comes_on_is_no_turn(
    codec: str, rate_hz: int, kind: str, levels_dbfs: tuple[float, float], fade_s: float
) -> None:
    sound = pcm16(coming_on(kind, 5 * rate_hz, rate_hz, levels_dbfs, fade_s))
    if codec != "pcm16":
        sound = g711.encode(np.frombuffer(sound, dtype="<i2").astype(np.int16), codec)
    ears = InputAudio()
    ears.configure(InputFormat(codec, rate_hz), Endpointing(0.3, 300, 500, 80))
    assert list(ears.append(sound)) == []


@pytest.mark.parametrize("kind", ["white", "pink", "mains"])
@pytest.mark.parametrize("after_s", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("chunk_bytes", [0, 1_234])
def test_speech_soon_after_a_background_came_on_begins_where_it_begins(
    kind: str, after_s: float, chunk_bytes: int
) -> None:
    background = coming_on(kind, 7 * 24_000, 24_000, (-120.0, -42.0), 0.1)
    at = int((1.0 + after_s) * 24_000)
    spoken = speech_like(1.55)
    background[at : at + len(spoken)] += spoken
    marks = hear(
        pcm16(background), chunk_bytes=chunk_bytes, endpointing=Endpointing(0.5, 0, 500, 80)
    )
    [(start_ms, end_ms)] = turns(marks)
    assert abs(start_ms - (1000 + after_s * 1000)) <= BLOCK_MS
    assert abs(end_ms - (1000 + after_s * 1000 + 1550 + 500)) <= BLOCK_MS


def test_a_vowel_begins_a_turn_as_soon_as_it_is_long_enough() -> None:
    ears = InputAudio()
    ears.configure(InputFormat(), Endpointing(0.5, 0, 500, 80))
    known_ms = [
        ears.position_ms
        for mark in ears.append(pcm16(silence(1.0), speech_like(1.0), silence(1.0)))
    ]
    assert known_ms[0] == 1080


def test_whispered_syllables_are_a_turn() -> None:
    """Sounds that are not voiced: their ends show that they are not background noise."""
    syllables = noise("pink", 1.55, level_dbfs=-32) * np.where(
        np.arange(37_200) / 24_000 % 0.23 < 0.17, 1.0, 0.05
    )
    sound = pcm16(
        noise("white", 1.0, level_dbfs=-70), syllables, noise("white", 1.0, level_dbfs=-70, seed=2)
    )
    [(start_ms, end_ms)] = turns(hear(sound, endpointing=Endpointing(0.5, 0, 500, 80)))
    assert abs(start_ms - 1000) <= BLOCK_MS and abs(end_ms - (2550 + 500)) <= BLOCK_MS


def test_a_short_unvoiced_sound_is_a_turn_with_its_own_end() -> None:
    [(start_ms, end_ms)] = turns(
        hear(
            pcm16(silence(1.0), noise("white", 0.08, level_dbfs=-30), silence(1.0)),
            endpointing=Endpointing(0.5, 0, 500, 80),
        )
    )
    assert (start_ms, end_ms) == (1000, 1080 + 500)


def test_a_turn_put_off_does_not_come_again_in_the_silence_after_it() -> None:
    ears = InputAudio()
    ears.configure(InputFormat(), Endpointing(0.5, 0, 500, 80))
    known_ms = []
    for mark in ears.append(pcm16(silence(1.0), speech_like(0.16), silence(1.0))):
        assert isinstance(mark, SpeechStarted)
        known_ms.append(ears.position_ms)
        ears.postpone()
    assert known_ms == [1080, 1100, 1120, 1140, 1160]
