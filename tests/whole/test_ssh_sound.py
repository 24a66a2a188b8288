"""A conversation over `voicelive-tui ssh`: the microphone and the speaker are this machine's, the
console and the simulator run behind a real sshd, and a relay stands between ssh and sshd."""

from pathlib import Path
from typing import Any

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.slow_link import SlowLink
from tests.support.ssh_console import (
    events,
    kill_ssh,
    speak_and_hear,
    ssh_console,
    until,
    wait_until_heard,
)
from tests.support.ssh_server import HOST, SshServer, needs_sshd
from tests.support.virtual_sound import VirtualSound

pytestmark = needs_sshd

STOPPED = "console.playback_stopped"
START = (HOST, "--start", "sound-check")


@pytest.fixture
def server(shared_ssh_server: SshServer) -> SshServer:
    # It knows nothing of the card, which only the programs that this test starts itself may find.
    return shared_ssh_server


def link_states(server: SshServer) -> list[str]:
    """What befell the link; "up" is recorded again when its round trip has changed."""
    states = [event["state"] for event in events(server, "console.link")]
    assert states[:1] in ([], ["up"])
    return [state for state in states if state != "up"]


def without_stalls(states: list[str]) -> list[str]:
    """These states without the stalls that ended by themselves, which a busy machine may have at
    any time."""
    kept: list[str] = []
    for state in states:
        if state == "back" and kept[-1:] == ["stalled"]:
            kept.pop()
        else:
            kept.append(state)
    return kept


def drained(server: SshServer) -> list[dict[str, Any]]:
    """The ends of answers that were played whole. On a busy machine the sound of one sentence may
    have a hole, so that its second half interrupts the answer to the first."""
    return [event for event in events(server, STOPPED) if event["reason"] == "drained"]


def test_a_conversation_over_ssh_survives_a_stall_and_a_killed_client(
    tmp_path: Path, server: SshServer, sound_card: VirtualSound
) -> None:
    with (
        SlowLink(("127.0.0.1", server.port), delay_s=0.01, jitter_s=0.002) as relay,
        sound_card.record() as recording,
    ):
        with ssh_console(server, tmp_path / "1", *START, relay=relay) as terminal:
            wait_until_heard(terminal)
            until(lambda: events(server, "console.link"), "no link")
            assert events(server, "console.link")[0]["round_trip_ms"] >= 20
            speak_and_hear(sound_card, recording)

            # A stall in the middle of the answer holds it up and loses nothing.
            relay.stall()
            until(lambda: link_states(server)[-1:] == ["stalled"], "no stall")
            relay.resume()
            until(lambda: link_states(server)[-1] == "back", "the stall has no end")
            until(lambda: drained(server), "no answer was played to its end")
            heard = drained(server)[0]
            assert heard["played_ms"] == heard["received_ms"] > 0

            # With the client, the sound is lost: the rest of this answer is known as not heard.
            speak_and_hear(sound_card, recording)
            stopped = len(events(server, STOPPED))
            kill_ssh(server)
            assert terminal.exit_code() == ExitCode.CLOSED
            until(lambda: len(events(server, STOPPED)) > stopped, "the answer goes on")
            cut = events(server, STOPPED)[stopped]
            assert 0 < cut["played_ms"] < cut["received_ms"]

        # The same command again: the session has gone on, and so does the sound.
        with ssh_console(server, tmp_path / "2", *START, relay=relay) as terminal:
            wait_until_heard(terminal)
            speak_and_hear(sound_card, recording)
            terminal.press("q", "q")
            assert terminal.exit_code() == ExitCode.OK
            assert "recorded" in terminal.screen
    assert without_stalls(link_states(server)) in (["stalled", "lost", "back"], ["lost", "back"])
    items = [event["item_id"] for event in events(server, STOPPED)]
    assert len(items) == len(set(items))
    assert len(events(server, "console.connected")) == 1
    assert len(events(server, "conversation.item.input_audio_transcription.completed")) >= 3
    assert server.links() == []
