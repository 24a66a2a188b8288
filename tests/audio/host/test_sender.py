"""The sender writes to a real socket, whose reader may be slow, late or gone."""

import itertools
import socket
import threading
from collections.abc import Iterator

import pytest
from voicelive_tui.audio.host.sender import MessageSender
from voicelive_tui.audio.ipc.frames import FrameReader, Message
from voicelive_tui.audio.ipc.messages import InputEnded, MicBlock, Underrun

from tests.support.deadlines import DEADLINE_S


class Line:
    """A sender and the other end of its socket."""

    def __init__(self, **limits: int) -> None:
        self.ours, self._theirs = socket.socketpair()
        self.ours.settimeout(DEADLINE_S)
        self.lost = threading.Event()
        self.sender = MessageSender(self._theirs, self.lost.set, **limits)
        self._reader = FrameReader()

    def read(self, count: int) -> list[Message]:
        """Read so many messages."""
        found: list[Message] = []
        while len(found) < count:
            found += self.read_some()
        assert len(found) == count
        return found

    def read_some(self) -> list[Message]:
        """Read what is there; at least one byte."""
        return list(self._reader.feed(self.ours.recv(1 << 16)))

    def close(self) -> None:
        self.ours.close()
        self._theirs.close()


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


def test_messages_of_several_threads_arrive_whole_and_in_the_order_of_each(line: Line) -> None:
    """They are more than the socket holds at once, so some are written by the sender's thread."""
    each, senders = 1_000, ("a" * 1_000, "b" * 1_000, "c" * 1_000)

    def post(name: str) -> None:
        for number in range(each):
            line.sender.post(Underrun(name, 0, number, 0.0, 0.0))

    posting = [threading.Thread(target=post, args=(name,)) for name in senders]
    for thread in posting:
        thread.start()
    for thread in posting:
        thread.join()
    received = line.read(each * len(senders))
    for name in senders:
        own = [one for one in received if isinstance(one, Underrun) and one.item_id == name]
        assert [one.gap_ms for one in own] == list(range(each))


def test_a_reader_that_stops_loses_blocks_but_nothing_else_and_never_holds_up_the_sender(
    line: Line,
) -> None:
    blocks = 3_000
    for sequence in range(blocks):
        line.sender.post(MicBlock(sequence, 0.0, bytes(960)))
    line.sender.post(InputEnded(1.0))
    received: list[Message] = []
    while InputEnded(1.0) not in received:
        received += line.read_some()
    sequences = [one.sequence for one in received if isinstance(one, MicBlock)]
    assert sequences[:600] == list(range(600))
    assert sequences == sorted(set(sequences))
    assert len(sequences) < blocks
    line.sender.post(MicBlock(blocks, 0.0, bytes(960)))
    assert line.read(1) == [MicBlock(blocks, 0.0, bytes(960))]


def test_a_reader_that_is_gone_is_noticed(line: Line) -> None:
    line.ours.close()
    for number in itertools.count():
        line.sender.post(InputEnded(float(number)))
        if line.lost.wait(0.01):
            return
        assert number < 100 * DEADLINE_S


def test_a_peer_that_lets_too_much_wait_is_given_up() -> None:
    line = Line(most_bytes=1 << 20)
    underrun = Underrun("a" * 1_000, 0, 0, 0.0, 0.0)
    for _ in range(1_000):
        line.sender.post(underrun)
    assert not line.lost.is_set()
    for _ in range(1_000):
        line.sender.post(underrun)
    assert line.lost.is_set()
    line.close()
