"""The speaker's worker with a port that the test operates."""

import threading
import time

from voicelive_tui.audio.host.speaker import Speaker
from voicelive_tui.audio.ipc.messages import AudioMessage, Flushed, Levels, PlayedPart
from voicelive_tui.audio.ports.port import Fail, OutputPort, Pull
from voicelive_tui.model.formats import AudioFormat

from tests.support.counter import counter
from tests.support.deadlines import DEADLINE_S

RATE_HZ = 24_000


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
