"""`voicelive-tui audio --listen`: what it prints, its keys, and that nothing of it is left when it
ends, however it ends."""

import os
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_tui.engine.audio.listening import (
    ListenerStatus,
    Listening,
    prepare_listening,
)
from voicelive_tui.engine.config.settings import AUDIO_TOKEN_VARIABLE
from voicelive_tui.headless.serve_audio import changes, how_to_connect

from tests.support.audio_hosts import hosts_of, until_gone
from tests.support.program import Program
from tests.support.pty_run import PtyRun
from tests.support.sound_peer import SoundPeer

JOINED = ListenerStatus(peer=True)
OPEN = ListenerStatus(peer=True, microphone_open=True, since_s=1.0)
MUTED = ListenerStatus(peer=True, microphone_open=True, muted=True, since_s=1.0)


@pytest.fixture
def where() -> Iterator[Path]:
    """The path for a socket, in a folder that does not exist yet."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name) / "mine" / "sound"


@pytest.mark.parametrize(
    ("before", "now", "sentences"),
    [
        (ListenerStatus(), JOINED, ["A console has joined."]),
        (JOINED, OPEN, ["The microphone is open."]),
        (
            JOINED,
            MUTED,
            ["The microphone is muted here.", "The microphone is open, and muted here."],
        ),
        (OPEN, MUTED, ["The microphone is muted here."]),
        (MUTED, OPEN, ["The microphone is unmuted here."]),
        (OPEN, ListenerStatus(), ["The microphone is closed.", "The console has left."]),
        (OPEN, OPEN, []),
    ],
)
def test_each_change_is_a_sentence(
    before: ListenerStatus, now: ListenerStatus, sentences: list[str]
) -> None:
    assert list(changes(before, now)) == sentences


def test_it_says_how_to_connect_and_shows_a_new_token_once() -> None:
    assert list(how_to_connect("/a/b", "")) == [
        "The sound of this machine is at /a/b.",
        "Open the console with: voicelive-tui --audio /a/b",
    ]
    lines = list(how_to_connect("127.0.0.1:80", "abc"))
    assert "VOICELIVE_TUI_AUDIO_TOKEN=abc" in lines
    assert lines[-1] == "Open the console with: voicelive-tui --audio 127.0.0.1:80"


def test_a_token_of_the_environment_is_asked_for_and_not_shown(where: Path) -> None:
    chosen = {AUDIO_TOKEN_VARIABLE: " a token of one's own\n"}

    def prepared(address: str, environment: dict[str, str]) -> Listening:
        return prepare_listening(address, environment, on_change=print, on_notice=print)

    for address in (str(where), "127.0.0.1:0"):
        listening = prepared(address, chosen)
        assert listening.new_token == ""
        assert listening.chosen_token == Secret("a token of one's own"), "as the console reads it"
        assert "of one's own" not in repr(listening)
    assert prepared(str(where), {}).new_token == ""
    assert prepared("127.0.0.1:0", {}).new_token != prepared("127.0.0.1:0", {}).new_token


def start(program: Program, where: Path) -> PtyRun:
    """The command on a terminal."""
    run = PtyRun(
        ["audio", "--listen", str(where)],
        columns=100,
        rows=30,
        environment=program.environment(),
        program=[program.command],
        cwd=program.home,
        controlling=True,
    )
    run.wait_output(b"q ends.")
    return run


def test_on_a_terminal_m_mutes_and_q_ends(program: Program, where: Path) -> None:
    with start(program, where) as run, SoundPeer(str(where)) as peer:
        run.wait_output(f"voicelive-tui --audio {where}".encode())
        peer.join()
        run.wait_output(b"A console has joined.")
        run.press("m")
        run.wait_output(b"The microphone is muted here.")
        run.press("m")
        run.wait_output(b"The microphone is unmuted here.")
        run.press("q")
        assert run.close() == 0
        assert b"The console has left." in run.output
        assert re.search(rb"\d\d:\d\d:\d\d  Ended\.\r\n$", run.output)
        peer.until_ended()
    assert not where.exists()


def test_a_closed_terminal_ends_it(program: Program, where: Path) -> None:
    with start(program, where) as run, SoundPeer(str(where)) as peer:
        peer.join()
        hosts = hosts_of(run.process.pid)
        run.hang_up()
        assert run.process.wait(60) == 130
        until_gone(hosts)
    assert not where.exists()


def test_sigterm_ends_it_with_its_peer_and_its_socket(program: Program, where: Path) -> None:
    with program.started("audio", "--listen", where) as process:
        assert process.stdout is not None
        assert "is at" in process.stdout.readline()
        with SoundPeer(str(where)) as peer:
            peer.join()
            hosts = hosts_of(process.pid)
            process.terminate()
            peer.until_ended()
            output, errors = process.communicate()
            assert (process.returncode, errors) == (130, "")
            assert output.endswith("Ended.\n")
            until_gone(hosts)
    assert not where.exists()


def test_a_listener_that_is_killed_leaves_no_microphone_open(program: Program, where: Path) -> None:
    with program.started("audio", "--listen", where) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with SoundPeer(str(where)) as peer:
            peer.join()
            hosts = hosts_of(process.pid)
            os.kill(process.pid, signal.SIGKILL)
            peer.until_ended()
            until_gone(hosts)


def test_a_port_has_a_token_that_the_environment_may_choose(program: Program) -> None:
    with program.started("audio", "--listen", "127.0.0.1:0") as process:
        assert process.stdout is not None
        first, _, variable = (process.stdout.readline() for _ in range(3))
        address = first.split()[-1].rstrip(".")
        name, _, token = variable.strip().partition("=")
        assert name == "VOICELIVE_TUI_AUDIO_TOKEN"
        assert len(token) > 30
        with SoundPeer(address) as peer:
            peer.join(token)
    refused = program.run(
        "audio", "--listen", "127.0.0.1:0", environment={"VOICELIVE_TUI_AUDIO_TOKEN": "short"}
    )
    assert refused.returncode == 2
    assert "is too short" in refused.stderr
    assert "short\n" not in refused.stderr


def test_an_address_that_cannot_be_used_is_said(program: Program, where: Path) -> None:
    where.parent.mkdir(0o755)
    where.parent.chmod(0o755)
    refused = program.run("audio", "--listen", where)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("voicelive-tui: Other users can enter the folder")
    refused = program.run("audio", "--listen", "0.0.0.0:9000")
    assert refused.returncode == 2
    assert "use 127.0.0.1:9000" in refused.stderr
