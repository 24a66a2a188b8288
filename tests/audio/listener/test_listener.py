"""A console on another machine joins, gets the sound, and nothing else."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    Levels,
    MicBlock,
    MutedThere,
    PlayoutReport,
    Pong,
    Welcome,
)
from voicelive_tui.audio.ipc.requests import (
    EndRequest,
    FlushRequest,
    ListDevicesRequest,
    ListenRequest,
    MuteRequest,
    PingRequest,
    PlayRequest,
)
from voicelive_tui.audio.listener import peer as peer_module
from voicelive_tui.audio.listener.listener import ListenAddress, ListenError, SoundListener
from voicelive_tui.model.sound_devices import Devices

from tests.audio.listener.conftest import RunningListener
from tests.support.counter import counter
from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import child_processes, nothing_left

TOKEN = "the token of this test"


def test_a_peer_gets_sound_pongs_and_how_much_was_played(running: RunningListener) -> None:
    with running.connect() as peer:
        welcome = peer.ask_to_join()
        assert (welcome.refusal, welcome.machine) == ("", os.uname().nodename)
        assert running.until(lambda status: status.peer).microphone_open is False
        opened = peer.open("null", "null")
        assert (opened.input_problem, opened.output_problem) == ("", "")
        peer.send(ListenRequest(True))
        peer.one(MicBlock)

        sent_s = time.perf_counter()
        peer.send(PingRequest(123.5))
        pong = peer.one(Pong)
        assert pong.sent_s == 123.5
        assert sent_s <= pong.received_s <= pong.answered_s <= time.perf_counter()

        peer.send(PlayRequest(7, "a", 0, counter(12_000)), EndRequest(7, "a", 0))
        peer.one(Drained)
        peer.until(lambda: peer.of(PlayoutReport)[-1:] == [PlayoutReport(7, 500)])
        left = [report.left_ms for report in peer.of(PlayoutReport)]
        assert left == sorted(left)
        assert {report.epoch for report in peer.of(PlayoutReport)} == {7}
        assert len(left) >= 2  # a machine that stands still sends fewer
    running.until_free()
    assert running.notices == []


def test_a_flush_tells_when_it_was_asked_for_and_what_was_discarded(
    running: RunningListener,
) -> None:
    with running.connect() as peer:
        peer.join()
        peer.open("none", "null")
        peer.send(PlayRequest(1, "a", 0, counter(48_000)))
        peer.until(lambda: any(report.left_ms for report in peer.of(PlayoutReport)))
        sent_s = time.perf_counter()
        peer.send(FlushRequest(2))
        flushed = peer.one(Flushed)
        assert flushed.asked_at_s is not None
        assert sent_s <= flushed.asked_at_s <= flushed.at_s
        peer.send(PlayRequest(2, "b", 0, counter(2_400)), EndRequest(2, "b", 0))
        peer.until(lambda: peer.of(PlayoutReport)[-1:] == [PlayoutReport(2, 100)])


def test_without_a_speaker_all_audio_has_left_at_once(running: RunningListener) -> None:
    with running.connect() as peer:
        peer.join()
        peer.open("none", "none")
        peer.send(PlayRequest(0, "a", 0, counter(24_000)))
        assert peer.one(PlayoutReport) == PlayoutReport(0, 1_000)


def test_a_ping_is_answered_while_a_device_is_slow(running: RunningListener) -> None:
    with running.connect() as peer:
        peer.join(purpose="devices")
        peer.send(*[ListDevicesRequest()] * 20, PingRequest(1.0))
        peer.one(Devices, 20)
        peer.one(Pong)
        answers = [message for message in peer.messages if isinstance(message, Pong | Devices)]
        assert isinstance(answers[-1], Devices)


def test_a_file_is_refused_as_the_problem_of_its_side(
    running: RunningListener, tmp_path: Path
) -> None:
    with running.connect() as peer:
        peer.join()
        opened = peer.open(f"wav:{__file__}", f"wav:{tmp_path / 'answer.wav'}")
    assert "has no files" in opened.input_problem
    assert "has no files" in opened.output_problem
    assert (opened.input_name, opened.output_name, opened.unfinished_path) == ("", "", "")
    assert list(tmp_path.iterdir()) == []


def test_one_side_with_a_file_leaves_the_other(running: RunningListener) -> None:
    with running.connect() as peer:
        peer.join()
        opened = peer.open("wav:/etc/hostname", "null")
    assert opened.input_problem
    assert opened.output_name == "silence"


def test_a_second_console_is_refused_and_the_first_goes_on(running: RunningListener) -> None:
    with running.connect() as first, running.connect() as second:
        first.join()
        first.open()
        assert "is in use by another console" in second.ask_to_join().refusal
        second.until_ended()
        first.send(PingRequest(1.0))
        first.one(Pong)
    assert len(running.notices) == 1


def test_the_devices_are_listed_beside_a_session(running: RunningListener) -> None:
    with running.connect() as session, running.connect() as lister:
        session.join()
        lister.join(purpose="devices")
        lister.send(ListDevicesRequest())
        lister.one(Devices)


def test_a_peer_that_joined_for_the_list_gets_no_microphone(running: RunningListener) -> None:
    with running.connect() as peer:
        peer.join(purpose="devices")
        peer.send(MuteRequest(False))
        peer.until_ended()
    assert not any(status.microphone_open for status in running.statuses)


def test_a_console_that_opens_again_at_once_has_its_place(
    running: RunningListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(peer_module.LEAVE_SOON_S, "sound", DEADLINE_S)
    for _ in range(3):
        with running.connect() as peer:
            peer.join()
            peer.open()


def test_a_silent_console_is_replaced(
    running: RunningListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_module, "SILENT_S", 0.2)
    with running.connect() as silent, running.connect() as other:
        silent.join()
        silent.open()
        other.join()
        silent.until_ended()
        other.open()
    assert running.notices == []


def test_the_end_of_an_audio_process_is_told(running: RunningListener) -> None:
    before = child_processes()
    with running.connect() as peer:
        peer.join()
        (host,) = child_processes() - before
        os.kill(host, signal.SIGKILL)
        peer.until_ended()
    running.until_free()
    assert running.notices == ["The sound process of a console elsewhere ended (SIGKILL)."]


def test_a_mute_at_this_machine_is_told_and_cannot_be_undone(running: RunningListener) -> None:
    with running.connect() as peer:
        peer.join()
        peer.open()
        assert not peer.one(MutedThere).on
        running.listener.mute(True)
        assert peer.one(MutedThere, 2).on
        assert running.until(lambda status: status.muted).peer
        peer.send(MuteRequest(False))
        peer.one(Levels)
        assert running.listener.status.muted
        running.listener.mute(False)
        assert not peer.one(MutedThere, 3).on


def test_a_wrong_token_is_refused(folder: Path) -> None:
    with nothing_left():
        running = RunningListener(str(folder / "sound"), TOKEN)
        for wrong in ("", TOKEN[:-1], TOKEN + "!", "\ud800"):
            with running.connect() as peer:
                welcome = peer.ask_to_join(wrong)
                assert "The token is wrong" in welcome.refusal
                assert welcome.machine == ""
                peer.until_ended()
        with running.connect() as peer:
            peer.join(TOKEN)
        running.listener.close()
    # The four refusals are one line within a second; a busy machine may take longer for them.
    assert 1 <= len(running.notices) <= 4
    assert TOKEN not in "".join(running.notices)


def test_a_flood_of_refusals_is_told_once_a_second(folder: Path) -> None:
    running = RunningListener(str(folder / "sound"), TOKEN)
    begun_s = time.perf_counter()
    for _ in range(50):
        with running.connect() as peer:
            peer.ask_to_join("wrong")
    took_s = time.perf_counter() - begun_s
    running.listener.close()
    assert 1 <= len(running.notices) <= 1 + took_s


def test_connections_that_do_not_join_keep_nobody_out(folder: Path) -> None:
    """The oldest of them give way before their time to join is over, which they would be told."""
    with nothing_left(), ExitStack() as opened:
        running = RunningListener(str(folder / "sound"), TOKEN)
        silent = [opened.enter_context(running.connect()) for _ in range(20)]
        with running.connect() as peer:
            peer.join(TOKEN)
        silent[0].until_ended()
        assert silent[0].of(Welcome) == []
        running.listener.close()


def test_a_port_wants_a_token() -> None:
    with pytest.raises(ListenError, match="needs a token"):
        SoundListener(ListenAddress(port=0), None, on_change=print).start()
    with nothing_left():
        running = RunningListener("127.0.0.1:0", TOKEN)
        with running.connect() as peer:
            assert peer.ask_to_join().refusal
        with running.connect() as peer:
            peer.join(TOKEN)
            peer.open()
        running.listener.close()


def test_a_listener_that_is_closed_ends_its_peers(folder: Path) -> None:
    with nothing_left():
        running = RunningListener(str(folder / "sound"))
        with running.connect() as peer, running.connect() as _late:
            peer.join()
            running.listener.close()
            peer.until_ended()
        running.listener.close()
    assert not running.statuses[-1].peer
    assert list(folder.iterdir()) == []
