"""`voicelive-tui ssh` in a terminal here, for a console behind a real sshd that talks to the
simulator there, and the journal that this console writes."""

import json
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.deadlines import DEADLINE_S
from tests.support.processes import processes, signal_processes
from tests.support.program import COMMAND
from tests.support.slow_link import SlowLink
from tests.support.speaker_recording import Recording
from tests.support.ssh_server import HOST, SshServer
from tests.support.terminal import Terminal
from tests.support.virtual_sound import RATE_HZ, VirtualSound

OPEN = f"● microphone open for {HOST}"
"""What our row shows while the console on the server has the microphone."""
_AUDIBLE = 1_000
"""A pcm16 amplitude (-30 dBFS) that only a voice reaches here."""


@contextmanager
def ssh_console(
    server: SshServer, folder: Path, *words: str, relay: SlowLink | None = None
) -> Iterator[Terminal]:
    """Run `voicelive-tui ssh` with these words and the server's options, by way of the relay if one
    is given, in a terminal of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    near = server.folder / "near"
    near.mkdir(exist_ok=True)
    address = None if relay is None else relay.address
    port = address[1] if isinstance(address, tuple) else None
    env = {"XDG_RUNTIME_DIR": str(near), "HOME": str(folder), "COLORTERM": "truecolor"}
    command = [str(COMMAND), "ssh", *server.options(port=port), *words, "--simulator"]
    with Terminal(folder, command, width=100, height=30, env=env) as terminal:
        yield terminal


def audible_samples(audio: bytes | bytearray) -> int:
    """How many samples are as loud as a voice."""
    samples = np.frombuffer(bytes(audio[: len(audio) // 2 * 2]), "<i2").astype(np.int32)
    return int(np.count_nonzero(np.abs(samples) > _AUDIBLE))


def spoken() -> bytes:
    """The words that come with the program, as pcm16 of 24 kHz."""
    with (
        files("voicelive_tui.audio").joinpath("assets/hello.wav").open("rb") as file,
        wave.open(file) as wav,
    ):
        frames: bytes = wav.readframes(wav.getnframes())
        return frames


def wait_until_heard(terminal: Terminal) -> None:
    """Wait until the service listens to the microphone here."""
    terminal.wait_for(lambda screen: "LISTENING" in screen and OPEN in screen)


def speak_and_hear(card: VirtualSound, recording: Recording) -> None:
    """Say something into the microphone here, and wait until an answer is heard here."""
    # What was heard before may still be on its way into the recording.
    half_a_second = RATE_HZ  # bytes of pcm16
    recording.wait(lambda audio: not audible_samples(audio[-half_a_second:]))
    before = audible_samples(recording.audio)
    card.speak(spoken())
    recording.wait(lambda audio: audible_samples(audio) > before + RATE_HZ // 4)


def records(server: SshServer) -> list[dict[str, Any]]:
    """The journal of the only session on the server; its last line may be unfinished."""
    paths = list(server.state.glob("sessions/*/events.jsonl"))
    assert len(paths) < 2, "another session was begun"
    lines = [line for path in paths for line in path.read_bytes().split(b"\n")[:-1]]
    return [json.loads(line) for line in lines]


def events(server: SshServer, kind: str) -> list[dict[str, Any]]:
    """The events of this type in that journal."""
    found = [record["event"] for record in records(server)]
    return [event for event in found if event.get("type") == kind]


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until the condition holds. Raises AssertionError with `what` if it never does."""
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, what
        time.sleep(0.05)


def kill_ssh(server: SshServer) -> None:
    """Kill every process of ssh here that has to do with this server."""
    signal_processes(processes(f"^ssh .*{server.config}"))
