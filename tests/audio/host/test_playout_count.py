"""How much audio has left the speaker's queue, and how much may wait in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.host.jitter_buffer import JitterBuffer
from voicelive_tui.audio.host.playout_count import (
    MOST_AHEAD_S,
    MOST_PARTS,
    PlayoutCount,
    TooFarAhead,
    check_ahead,
)
from voicelive_tui.audio.host.received_audio import ReceivedAudio
from voicelive_tui.audio.ipc.messages import PlayoutReport
from voicelive_tui.model.formats import AudioFormat

RATE_HZ = 1_000
BLOCK = 20


class Queue:
    """A jitter buffer whose audio is counted, as the speaker does it; a frame takes a
    millisecond."""

    def __init__(self) -> None:
        self.buffer = JitterBuffer(RATE_HZ)
        self.count = PlayoutCount()
        self.now_s = 0.0

    def play(self, epoch: int, frames: int, item_id: str = "a") -> None:
        self.count.add(epoch, frames, self.buffer)
        received = ReceivedAudio(AudioFormat("pcm16", RATE_HZ))
        self.buffer.append(item_id, 0, bytes(2 * frames), received)

    def pull(self) -> None:
        self.buffer.pull(memoryview(bytearray(2 * BLOCK)), self.now_s)
        self.now_s += BLOCK / RATE_HZ

    @property
    def report(self) -> PlayoutReport:
        return self.count.report(self.buffer, RATE_HZ)


def test_what_the_device_took_and_what_was_dropped_has_left() -> None:
    queue = Queue()
    queue.play(3, 500)
    assert queue.report == PlayoutReport(3, 0)
    queue.pull()
    queue.pull()
    assert queue.report == PlayoutReport(3, 2 * BLOCK)
    queue.buffer.flush(queue.now_s)
    assert queue.report == PlayoutReport(3, 500)
    queue.play(4, 100)
    assert queue.report == PlayoutReport(4, 0)


@given(st.lists(st.integers(1, 400) | st.sampled_from(["pull", "flush", "next"]), max_size=60))
def test_it_never_goes_back_in_an_epoch_and_ends_with_all_that_came(steps: list[int | str]) -> None:
    queue, epoch, played, before = Queue(), 0, 0, 0
    for step in steps:
        match step:
            case int(frames):
                queue.play(epoch, frames)
                played += frames
            case "pull":
                queue.pull()
            case "flush":
                queue.buffer.flush(queue.now_s)
            case "next":
                queue.buffer.flush(queue.now_s)
                epoch, played, before = epoch + 1, 0, 0
        if queue.report.epoch == epoch:
            assert before <= queue.report.left_ms <= played
            before = queue.report.left_ms
    queue.buffer.end("a", 0)
    for _ in range(sum(step for step in steps if isinstance(step, int)) // BLOCK + 1):
        queue.pull()
    if played:
        assert queue.report == PlayoutReport(epoch, played)


def test_no_more_than_a_minute_may_wait() -> None:
    queue = Queue()
    queue.play(0, int(MOST_AHEAD_S * RATE_HZ) - 100)
    check_ahead(queue.buffer, RATE_HZ, 100)
    with pytest.raises(TooFarAhead, match="60 s of audio would wait, the limit is 60"):
        check_ahead(queue.buffer, RATE_HZ, 101)


def test_no_more_than_so_many_parts_and_pieces_may_wait() -> None:
    parts, pieces = Queue(), Queue()
    for number in range(MOST_PARTS):
        parts.play(0, 0, f"item{number}")
        pieces.play(0, 1)
    check_ahead(parts.buffer, RATE_HZ, 0)
    check_ahead(pieces.buffer, RATE_HZ, 0)
    parts.play(0, 0, "one more")
    with pytest.raises(TooFarAhead, match="too many parts"):
        check_ahead(parts.buffer, RATE_HZ, 0)
    with pytest.raises(TooFarAhead, match="too many parts or pieces"):
        for _ in range(10_000):
            pieces.play(0, 1)
            check_ahead(pieces.buffer, RATE_HZ, 0)
