"""The microphone of this machine, given to a console elsewhere: its light, and the mute here."""

import time

from voicelive_tui.audio.ipc.messages import MicBlock
from voicelive_tui.audio.ipc.requests import ListenRequest, MuteRequest

from tests.audio.listener.conftest import RunningListener
from tests.support.counter import counter, heard
from tests.support.sound_peer import SoundPeer
from tests.support.virtual_sound import RATE_HZ, VirtualSound


def until_blocks(peer: SoundPeer, *, silent: bool) -> None:
    """Wait for ten blocks in succession that are silent, or for one that is not."""

    def come() -> bool:
        blocks = [block.audio for block in peer.of(MicBlock)]
        if silent:
            return len(blocks) >= 10 and not any(map(any, blocks[-10:]))
        return any(map(any, blocks[-1:]))

    peer.until(come)


def test_it_is_shown_as_open_and_a_mute_here_cannot_be_undone_there(
    running: RunningListener, sound_card: VirtualSound
) -> None:
    begun_s = time.perf_counter()
    with running.connect() as peer:
        peer.join()
        opened = peer.open("device", "device")
        assert (opened.input_problem, opened.output_problem) == ("", "")
        status = running.until(lambda status: status.microphone_open)
        assert status.since_s is not None
        assert begun_s < status.since_s < time.perf_counter()
        peer.send(ListenRequest(True))
        with sound_card.speak(counter(60 * RATE_HZ)) as speaking:
            until_blocks(peer, silent=False)
            running.listener.mute(True)
            peer.send(MuteRequest(True), MuteRequest(False))
            until_blocks(peer, silent=True)
            peer.messages.clear()
            running.listener.mute(False)
            until_blocks(peer, silent=False)
            speaking.kill()
        assert heard(peer.of(MicBlock)[-1].audio).size
    status = running.until(lambda status: not status.microphone_open)
    assert status.since_s is None
    assert running.notices == []
