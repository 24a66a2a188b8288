"""The speaker's worker with a port that the test operates."""

import math
import threading
import time
from collections.abc import Iterator
from queue import Queue
from typing import TypeVar

import pytest
from voicelive_tui.audio.host.speaker import Speaker
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    CutEvidence,
    Drained,
    Flushed,
    Levels,
    PlayedPart,
)
from voicelive_tui.audio.ports.port import Fail, OutputPort, Pull
from voicelive_tui.model.formats import AudioFormat

from tests.support.counter import counter
from tests.support.deadlines import DEADLINE_S

RATE_HZ = 24_000
T = TypeVar("T")


class SlowToSilence(OutputPort):
    """A device that reports only after `released` since when it is silent."""

    name = "by hand"
    rate_hz = RATE_HZ

    def __init__(self) -> None:
        self.heard_from_s = 0.0
        self.silent_s = 0.0
        self.asked = threading.Event()
        self.released = threading.Event()

    def start(self, pull: Pull, fail: Fail) -> None:
        self._pull = pull

    def hear(self, frames: int) -> None:
        """Take so many frames, which are heard from now on."""
        self.heard_from_s = time.perf_counter()
        self._pull(memoryview(bytearray(2 * frames)), self.heard_from_s, False)

    def silence(self) -> float:
        self.silent_s = time.perf_counter()
        self.asked.set()
        assert self.released.wait(DEADLINE_S)
        return self.silent_s

    def resume(self) -> None: ...

    def close(self) -> None: ...


def test_a_device_that_is_slow_to_fall_silent_does_not_add_to_what_was_heard() -> None:
    port = SlowToSilence()
    posted: list[AudioMessage] = []
    levels = threading.Semaphore(0)

    def post(message: AudioMessage) -> None:
        posted.append(message)
        if isinstance(message, Levels):
            levels.release()

    def wait_for_levels(count: int) -> None:
        for _ in range(count):
            assert levels.acquire(timeout=DEADLINE_S)

    playback = Speaker(port, AudioFormat(), post)
    playback.start(lambda sentence: None)
    playback.play("a", 0, counter(60 * RATE_HZ))
    port.hear(60 * RATE_HZ)
    wait_for_levels(2)
    flushing = threading.Thread(target=playback.flush, args=(1,))
    flushing.start()
    assert port.asked.wait(DEADLINE_S)
    while levels.acquire(blocking=False):
        pass
    # The worker looked at the clock at least three times since the device was asked.
    wait_for_levels(2)
    port.released.set()
    flushing.join(DEADLINE_S)
    playback.close()
    (flushed,) = [message for message in posted if isinstance(message, Flushed)]
    heard_frames = int((port.silent_s - port.heard_from_s) * RATE_HZ)
    assert flushed == Flushed(
        1, (PlayedPart("a", 0, heard_frames * 1000 // RATE_HZ, 60_000),), port.silent_s
    )


def test_only_what_is_cut_is_measured() -> None:
    evidence = CutEvidence(-24.0, None, None)
    measured: list[float] = []

    def measure(at_s: float) -> CutEvidence:
        measured.append(at_s)
        return evidence

    port = SlowToSilence()
    port.released.set()
    flushed: Queue[Flushed] = Queue()

    def post(message: AudioMessage) -> None:
        if isinstance(message, Flushed):
            flushed.put(message)

    playback = Speaker(port, AudioFormat(), post, measure_cut=measure)
    playback.start(lambda sentence: None)
    playback.flush(1)
    assert flushed.get(timeout=DEADLINE_S).evidence is None
    playback.play("a", 0, counter(RATE_HZ))
    port.hear(RATE_HZ // 10)
    playback.flush(2)
    assert flushed.get(timeout=DEADLINE_S).evidence is evidence
    assert measured == [port.silent_s]
    playback.close()


class Played(OutputPort):
    """A device that plays when the test says so, and notes when it is stopped and started."""

    name = "by hand"
    rate_hz = RATE_HZ

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.rests = threading.Semaphore(0)
        """Released when the port is asked to rest."""
        self.rested = threading.Semaphore(0)
        """Released when it rests."""
        self.may_rest = threading.Event()
        self.may_rest.set()

    def start(self, pull: Pull, fail: Fail) -> None:
        self._pull = pull

    def hear_all_of(self, frames: int) -> None:
        """Take so many frames and a block of silence, all of which were heard until now."""
        frames += RATE_HZ // 50
        heard_from_s = time.perf_counter() - frames / RATE_HZ
        self._pull(memoryview(bytearray(2 * frames)), heard_from_s, False)

    def silence(self) -> float:
        self.calls.append("silence")
        return time.perf_counter()

    def resume(self) -> None:
        self.calls.append("resume")

    def rest(self) -> bool:
        self.calls.append("rest")
        self.rests.release()
        assert self.may_rest.wait(DEADLINE_S)
        self.rested.release()
        return True

    def close(self) -> None: ...

    def wait_until_rested(self) -> None:
        assert self.rested.acquire(timeout=DEADLINE_S)


class Resting:
    """A speaker that rests as soon as it has nothing to play, and what it posted."""

    def __init__(self) -> None:
        self.port = Played()
        self.posted: list[AudioMessage] = []
        self.speaker = Speaker(self.port, AudioFormat(), self.posted.append, rest_after_s=0.0)
        self.speaker.start(lambda sentence: None)

    def of(self, kind: type[T]) -> list[T]:
        """The messages of this kind so far."""
        return [message for message in self.posted if isinstance(message, kind)]


@pytest.fixture
def resting() -> Iterator[Resting]:
    """A speaker that rests already."""
    resting = Resting()
    resting.port.wait_until_rested()
    yield resting
    resting.speaker.close()


def test_a_speaker_rests_until_there_is_sound_and_again_after_it(resting: Resting) -> None:
    for number in range(1, 4):
        resting.speaker.play(f"a{number}", 0, counter(RATE_HZ))
        assert resting.port.calls == ["rest", "resume"] * number
        resting.speaker.end(f"a{number}", 0)
        resting.port.hear_all_of(RATE_HZ)
        resting.port.wait_until_rested()
        assert [one.part for one in resting.of(Drained)] == [
            PlayedPart(f"a{each}", 0, 1_000, 1_000) for each in range(1, number + 1)
        ]


def test_the_level_ends_with_one_report_of_silence_before_the_rest(resting: Resting) -> None:
    assert resting.of(Levels) == []
    resting.speaker.play("a", 0, counter(RATE_HZ))
    resting.speaker.end("a", 0)
    resting.port.hear_all_of(RATE_HZ)
    resting.port.wait_until_rested()
    loud = [levels.peak_dbfs > -math.inf for levels in resting.of(Levels)]
    assert (loud.count(True), loud[-2:]) == (1, [True, False])


def test_a_part_without_sound_wakes_the_port_so_that_its_end_is_reported(
    resting: Resting,
) -> None:
    resting.speaker.end("empty", 0)
    assert resting.port.calls == ["rest", "resume"]
    resting.port.hear_all_of(0)
    resting.port.wait_until_rested()
    assert [one.part for one in resting.of(Drained)] == [PlayedPart("empty", 0, 0, 0)]


def test_a_flush_leaves_a_resting_port_alone(resting: Resting) -> None:
    resting.speaker.flush(3)
    assert [(one.epoch, one.parts) for one in resting.of(Flushed)] == [(3, ())]
    assert resting.port.calls == ["rest"]


def test_sound_that_comes_while_the_port_stops_starts_it_again(resting: Resting) -> None:
    assert resting.port.rests.acquire(timeout=DEADLINE_S)
    resting.port.may_rest.clear()
    resting.speaker.play("a", 0, counter(RATE_HZ))
    resting.speaker.end("a", 0)
    resting.port.hear_all_of(RATE_HZ)
    assert resting.port.rests.acquire(timeout=DEADLINE_S)
    playing = threading.Thread(target=resting.speaker.play, args=("b", 0, counter(RATE_HZ)))
    playing.start()
    resting.port.may_rest.set()
    playing.join(DEADLINE_S)
    assert resting.port.calls == ["rest", "resume", "rest", "resume"]


def test_a_port_that_is_lost_while_it_rests_is_not_stopped_again(resting: Resting) -> None:
    resting.speaker.detach_port()
    resting.speaker.play("a", 0, counter(240))
    resting.speaker.end("a", 0)
    assert resting.port.calls == ["rest"]
    assert [one.part for one in resting.of(Drained)] == [PlayedPart("a", 0, 0, 10)]
