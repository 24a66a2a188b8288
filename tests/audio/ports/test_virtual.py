"""A speaker file beside the jitter buffer that fills it, on a clock that the test moves: the
reports match the file."""

import wave
from pathlib import Path

from voicelive_tui.audio.host.jitter_buffer import JitterBuffer, PlayoutEvent
from voicelive_tui.audio.host.received_audio import ReceivedAudio
from voicelive_tui.audio.ipc.messages import Drained, PlaybackStarted, PlayedPart
from voicelive_tui.audio.ports.virtual import Pacer, Tick, WavOutput
from voicelive_tui.model.formats import BLOCK_S, AudioFormat

from tests.support.signals import counter, without_silence

RATE_HZ = 24_000
BLOCK = round(BLOCK_S * RATE_HZ)


class SteppedPacer(Pacer):
    """A clock that stands still until the test ends a block."""

    def __init__(self) -> None:
        super().__init__(RATE_HZ, "stepped")
        self.now_s = 100.0
        self._blocks = 0

    def now(self) -> float:
        return self.now_s

    def start(self, tick: Tick) -> None:
        self._tick = tick

    def end_blocks(self, count: int) -> None:
        """Let so many blocks pass."""
        for _ in range(count):
            begin_s = self.now_s
            self.now_s += BLOCK_S
            self._tick(self._blocks * BLOCK, BLOCK, begin_s)
            self._blocks += 1


class Speaker:
    """A jitter buffer, the file that it plays into, and the events of both."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pacer = SteppedPacer()
        self.playout = JitterBuffer(RATE_HZ)
        self.port = WavOutput(str(path), RATE_HZ, self.pacer)
        self.port.start(self._pull, self._fail)
        self.events: list[PlayoutEvent] = []

    def _pull(self, out: memoryview, heard_s: float, ran_dry: bool) -> None:
        self.playout.pull(out, heard_s, ran_dry=ran_dry)

    def _fail(self, sentence: str) -> None:
        raise AssertionError(sentence)

    def play(self, blocks: int) -> None:
        for _ in range(blocks):
            self.pacer.end_blocks(1)
            self.events += self.playout.events(self.pacer.now_s)

    def closed(self) -> bytes:
        """Close the file and return its audio, without the silence around it."""
        self.port.close()
        with wave.open(str(self.path), "rb") as file:
            return without_silence(file.readframes(file.getnframes()))


def test_the_reported_times_are_the_places_in_the_file(tmp_path: Path) -> None:
    speaker = Speaker(tmp_path / "played.wav")
    speaker.playout.append("a", 0, counter(4_800), ReceivedAudio(AudioFormat(), 9_600))
    speaker.playout.end("a", 0)
    speaker.play(17)
    speaker.playout.append("b", 0, counter(4_800, start=5_000), ReceivedAudio(AudioFormat(), 9_600))
    speaker.playout.end("b", 0)
    speaker.play(20)
    _, first, started, second = speaker.events
    assert (
        isinstance(first, Drained)
        and isinstance(started, PlaybackStarted)
        and isinstance(second, Drained)
    )
    gap = bytes(2 * round((started.at_s - first.at_s) * RATE_HZ))
    assert gap
    assert speaker.closed() == counter(4_800) + gap + counter(4_800, start=5_000)
    assert round(second.at_s - started.at_s, 9) == 0.2


def test_a_flush_within_a_block_names_exactly_what_the_file_holds(tmp_path: Path) -> None:
    speaker = Speaker(tmp_path / "played.wav")
    speaker.playout.append("a", 0, counter(24_000), ReceivedAudio(AudioFormat(), 48_000))
    # The first block is heard from when it was pulled, at the end of the first 20 ms.
    speaker.play(11)
    speaker.pacer.now_s += 0.007
    silent_s = speaker.port.silence()
    assert speaker.playout.flush(silent_s) == (PlayedPart("a", 0, 207, 1_000),)
    speaker.port.resume()
    speaker.play(5)
    assert speaker.closed() == counter(207 * 24)


def test_nothing_is_pulled_between_a_silence_and_its_flush(tmp_path: Path) -> None:
    speaker = Speaker(tmp_path / "played.wav")
    speaker.playout.append("a", 0, counter(24_000), ReceivedAudio(AudioFormat(), 48_000))
    speaker.play(11)
    silent_s = speaker.port.silence()
    speaker.pacer.end_blocks(3)
    assert speaker.playout.flush(silent_s) == (PlayedPart("a", 0, 200, 1_000),)
    speaker.port.resume()
    assert speaker.closed() == counter(4_800)


def test_a_machine_that_slept_moves_the_times_and_not_the_file(tmp_path: Path) -> None:
    speaker = Speaker(tmp_path / "played.wav")
    speaker.playout.append("a", 0, counter(24_000), ReceivedAudio(AudioFormat(), 48_000))
    speaker.playout.end("a", 0)
    speaker.play(10)
    speaker.pacer.now_s += 5.0
    speaker.play(50)
    started, _, drained = speaker.events
    assert isinstance(started, PlaybackStarted) and isinstance(drained, Drained)
    assert drained.part == PlayedPart("a", 0, 1_000, 1_000)
    assert round(drained.at_s - started.at_s, 9) == 6.0
    assert speaker.closed() == counter(24_000)
