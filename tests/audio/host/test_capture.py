"""The microphone's worker with a port that the test feeds."""

import math
from collections.abc import Iterable, Iterator
from queue import Queue

import numpy as np
import pytest
from voicelive_tui.audio.host.capture import Capture
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    Levels,
    MicBlock,
    MicSpeech,
)
from voicelive_tui.audio.ipc.requests import ListenRequest, MuteRequest
from voicelive_tui.audio.ports.port import Captured, Fail, InputPort, Sink
from voicelive_tui.model.formats import AudioFormat

from tests.support.deadlines import DEADLINE_S
from tests.support.signals import counter, samples
from tests.support.speech_like import pcm16, silence, speech_like


class HandFed(InputPort):
    """A device that records what the test gives it, piece by piece."""

    name = "by hand"
    is_device = True

    def __init__(self, rate_hz: int = 24_000) -> None:
        self.rate_hz = rate_hz
        self.now_s = 50.0

    def start(self, sink: Sink, fail: Fail) -> None:
        self._sink = sink

    def close(self) -> None: ...

    def hear(self, audio: bytes, *, overflow: bool = False, piece_ms: int = 10) -> None:
        """Record these samples in pieces of this length, with `overflow` before the first."""
        step = self.rate_hz * piece_ms // 1000 * 2
        for at in range(0, len(audio), step):
            piece = audio[at : at + step]
            self.now_s += len(piece) / 2 / self.rate_hz
            self._sink(Captured(piece, self.now_s, overflow and at == 0))


class Listening:
    """A capture and the messages that it posts."""

    def __init__(self, port: HandFed, format_: AudioFormat) -> None:
        self.port = port
        self.posted: Queue[AudioMessage] = Queue()
        self.capture = Capture(port, format_, self.posted.put)
        self.capture.start(self.posted.put)  # type: ignore[arg-type]

    def until_blocks(self, count: int) -> list[AudioMessage]:
        """Wait for so many blocks and return all messages until then."""
        found: list[AudioMessage] = []
        while sum(isinstance(message, MicBlock) for message in found) < count:
            found.append(self.posted.get(timeout=DEADLINE_S))
        return found

    def blocks(self, count: int) -> list[MicBlock]:
        """Wait for so many blocks and return them."""
        return [one for one in self.until_blocks(count) if isinstance(one, MicBlock)]


def levels_of(messages: Iterable[AudioMessage]) -> list[Levels]:
    """The level reports among these messages, those in blocks included."""
    found: list[Levels] = []
    for message in messages:
        match message:
            case MicBlock(levels=levels):
                found += levels
            case Levels():
                found.append(message)
    return found


@pytest.fixture
def listening() -> Iterator[Listening]:
    """A capture at 24 kHz that listens."""
    listening = Listening(HandFed(), AudioFormat())
    listening.capture.handle(ListenRequest(True))
    yield listening
    listening.capture.close()


def test_sound_becomes_blocks_of_20_ms_with_numbers_and_times(listening: Listening) -> None:
    listening.port.hear(counter(2_400))
    blocks = listening.blocks(5)
    assert b"".join(block.audio for block in blocks) == counter(2_400)
    assert [block.sequence for block in blocks] == [0, 1, 2, 3, 4]
    assert [round(block.captured_at_s, 6) for block in blocks] == [50.02, 50.04, 50.06, 50.08, 50.1]


def test_a_block_names_when_its_last_frame_was_heard_even_behind_a_resampler() -> None:
    port = HandFed(48_000)
    listening = Listening(port, AudioFormat("pcm16", 24_000))
    listening.capture.handle(ListenRequest(True))
    click = np.zeros(48_000, np.int16)
    click[24_000] = 20_000  # 0.5 s after the beginning
    port.hear(click.tobytes())
    for block in listening.blocks(40):
        loudest = max(range(480), key=lambda index: abs(samples(block.audio)[index]))
        if abs(samples(block.audio)[loudest]) > 5_000:
            assert abs(block.captured_at_s - (479 - loudest) / 24_000 - 50.5) < 0.001
            break
    else:
        pytest.fail("the click was not heard")
    listening.capture.close()


def test_lost_sound_shows_as_a_gap_in_the_numbers(listening: Listening) -> None:
    listening.port.hear(counter(480))
    listening.port.now_s += 0.1
    listening.port.hear(counter(480), overflow=True)
    assert [block.sequence for block in listening.blocks(2)] == [0, 6]


def test_mute_sends_silence_at_the_same_pace_and_still_measures_the_room(
    listening: Listening,
) -> None:
    listening.capture.handle(MuteRequest(True))
    listening.port.hear(counter(960, start=20_000))
    listening.capture.handle(MuteRequest(False))
    listening.port.hear(counter(480))
    messages = listening.until_blocks(3)
    blocks = [message.audio for message in messages if isinstance(message, MicBlock)]
    assert blocks == [bytes(960), bytes(960), counter(480)]
    assert [levels.peak_dbfs > -6 for levels in levels_of(messages)] == [True]


def test_a_mute_at_this_machine_hides_the_room_and_outlasts_every_request(
    listening: Listening,
) -> None:
    listening.capture.mute_here(True)
    listening.capture.handle(MuteRequest(False))
    listening.port.hear(counter(960, start=20_000))
    listening.capture.mute_here(False)
    listening.port.hear(counter(960))
    messages = listening.until_blocks(4)
    blocks = [message.audio for message in messages if isinstance(message, MicBlock)]
    assert b"".join(blocks) == bytes(2 * 960) + counter(960)
    assert [levels.peak_dbfs > -math.inf for levels in levels_of(messages)] == [False, True]


def test_nobody_listening_gets_levels_only_and_no_gap_when_it_listens_again(
    listening: Listening,
) -> None:
    listening.port.hear(counter(960))
    listening.capture.handle(ListenRequest(False))
    listening.port.hear(counter(960, start=5_000))
    listening.capture.handle(ListenRequest(True))
    listening.port.hear(counter(480, start=9_000))
    blocks = listening.blocks(3)
    assert [block.sequence for block in blocks] == [0, 1, 2]
    assert blocks[2].audio == counter(480, start=9_000)


def test_another_format_holds_from_the_next_block_on(listening: Listening) -> None:
    listening.port.hear(counter(480))
    listening.capture.set_format(AudioFormat("g711_ulaw", 8_000))
    listening.port.hear(bytes(2 * 24_000))
    blocks = listening.blocks(20)
    assert len(blocks[0].audio) == 960
    assert {block.audio for block in blocks[1:]} == {b"\xff" * 160}


def test_two_seconds_of_digital_silence_from_a_device_are_a_notice_once(
    listening: Listening,
) -> None:
    listening.port.hear(bytes(2 * 24_000 * 5))
    messages = listening.until_blocks(250)
    notices = [message for message in messages if isinstance(message, DeviceNotice)]
    assert [notice.level for notice in notices] == ["warning"]
    assert "digital silence" in notices[0].text
    silent = messages.index(notices[0])
    assert len(levels_of(messages[:silent])) == 50
    assert all(levels.peak_dbfs == -math.inf for levels in levels_of(messages))


@pytest.mark.parametrize("piece_ms", [5, 10, 20, 40, 60])
def test_every_block_and_every_level_step_arrives_once_and_in_order(
    listening: Listening, piece_ms: int
) -> None:
    """100 blocks of counted samples are 50 steps of levels, each with its own peak, however the
    device cuts its audio, and whether or not somebody listens."""
    steps = np.repeat(np.arange(1, 51, dtype=np.int16) * 600, 960).tobytes()
    listening.port.hear(steps, piece_ms=piece_ms)
    messages = listening.until_blocks(100)
    blocks = [message for message in messages if isinstance(message, MicBlock)]
    assert [block.sequence for block in blocks] == list(range(100))
    assert b"".join(block.audio for block in blocks) == steps
    peaks = [round(10 ** (levels.peak_dbfs / 20) * 32_768) for levels in levels_of(messages)]
    assert peaks == [step * 600 for step in range(1, 51)]
    listening.capture.handle(ListenRequest(False))
    listening.port.hear(steps, piece_ms=piece_ms)
    alone = [listening.posted.get(timeout=DEADLINE_S) for _ in range(50)]
    assert alone == levels_of(messages)


def speech_in(messages: Iterable[AudioMessage]) -> list[MicSpeech]:
    return [message for message in messages if isinstance(message, MicSpeech)]


def test_speech_is_reported_with_its_times_before_the_block_that_proves_it(
    listening: Listening,
) -> None:
    listening.port.hear(pcm16(silence(0.5), speech_like(1.5), silence(1.0)))
    messages = listening.until_blocks(150)
    began, ended = speech_in(messages)
    assert (began.on, ended.on) == (True, False)
    assert began.at_s == pytest.approx(50.5, abs=0.06)
    assert ended.at_s == pytest.approx(52.0, abs=0.1)
    proof = messages[messages.index(ended) + 1]
    assert isinstance(proof, MicBlock)
    assert proof.captured_at_s == pytest.approx(ended.at_s + 0.5, abs=0.02)


def test_a_muted_microphone_has_no_speech(listening: Listening) -> None:
    listening.capture.handle(MuteRequest(True))
    listening.port.hear(pcm16(speech_like(2.0)))
    assert not speech_in(listening.until_blocks(100))


def test_speech_ends_when_nobody_listens_any_more(listening: Listening) -> None:
    listening.port.hear(pcm16(silence(0.5), speech_like(1.5)))
    listening.until_blocks(100)
    listening.capture.handle(ListenRequest(False))
    ended = listening.posted.get(timeout=DEADLINE_S)
    assert isinstance(ended, MicSpeech)
    assert not ended.on
    assert ended.at_s == pytest.approx(52.0)


def test_sound_at_a_rate_without_a_detector_is_sent_all_the_same() -> None:
    listening = Listening(HandFed(), AudioFormat("pcm16", 22_050))
    listening.capture.handle(ListenRequest(True))
    listening.port.hear(pcm16(silence(0.5), speech_like(1.0)))
    assert not speech_in(listening.until_blocks(60))
    listening.capture.close()
