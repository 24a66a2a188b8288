"""A real `sshd` on 127.0.0.1, with a port, keys, a configuration and a HOME of its own, for the
user who runs the tests."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.deadlines import DEADLINE_S
from tests.support.processes import signal_processes

_SBIN = "/usr/sbin:/usr/local/sbin"
HOST = "far"
"""The name under which the client's configuration knows the server."""


def sshd_path() -> str | None:
    """The path of the server's program; None where it is not installed."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:{_SBIN}")


needs_sshd = pytest.mark.skipif(
    sshd_path() is None and not os.environ.get("CI"), reason="sshd is not installed"
)
"""For tests with a server: skipped where there is none, unless CI runs them."""


class SshServer:
    """A running server. home: HOME of whoever signs in; state: the state folder of the program
    there. port: where it listens. config: the client's configuration with the host HOST.

    The folder has a short path, because Unix sockets take no long one.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.state = self.home / "state"
        self.home.mkdir()
        self._write_profile()
        for name in ("host_key", "user_key"):
            _keygen(folder / name)
        self.port = _free_port()
        (folder / "sshd_config").write_text(self._settings(settings))
        self.config = folder / "ssh_config"
        self.config.write_text(self._client())
        self._log = (folder / "sshd.log").open("wb")
        self._process = self._start()

    def options(self, *, port: int | None = None) -> list[str]:
        """The options for ssh that lead to this server, by way of another port, as that of a relay,
        if one is given."""
        return ["-F", str(self.config), *(() if port is None else ("-p", str(port)))]

    @property
    def log(self) -> str:
        """What the server has said."""
        return (self.folder / "sshd.log").read_text(errors="replace")

    def program(self, name: str, script: str) -> str:
        """Install a shell script on the server's side; returns its path."""
        path = self.home / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def links(self) -> list[Path]:
        """The folders of links that are on the server's side."""
        return sorted(self.state.glob("links/*"))

    def tmux(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run tmux as the user of the server would."""
        return subprocess.run(
            ["tmux", *arguments],
            env={**os.environ, "TMUX_TMPDIR": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_S,
        )

    def tmux_servers(self) -> list[str]:
        """The names of the tmux servers that may run on the server's side."""
        return [path.name for path in self.folder.glob("tmux-*/*")]

    def end_connections(self) -> None:
        """Kill every process of sshd that serves a connection."""
        for pid in _children(self._process.pid):
            signal_processes((*_children(pid), pid))

    def close(self) -> None:
        """End the server, its connections and the tmux servers behind them."""
        for name in self.tmux_servers():
            self.tmux("-L", name, "kill-server")
        self.end_connections()
        self._process.kill()
        self._process.wait(DEADLINE_S)
        self._log.close()

    def _write_profile(self) -> None:
        # /etc/profile of Debian sets PATH anew, as on a real server; the user's own adds to it.
        path = f"{Path(sys.executable).parent}:$PATH"
        lines = [f'PATH="{path}"; export PATH']
        if python_path := os.environ.get("PYTHONPATH"):
            lines.append(f'PYTHONPATH="{python_path}"; export PYTHONPATH')
        lines.append(f'VOICELIVE_TUI_STATE_DIR="{self.state}"; export VOICELIVE_TUI_STATE_DIR')
        lines.append('echo "Welcome to far. All activity is logged."')
        (self.home / ".profile").write_text("\n".join(lines) + "\n")

    def _settings(self, settings: Mapping[str, str]) -> str:
        values = {
            "Port": self.port,
            "ListenAddress": "127.0.0.1",
            "HostKey": self.folder / "host_key",
            "AuthorizedKeysFile": self.folder / "user_key.pub",
            "PidFile": "none",
            "UsePAM": "no",
            "StrictModes": "no",
            "PermitRootLogin": "yes",
            "PasswordAuthentication": "no",
            "KbdInteractiveAuthentication": "no",
            "PrintMotd": "no",
            "PrintLastLog": "no",
            "SetEnv": f"HOME={self.home} LANG=C.UTF-8 TMUX_TMPDIR={self.folder}",
            **settings,
        }
        return "".join(f"{name} {value}\n" for name, value in values.items())

    def _client(self) -> str:
        return (
            f"Host {HOST}\n  HostName 127.0.0.1\n  Port {self.port}\n  User {getpass.getuser()}\n"
            f"  IdentityFile {self.folder / 'user_key'}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {self.folder / 'known_hosts'}\n  GlobalKnownHostsFile none\n"
            "  StrictHostKeyChecking accept-new\n  LogLevel ERROR\n"
        )

    def _start(self) -> "subprocess.Popen[bytes]":
        program = sshd_path()
        assert program is not None, "sshd is not installed: apt-get install openssh-server"
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        process = subprocess.Popen(
            [program, "-D", "-e", "-f", str(self.folder / "sshd_config")],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        end_s = time.monotonic() + DEADLINE_S
        while not _answers(self.port):
            assert process.poll() is None, f"sshd ended: {self.log}"
            assert time.monotonic() < end_s, f"sshd does not answer: {self.log}"
            time.sleep(0.02)
        return process


@contextmanager
def ssh_server(settings: Mapping[str, str] | None = None) -> Iterator[SshServer]:
    """A server while the context lasts. settings: lines of its configuration besides ours."""
    folder = Path(tempfile.mkdtemp(prefix="vls-", dir="/tmp"))
    try:
        server = SshServer(folder, settings or {})
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keygen(path: Path) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)],
        check=True,
        stdin=subprocess.DEVNULL,
        timeout=DEADLINE_S,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), DEADLINE_S) as connection:
        return connection.recv(4) == b"SSH-"
    return False


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
