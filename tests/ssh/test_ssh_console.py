"""The console on HOST in a terminal here: what is seen, what goes on after a loss, and what is left
behind."""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.processes import processes
from tests.support.ssh_console import ssh_console, until
from tests.support.ssh_server import HOST, SshServer, needs_sshd, ssh_server

pytestmark = needs_sshd

START = " s starts the session"
MUTED = " microphone MUTED here for far   ctrl+\\ unmutes here"


@pytest.fixture
def server(shared_ssh_server: SshServer) -> SshServer:
    return shared_ssh_server


def last_row(screen: str) -> str:
    return screen.rstrip("\n").splitlines()[-1].rstrip()


def test_the_console_leaves_nothing_behind(server: SshServer, tmp_path: Path) -> None:
    with ssh_console(server, tmp_path, HOST) as terminal:
        screen = terminal.wait_for(START)
        assert "SIMULATOR" in screen
        assert "no console on far uses the sound" in last_row(screen)
        (link,) = server.links()
        assert (link.stat().st_mode & 0o777, {path.suffix for path in link.iterdir()}) == (
            0o700,
            {".json", ".sock"},
        )
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in link.iterdir())
        terminal.press("C-\\")
        terminal.wait_for(MUTED)
        terminal.resize(80, 24)
        terminal.wait_for(lambda screen: last_row(screen) == MUTED and START in screen)
        terminal.press("q")
        assert terminal.exit_code() == ExitCode.OK
        assert "MUTED" not in terminal.screen
    assert server.links() == []
    assert os.listdir(server.folder / "near") == []


def test_the_same_command_attaches_to_the_console_that_went_on(
    server: SshServer, tmp_path: Path
) -> None:
    with ssh_console(server, tmp_path / "1", HOST) as first:
        first.wait_for(START)
        first.press("i")
        first.write("half a message")
        first.wait_for("half a message")
        server.end_connections()
        assert first.exit_code() == ExitCode.CLOSED
        after = first.screen
    assert "the connection to far was lost; the console there goes on in tmux" in flat(after)
    assert "half a message" not in after
    with ssh_console(server, tmp_path / "2", HOST) as second:
        second.wait_for("half a message")
        with ssh_console(server, tmp_path / "3", HOST) as third:
            third.wait_for("half a message")
            assert second.exit_code() == ExitCode.OK
            assert "the console goes on in tmux; the same command attaches" in flat(second.screen)
    # The third terminal was closed by now: that ends what is here, and nothing of what is there.
    until(lambda: os.listdir(server.folder / "near") == [], "the folder here stays")
    until(lambda: not processes(f"^ssh .*{server.folder}"), "ssh goes on")
    (link,) = server.links()
    name = f"voicelive-tui-{link.name}"
    assert server.tmux("-L", name, "has-session").returncode == 0
    server.tmux("-L", name, "kill-server")
    shutil.rmtree(link)


def test_without_tmux_the_console_ends_with_the_connection(
    server: SshServer, tmp_path: Path
) -> None:
    with ssh_console(server, tmp_path, "--no-tmux", HOST) as terminal:
        terminal.wait_for(START)
        (link,) = server.links()
        os.kill(ssh_of(link), signal.SIGKILL)
        assert terminal.exit_code() == ExitCode.CLOSED
        assert "the console there ends with it" in flat(terminal.screen)
    until(lambda: not link.exists(), "the folder of the link stays")
    until(lambda: not processes(f"--audio {link}"), "the console on HOST goes on")


def test_ssh_asks_its_questions_and_a_command_that_prints_lines_can_be_interrupted(
    server: SshServer, tmp_path: Path
) -> None:
    lines = server.program(
        "lines",
        'case "$1" in --audio) echo printed; exec sleep 600;; *) exec voicelive-tui "$@";; esac',
    )
    unknown = f"UserKnownHostsFile={tmp_path / 'known_hosts'}"
    asking = ["-o", unknown, "-o", "StrictHostKeyChecking=ask", "--remote-command", lines]
    with ssh_console(server, tmp_path, *asking, HOST, "check") as terminal:
        terminal.wait_for("continue connecting (yes/no")
        terminal.write("yes\n")
        terminal.wait_for("printed")
        assert "microphone closed" in last_row(terminal.screen)
        terminal.press("C-c")
        assert terminal.exit_code() == ExitCode.INTERRUPTED
        assert "microphone closed" not in terminal.screen
    assert server.links() == []


def test_a_host_that_gives_no_terminal_is_one_sentence(tmp_path: Path) -> None:
    with (
        ssh_server({"PermitTTY": "no"}) as server,
        ssh_console(server, tmp_path, "--no-tmux", HOST) as terminal,
    ):
        assert terminal.exit_code() == ExitCode.USAGE
        assert "far gives this account no terminal" in flat(terminal.screen)
        assert server.links() == []


def flat(screen: str) -> str:
    """The text of a screen without the line breaks of a narrow terminal."""
    return re.sub(r"\s+", " ", screen.replace("\n", ""))


def ssh_of(link: Path) -> int:
    """The process of ssh that shows the console with this link."""
    (found,) = processes(f"^ssh .*--audio {link} ")
    return found
