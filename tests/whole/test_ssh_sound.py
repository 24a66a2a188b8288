"""A conversation over `voicelive-tui ssh`: the microphone and the speaker are this machine's, the
console and the simulator run behind a real sshd, and a relay stands between ssh and sshd."""

import json
import os
import signal
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.deadlines import DEADLINE_S
from tests.support.program import COMMAND
from tests.support.slow_link import SlowLink
from tests.support.speaker_recording import Recording
from tests.support.ssh_server import HOST, SshServer, needs_sshd, ssh_server
from tests.support.terminal import Terminal
from tests.support.virtual_sound import RATE_HZ, VirtualSound

pytestmark = needs_sshd

OPEN = "● microphone open for far"
AUDIBLE = 1_000
"""A pcm16 amplitude (-30 dBFS) that only a voice reaches here."""


@pytest.fixture
def server() -> Iterator[SshServer]:
    # Without the card, which only the programs that this test starts itself may find.
    with ssh_server() as running:
        yield running


@contextmanager
def console(server: SshServer, relay: SlowLink, folder: Path) -> Iterator[Terminal]:
    """The console on HOST, by way of the relay, with the sound of this machine."""
    folder.mkdir()
    port = relay.address[1] if isinstance(relay.address, tuple) else None
    words = ["ssh", *server.options(port=port), HOST, "--simulator", "--start", "sound-check"]
    env = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(server.folder)}
    with Terminal(folder, [str(COMMAND), *words], width=100, height=30, env=env) as terminal:
        yield terminal


def spoken() -> bytes:
    with (
        files("voicelive_tui.audio").joinpath("assets/hello.wav").open("rb") as file,
        wave.open(file) as wav,
    ):
        frames: bytes = wav.readframes(wav.getnframes())
        return frames


def audible_samples(audio: bytes | bytearray) -> int:
    samples = np.frombuffer(bytes(audio[: len(audio) // 2 * 2]), "<i2").astype(np.int32)
    return int(np.count_nonzero(np.abs(samples) > AUDIBLE))


def speak_and_hear(sound_card: VirtualSound, recording: Recording) -> None:
    """Say something into the microphone here, and wait until an answer is heard here."""
    before = audible_samples(recording.audio)
    sound_card.speak(spoken())
    recording.wait(lambda audio: audible_samples(audio) > before + RATE_HZ // 4)


def events(server: SshServer) -> list[dict[str, Any]]:
    """The journal of the session on HOST; the last line may be unfinished."""
    paths = list(server.state.glob("sessions/*/events.jsonl"))
    assert len(paths) < 2, "another session was begun"
    lines = [line for path in paths for line in path.read_bytes().split(b"\n")[:-1]]
    return [json.loads(line)["event"] for line in lines]


def of_type(server: SshServer, kind: str) -> list[dict[str, Any]]:
    return [event for event in events(server) if event.get("type") == kind]


def link_states(server: SshServer) -> list[str]:
    """What befell the link; "up" is recorded again when its round trip has changed."""
    states = [event["state"] for event in of_type(server, "console.link")]
    assert states[:1] in ([], ["up"])
    return [state for state in states if state != "up"]


def stops(server: SshServer) -> list[dict[str, Any]]:
    """The ends of answers at the speaker."""
    return of_type(server, "console.playback_stopped")


def until(condition: Callable[[], object], what: str) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, what
        time.sleep(0.05)


def kill_ssh(server: SshServer) -> None:
    """Kill every process of ssh here that has to do with this server."""
    found = subprocess.run(
        ["pgrep", "-f", f"^ssh .*{server.config}"], capture_output=True, text=True, check=False
    )
    for word in found.stdout.split():
        os.kill(int(word), signal.SIGKILL)


def test_a_conversation_over_ssh_survives_a_stall_and_a_killed_client(
    tmp_path: Path, server: SshServer, sound_card: VirtualSound
) -> None:
    with (
        SlowLink(("127.0.0.1", server.port), delay_s=0.01, jitter_s=0.002) as relay,
        sound_card.record() as recording,
    ):
        with console(server, relay, tmp_path / "1") as terminal:
            terminal.wait_for(OPEN)
            until(lambda: of_type(server, "console.link"), "no link")
            assert of_type(server, "console.link")[0]["round_trip_ms"] >= 20
            speak_and_hear(sound_card, recording)

            # A stall in the middle of the answer holds it up and loses nothing.
            relay.stall()
            until(lambda: link_states(server) == ["stalled"], "no stall")
            relay.resume()
            until(lambda: stops(server), "the answer has no end")
            heard = stops(server)[0]
            assert heard["reason"] == "drained"
            assert heard["played_ms"] == heard["received_ms"] > 0

            # With the client, the sound is lost: the rest of this answer is known as not heard.
            speak_and_hear(sound_card, recording)
            kill_ssh(server)
            assert terminal.exit_code() == ExitCode.CLOSED
            until(lambda: len(stops(server)) >= 2, "the answer goes on")
            cut = stops(server)[1]
            assert 0 < cut["played_ms"] < cut["received_ms"]

        # The same command again: the session has gone on, and so does the sound.
        with console(server, relay, tmp_path / "2") as terminal:
            terminal.wait_for(OPEN)
            speak_and_hear(sound_card, recording)
            terminal.press("q", "q")
            assert terminal.exit_code() == ExitCode.OK
            assert "recorded" in terminal.screen
    assert link_states(server) in (
        ["stalled", "back", "stalled", "lost", "back"],
        ["stalled", "back", "lost", "back"],
    )
    assert len(of_type(server, "console.connected")) == 1
    assert len(of_type(server, "conversation.item.input_audio_transcription.completed")) == 3
    assert server.links() == []
