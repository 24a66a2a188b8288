"""The sentences of the sound check: the introduction, the advice, and the measured figures."""

from dataclasses import replace

import numpy as np
import pytest
from voicelive_common import g711
from voicelive_common.voice_activity.detector import Endpointing
from voicelive_simulator.dialogue.responses.sound_check import (
    ReplyContext,
    greeting,
    level_advice,
    reply_to_speech,
    reply_to_text,
    reply_to_tool_failure,
    reply_to_tool_output,
)
from voicelive_simulator.sound.echo import Echo
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat
from voicelive_simulator.sound.measurement import Measurement
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.conversation_driver import ConversationDriver
from tests.support.speech_like import Sound, noise, pcm16, silence, speech_like

FIRST, LATER = ReplyContext(1, introduced=False), ReplyContext(2, introduced=True)


def heard(
    level_dbfs: float = -23.0,
    noise_dbfs: float | None = -58.0,
    *,
    speech_ms: int = 2100,
    clipped: int = 0,
) -> Measurement:
    return Measurement(3000, speech_ms, level_dbfs, noise_dbfs, clipped)


def test_the_first_words_of_a_newcomer_s_first_sound_check() -> None:
    assert reply_to_speech(heard(), FIRST) == (
        "Local simulator, not Azure. I hear you well. 2.1 seconds at minus 23 decibels, noise at "
        "minus 58."
    )
    assert (
        reply_to_speech(heard(), LATER)
        == "Turn 2. I hear you well. 2.1 seconds at minus 23 decibels, noise at minus 58."
    )


def test_the_echo_is_told_of_once_something_played() -> None:
    assert reply_to_speech(replace(heard(), echo=Echo(0, 0.0, 0)), LATER) == reply_to_speech(
        heard(), LATER
    )
    assert reply_to_speech(replace(heard(), echo=Echo(2000, 24.4, 40)), LATER).endswith(
        "Your echo was cancelled by 24 decibels, 40 milliseconds behind the reference."
    )
    assert reply_to_speech(replace(heard(), echo=Echo(2000, 0.3, 0)), LATER).endswith(
        "I found no echo of your reference."
    )


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        (heard(clipped=12), "Your microphone clips: turn it down."),
        (heard(-50.0), "I can hardly hear you"),
        (heard(-6.0), "You are very loud"),
        (heard(-30.0, -40.0), "only 10 decibels above the noise"),
        (heard(-38.0, -70.0), "a little quiet, but I hear you"),
        (heard(-38.0, None), "a little quiet, but I hear you"),
        (heard(), "I hear you well."),
    ],
)
def test_the_advice_fits_the_levels(measured: Measurement, words: str) -> None:
    assert words in level_advice(measured)


def test_silence_asks_for_the_mute_switch_and_sound_without_speech_does_not() -> None:
    assert (
        reply_to_speech(heard(-96.0, -96.0, speech_ms=0), LATER)
        == "Turn 2. I got 3.0 seconds of silence. Is the microphone muted?"
    )
    assert reply_to_speech(heard(-50.0, speech_ms=0), LATER).endswith(
        "I heard no speech in 3.0 seconds of sound at minus 50 decibels."
    )
    assert "no noise" in reply_to_speech(heard(-23.0, -96.0), LATER)


def test_every_first_answer_says_that_it_is_not_azure() -> None:
    for answer in (
        reply_to_speech(heard(), FIRST),
        reply_to_text("hello", FIRST),
        reply_to_text("", FIRST),
        reply_to_tool_output("x", FIRST),
        reply_to_tool_failure("x", FIRST),
        greeting(FIRST),
    ):
        assert "imulator, not Azure" in answer


def test_a_voice_of_tones_explains_itself_once_and_aloud() -> None:
    context = ReplyContext(1, introduced=False, remark=ToneVoice.remark)
    assert reply_to_speech(heard(), context).startswith(
        "Local simulator, not Azure. You hear tones, "
    )
    assert "tones" not in reply_to_speech(
        heard(), ReplyContext(2, introduced=True, remark=ToneVoice.remark)
    )
    driver = ConversationDriver(voice_remark=ToneVoice.remark)
    driver.say("response.create", response={"modalities": ["text"], "conversation": "none"})
    driver.wait(5.0)
    assert "tones" not in driver.last("response.text.done")["text"]


def test_an_introduction_that_nobody_heard_is_said_again() -> None:
    driver = ConversationDriver()
    driver.hold_voice = True
    driver.append(pcm16(silence(0.5), speech_like(1.0)))
    driver.wait(1.0)
    driver.append(pcm16(silence(0.6)))
    driver.say("response.cancel")
    driver.renders.clear()
    driver.hold_voice = False
    for expected in ("Turn 2. Local simulator, not Azure. ", "Turn 3. I hear you well. "):
        driver.append(pcm16(speech_like(1.0), silence(1.0)))
        driver.wait(20.0)
        assert driver.last("response.audio_transcript.done")["transcript"].startswith(expected)


@pytest.mark.parametrize("codec", ["pcm16", "g711_ulaw", "g711_alaw"])
@pytest.mark.parametrize("level_dbfs", [-40.0, -20.0, -10.0])
def test_a_steady_vowel_of_known_rms_is_measured_to_half_a_decibel(
    codec: str, level_dbfs: float
) -> None:
    """0 dBFS is a full-scale square wave, as on the console's meters."""
    t = np.arange(9_600) / 8000
    vowel: Sound = np.sin(2 * np.pi * 200 * t) + 0.5 * np.sin(2 * np.pi * 600 * t)
    vowel *= 10 ** (level_dbfs / 20) / np.sqrt(np.mean(vowel * vowel))
    hiss = noise("white", 1.0, rate_hz=8000, level_dbfs=-60.0)
    sound = pcm16(hiss, vowel, hiss)
    ears = InputAudio()
    ears.configure(InputFormat(codec, 8000), Endpointing())
    wire = (
        sound
        if codec == "pcm16"
        else g711.encode(np.frombuffer(sound, dtype="<i2").astype(np.int16), codec)
    )
    for _ in ears.append(wire):
        pass
    found = ears.commit()
    assert found.level_dbfs == pytest.approx(level_dbfs, abs=0.5)
    assert found.noise_dbfs == pytest.approx(-60.0, abs=2.0)
    assert found.speech_ms == pytest.approx(1200, abs=40)


@pytest.mark.parametrize("codec", ["pcm16", "g711_ulaw", "g711_alaw"])
def test_clipping_is_heard_in_every_codec(codec: str) -> None:
    loud = pcm16(
        silence(0.5, rate_hz=8000),
        speech_like(1.0, rate_hz=8000, level_dbfs=0.0),
        silence(0.5, rate_hz=8000),
    )
    fine = pcm16(
        silence(0.5, rate_hz=8000),
        speech_like(1.0, rate_hz=8000, level_dbfs=-20.0),
        silence(0.5, rate_hz=8000),
    )
    for sound, clips in ((loud, True), (fine, False)):
        ears = InputAudio()
        ears.configure(InputFormat(codec, 8000), Endpointing())
        wire = (
            sound
            if codec == "pcm16"
            else g711.encode(np.frombuffer(sound, dtype="<i2").astype(np.int16), codec)
        )
        for _ in ears.append(wire):
            pass
        assert ("clips" in level_advice(ears.commit())) is clips


def test_a_text_of_many_millions_is_counted_as_far_as_that_is_quick() -> None:
    assert reply_to_text("ab " * 20, LATER) == "You wrote 20 words: " + "ab " * 14 + "and so on"
    assert (
        reply_to_text("ab " * 1_000_000, LATER)
        == "You wrote at least 349526 words: " + "ab " * 14 + "and so on"
    )
    assert reply_to_text("x" * 2_000_000, LATER) == "You wrote at least 1 word: " + "x" * 40
