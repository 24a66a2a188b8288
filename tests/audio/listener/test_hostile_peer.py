"""A hostile console: whatever it sends, the listener goes on, its audio process stays small, and
nothing happens but sound.

The real program listens on a real socket, in an empty home and an empty current folder, and starts
real audio processes with ports without a device.
"""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.audio.ipc.frames import PREAMBLE, Message, encode
from voicelive_tui.audio.ipc.messages import Flushed, OpenRequest, Pong
from voicelive_tui.audio.ipc.requests import (
    EndRequest,
    FlushRequest,
    JoinRequest,
    ListDevicesRequest,
    ListenRequest,
    MuteRequest,
    PingRequest,
    PlayRequest,
    SetFormatsRequest,
    SpeakFileRequest,
)
from voicelive_tui.model.formats import AudioFormat

from tests.audio.support.any_message import any_message
from tests.support.audio_hosts import children_of, hosts_of, most_memory_mib
from tests.support.program import Program
from tests.support.sound_peer import SoundPeer

MOST_OF_LISTENER_MIB = 150
"""The listener itself has about 50 MiB from its start, and never holds any sound."""
MOST_MIB = 400
"""An audio process has about 80 MiB from its start; this leaves room for a minute of audio at the
highest rate."""


@dataclass(frozen=True)
class Target:
    """The program under attack, and where it listens."""

    process: "subprocess.Popen[str]"
    where: str

    def connect(self) -> SoundPeer:
        """Connect a peer."""
        return SoundPeer(self.where)

    def must_be_unharmed(self) -> None:
        """Fail if the program has ended, or has started anything but audio processes."""
        assert self.process.poll() is None
        for host in hosts_of(self.process.pid):
            assert most_memory_mib(host) < MOST_MIB
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                assert children_of(host) == []


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """The program; at the end it must have served on, and have written nothing anywhere."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        with Program(Path(home)).started("audio", "--listen", f"{folder}/sound") as process:
            assert process.stdout is not None
            process.stdout.readline()
            target = Target(process, f"{folder}/sound")
            yield target
            target.must_be_unharmed()
            assert most_memory_mib(process.pid) < MOST_OF_LISTENER_MIB
            with target.connect() as honest:
                honest.join()
                honest.open()
            process.terminate()
            output, errors = process.communicate()
        assert (process.returncode, errors) == (130, "")
        failures = [line for line in output.splitlines() if "sound process" in line]
        assert failures
        assert [line for line in failures if "ended (protocol error: " not in line] == []
        # The client of PulseAudio keeps a cookie there when it lists the devices.
        assert [*written(Path(home), but=".config/pulse"), *written(Path(folder))] == []


def written(folder: Path, but: str = ".") -> list[Path]:
    """The files in a folder, but those of one folder in it."""
    found = (path for path in folder.rglob("*") if not path.is_dir())
    return [path for path in found if but == "." or not path.is_relative_to(folder / but)]


def send_to_the_end(peer: SoundPeer, data: bytes) -> None:
    """Send as much of it as the other side takes, and wait for its end."""
    with contextlib.suppress(ConnectionError):
        peer.sock.sendall(data)
        peer.sock.shutdown(1)
    peer.until_ended()


joins = st.builds(JoinRequest, st.text(), st.sampled_from(["sound", "devices"]), st.text())


@settings(max_examples=60)
@given(
    st.binary(max_size=5_000)
    | st.binary(max_size=100).map(lambda data: PREAMBLE + data)
    | any_message.filter(lambda message: not isinstance(message, JoinRequest)).map(
        lambda message: PREAMBLE + encode(message)
    )
)
def test_what_does_not_join_is_turned_away(target: Target, data: bytes) -> None:
    with target.connect() as peer:
        send_to_the_end(peer, data)
    assert target.process.poll() is None


names = st.sampled_from(["a", "b", "c", "", "\0", "item" * 60])
sounds = st.sampled_from([0, 1, 2, 960, 48_000]).map(bytes)
epochs = st.integers(-1, 5) | st.integers(-(2**63), 2**63 - 1)
rates = st.sampled_from([24_000, 16_000, 8_000, 1_000, 384_000]) | st.integers(-(2**63), 2**63 - 1)
formats = st.builds(AudioFormat, st.sampled_from(["pcm16", "g711_ulaw", "g711_alaw"]), rates)
indices = st.integers(0, 2) | st.integers(-(2**63), 2**63 - 1)
plausible: st.SearchStrategy[Message] = st.one_of(
    st.builds(PlayRequest, epochs, names, indices, sounds),
    st.builds(EndRequest, epochs, names, indices),
    st.builds(FlushRequest, epochs),
    st.builds(MuteRequest, st.booleans()),
    st.builds(ListenRequest, st.booleans()),
    st.builds(PingRequest, st.floats()),
    st.builds(SetFormatsRequest, formats, formats),
    st.sampled_from([SpeakFileRequest(), ListDevicesRequest()]),
)
ports = st.sampled_from(
    ["null", "null", "null", "none", "wav:evil.wav", "wav:/etc/passwd", "x" * 99]
)
opening = st.builds(OpenRequest, ports, ports, st.booleans())


@st.composite
def garbled(draw: st.DrawFn) -> bytes:
    """A frame with a byte that is not its own."""
    frame = bytearray(encode(draw(plausible | any_message)))
    frame[draw(st.integers(0, len(frame) - 1))] ^= draw(st.integers(1, 255))
    return bytes(frame)


@st.composite
def attacks(draw: st.DrawFn) -> bytes:
    """What a console sends after it has joined: most of it reasonable, so that it gets far."""
    first = draw(st.lists(plausible, max_size=3))
    most = draw(st.lists(plausible, max_size=30))
    last = draw(st.lists(plausible | any_message | opening, max_size=3).map(encoded))
    return encoded([*first, draw(opening), *most]) + draw(garbled() | st.just(b"")) + last


def encoded(messages: Sequence[Message]) -> bytes:
    """These frames, one after the other."""
    return b"".join(map(encode, messages))


@settings(max_examples=12)
@given(attacks())
def test_no_sequence_of_frames_does_anything_but_sound(target: Target, data: bytes) -> None:
    with target.connect() as peer:
        peer.join()
        target.must_be_unharmed()
        send_to_the_end(peer, data)
    target.must_be_unharmed()


def test_minutes_of_audio_ahead_end_the_connection(target: Target) -> None:
    with target.connect() as peer:
        peer.join()
        peer.open()
        (host,) = hosts_of(target.process.pid)
        audio = PlayRequest(0, "a", 0, bytes(1_000_000))
        with pytest.raises(ConnectionError):
            for _ in range(100):
                peer.send(audio)
                assert most_memory_mib(host) < MOST_MIB
        peer.until_ended()
    assert target.process.poll() is None


def test_thousands_of_parts_end_the_connection(target: Target) -> None:
    with target.connect() as peer:
        peer.join()
        peer.open("none", "none")
        with pytest.raises(ConnectionError):
            for number in range(100_000):
                peer.send(PlayRequest(0, f"item{number}", number, b"\0\0"))
        peer.until_ended()
    assert target.process.poll() is None


def answered(peer: SoundPeer, sent_s: float) -> bool:
    """Whether this ping was answered."""
    return any(pong.sent_s == sent_s for pong in peer.of(Pong))


def test_endless_epochs_and_pings_are_answered_and_cost_nothing(target: Target) -> None:
    with target.connect() as peer:
        peer.join()
        peer.open()
        (host,) = hosts_of(target.process.pid)
        before_mib = most_memory_mib(host)
        for batch in range(10):
            last = 300 * (batch + 1)
            for epoch in range(300 * batch, last):
                peer.send(
                    PlayRequest(epoch, "a", 0, bytes(4_800)),
                    FlushRequest(epoch + 1),
                    PingRequest(epoch),
                )
            # Nobody reads meanwhile, so that some pongs are dropped; no flush is.
            peer.one(Flushed, last)
            peer.send(PingRequest(last))
            peer.until(partial(answered, peer, last))
        assert most_memory_mib(host) - before_mib < 20
    target.must_be_unharmed()
