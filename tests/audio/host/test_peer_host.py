"""The audio process of a console on another machine: it gives up one that is silent, and stops a
sender that is faster than it."""

import socket
import threading

import pytest
from voicelive_tui.audio.host import engine_limits
from voicelive_tui.audio.host.peer_host import PeerHost, PeerSilent
from voicelive_tui.audio.host.peer_rules import PeerRules
from voicelive_tui.audio.host.playout_count import MOST_PARTS
from voicelive_tui.audio.host.request_queue import RequestQueue, TakenRequest
from voicelive_tui.audio.ipc.frames import FrameError, Message, encode
from voicelive_tui.audio.ipc.host_reports import HostReport, mute_line, read_mute_line
from voicelive_tui.audio.ipc.messages import Opened, OpenRequest
from voicelive_tui.audio.ipc.requests import (
    EndRequest,
    FlushRequest,
    JoinRequest,
    ListDevicesRequest,
    PingRequest,
    PlayRequest,
    SetFormatsRequest,
)
from voicelive_tui.model.formats import AudioFormat

from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import nothing_left


@pytest.fixture(autouse=True)
def patient_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give devices time to close: the process that would be ended is the one of these tests."""
    monkeypatch.setattr(engine_limits, "CLOSING_S", DEADLINE_S)


def test_a_console_that_sends_nothing_is_given_up() -> None:
    ours, theirs = socket.socketpair()
    reports: list[HostReport] = []
    with ours, theirs:
        host = PeerHost(ours, "sound", reports.append, muted=False, silent_after_s=0.05)
        with pytest.raises(PeerSilent, match=r"nothing came from it for 0\.05 s"):
            host.serve()
        host.close(2)
    assert reports == [HostReport.READY, HostReport.LEAVING]


def test_the_listener_knows_that_a_console_leaves_before_the_console_sees_the_end() -> None:
    """Otherwise a console that joins again at once may be told that the sound is in use."""
    ours, theirs = socket.socketpair()
    ended: list[bool] = []

    def report(what: HostReport) -> None:
        if what is HostReport.LEAVING:
            ended.append(has_ended(theirs))

    with ours, theirs:
        host = PeerHost(ours, "sound", report, muted=False)
        parts = [encode(PlayRequest(0, f"{each}", 0, b"")) for each in range(MOST_PARTS + 1)]
        theirs.sendall(encode(OpenRequest("none", "null")) + b"".join(parts))
        theirs.setblocking(False)
        with pytest.raises(FrameError, match="parts"):
            host.serve()
        host.close(2)
        assert has_ended(theirs)
    assert ended == [False]


def has_ended(sock: socket.socket) -> bool:
    """Read all that has come to a socket that does not block. Returns whether the other side has
    closed the connection."""
    try:
        while sock.recv(1 << 16):
            pass
    except BlockingIOError:
        return False
    return True


def test_a_full_queue_makes_its_writer_wait_and_a_closed_one_lets_it_go() -> None:
    queue = RequestQueue()
    large = TakenRequest(PlayRequest(0, "a", 0, bytes(1 << 20)), 0.0)
    written: list[int] = []

    def write() -> None:
        for number in range(20):
            queue.put(large)
            written.append(number)

    with nothing_left():
        writer = threading.Thread(target=write)
        writer.start()
        assert queue.take() == large
        writer.join(0.2)
        assert writer.is_alive()
        assert len(written) < 10
        queue.close()
        writer.join(DEADLINE_S)
        assert len(written) == 20
    assert queue.take() is None


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Opened("", "", 0, 0), "Opened is nothing that the audio process is asked"),
        (JoinRequest("", "sound", ""), "a second JoinRequest"),
        (OpenRequest("x" * 1025, "null"), "a name of 1025 bytes, the limit is 1024"),
        (PlayRequest(0, "é" * 129, 0, b""), "a name of 258 bytes, the limit is 256"),
        (EndRequest(0, "x" * 257, 0), "a name of 257 bytes"),
        (SetFormatsRequest(AudioFormat("pcm16", 0), AudioFormat()), "a rate of 0 Hz"),
        (SetFormatsRequest(AudioFormat(), AudioFormat("pcm16", 10**9)), "a rate of 1000000000 Hz"),
    ],
)
def test_what_a_console_may_not_ask_for(message: Message, reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        PeerRules("sound").check(message)


def test_the_ports_are_opened_once() -> None:
    rules = PeerRules("sound")
    rules.check(OpenRequest())
    with pytest.raises(FrameError, match="a second OpenRequest"):
        rules.check(OpenRequest())


def test_a_console_that_lists_devices_may_do_nothing_else() -> None:
    rules = PeerRules("devices")
    assert rules.check(ListDevicesRequest()) == ListDevicesRequest()
    assert rules.check(PingRequest(1.0)) == PingRequest(1.0)
    for message in (OpenRequest("device", "none"), FlushRequest(1)):
        with pytest.raises(FrameError, match="from a peer that joined to list devices"):
            rules.check(message)


def test_the_listeners_lines_are_read_as_they_are_written() -> None:
    for on in (True, False):
        assert read_mute_line(mute_line(on).rstrip(b"\n")) is on
    assert read_mute_line(b"mute perhaps") is None
