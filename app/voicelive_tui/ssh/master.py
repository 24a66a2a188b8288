"""The one SSH connection through which everything goes: the user's own ControlMaster, or one that
this command starts and ends.

A master is a process of `ssh` that holds the connection; other calls of `ssh` reach it by its
control socket and need no sign-in. Our own ends by itself a minute after the last of them, so that
nothing stays when this program is killed.
"""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voicelive_common.exit_codes import ExitCode
from voicelive_common.printable import printable

from voicelive_tui.ssh.arguments import SshArguments
from voicelive_tui.ssh.bounded_run import NoAnswer, run_bounded
from voicelive_tui.ssh.ssh_error import SSH_FAILED, SshError

_IDLE_S: Final = 60
"""How long our own master stays without a command, in seconds."""
_KEEP_ALIVE: Final = ("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4")
"""A dead connection is noticed within a minute, unless the user's configuration says otherwise."""
_ANSWER_S: Final = 90.0
"""Seconds that the program on HOST may need for its start, below a login shell."""
_END_S: Final = 5


class ForwardRefused(Exception):
    """The SSH server of HOST does not forward this. The text is what ssh said."""


@dataclass(frozen=True, slots=True)
class SshConfig:
    """What `ssh -G` says about HOST. control_path: that of the user's own masters, empty without.
    keeps_alive: whether ssh asks the server for signs of life. interactive_class: the class of
    service of packets that somebody waits for (IPQoS), empty if ssh does not say it."""

    control_path: str
    keeps_alive: bool
    interactive_class: str = ""


class Master:
    """A connection that is there, and what can be asked of it. path: its control socket.
    own: whether this command started it."""

    def __init__(self, arguments: SshArguments, path: str, *, own: bool) -> None:
        self.own = own
        self._arguments = arguments
        self._path = path

    @property
    def alive(self) -> bool:
        """Whether the connection still holds."""
        return self._control("check").returncode == 0

    def run(
        self, command: str, request: bytes = b"", *, within_s: float = _ANSWER_S
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a command on HOST without a terminal, with this standard input. After `within_s`
        seconds it counts as failed, as over a connection that stalls, and so does one that prints
        more than a shell says."""
        words = ["ssh", *self._only_here(), "-T", "--", self._arguments.host, command]
        try:
            return run_bounded(words, request, within_s)
        except NoAnswer as reason:
            return subprocess.CompletedProcess(words, SSH_FAILED, b"", str(reason).encode())

    def session(self, command: str, *, terminal: bool) -> list[str]:
        """The command line that runs a command on HOST in the place of this program, with the
        user's own options, in a terminal of HOST if that is wanted."""
        return [
            "ssh",
            *("-o", "ControlMaster=no", "-o", "ClearAllForwardings=yes"),
            *("-o", "RemoteCommand=none", "-o", "ProxyCommand=false"),
            *self._arguments.session_options,
            *("-S", self._path, "-t" if terminal else "-T"),
            *("--", self._arguments.host, command),
        ]

    def forward(self, remote: str, local: str) -> str:
        """Forward the address `remote` on HOST to the socket `local` here; returns what ssh prints:
        the port, where `remote` asks for any. Raises ForwardRefused."""
        done = self._control("forward", "-R", f"{remote}:{local}")
        if done.returncode:
            raise ForwardRefused(last_line(done.stderr))
        return done.stdout.decode(errors="replace").strip()

    def cancel(self, remote: str, local: str) -> None:
        """End a forward, as far as the connection still holds."""
        self._control("cancel", "-R", f"{remote}:{local}")

    def close(self) -> None:
        """End the connection if it is ours."""
        if self.own:
            self._control("exit")

    def _only_here(self) -> list[str]:
        """Options that reach the master, and nothing else: when it is gone, ssh must not connect by
        itself and ask the user for something."""
        return ["-F", "none", "-o", "ProxyCommand=false", "-S", self._path]

    def _control(self, action: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
        command = ["ssh", *self._only_here(), "-O", action, *words, "--", self._arguments.host]
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=None if action == "forward" else _END_S,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, SSH_FAILED, b"", b"no answer in time")


def connect(arguments: SshArguments, folder: Path) -> Master:
    """Use the user's own master for HOST if there is one, else start one with its control socket in
    `folder`. ssh asks for passwords and host keys on the terminal, as always. Raises SshError."""
    config = read_config(arguments)
    if config.control_path:
        users = Master(arguments, config.control_path, own=False)
        if users.alive:
            return users
    return _start(arguments, str(folder / "ctl"), config)


def read_config(arguments: SshArguments) -> SshConfig:
    """What ssh's configuration and the options say about HOST. Raises SshError if ssh refuses
    them."""
    done = _ssh(["-G", *arguments.options, "--", arguments.host])
    if done.returncode:
        raise SshError(f"ssh does not accept its options or HOST: {last_line(done.stderr)}")
    lines = done.stdout.decode(errors="replace").splitlines()
    values = {name: value for name, _, value in (line.partition(" ") for line in lines)}
    path = values.get("controlpath", "none")
    keeps_alive = values.get("serveraliveinterval", "0") != "0"
    interactive_class = values.get("ipqos", "").partition(" ")[0]
    return SshConfig("" if path == "none" else path, keeps_alive, interactive_class)


def _start(arguments: SshArguments, path: str, config: SshConfig) -> Master:
    command = [
        "ssh",
        *("-o", "ControlMaster=yes", "-o", f"ControlPersist={_IDLE_S}"),
        *("-o", "RemoteCommand=none"),
        *(() if config.keeps_alive else _KEEP_ALIVE),
        *_interactive(config),
        *arguments.options,
        *("-S", path, "-N", "-f", "--", arguments.host),
    ]
    code = subprocess.run(command, check=False).returncode
    master = Master(arguments, path, own=True)
    if code:
        raise SshError(
            f"no connection to {printable(arguments.host)}; ssh says why in the lines above.",
            ExitCode.UNREACHABLE,
        )
    if not master.alive:
        raise SshError(
            "this ssh cannot share one connection (ControlMaster), which the sound needs; on "
            "Windows, use the ssh of WSL.",
            ExitCode.UNREACHABLE,
        )
    return master


def _interactive(config: SshConfig) -> tuple[str, ...]:
    """The option for packets of speech and keys. A master is no session, so ssh would mark them as
    bulk, which Wi-Fi sends last."""
    return ("-o", f"IPQoS={config.interactive_class}") if config.interactive_class else ()


def _ssh(words: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["ssh", *words], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise SshError(
            "there is no ssh on this machine; install it (Debian, Ubuntu: 'sudo apt-get install "
            "openssh-client').",
            ExitCode.UNREACHABLE,
        ) from None


def last_line(output: bytes) -> str:
    """The last line of an output that says something, safe to show, at most 300 characters."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines()]
    with suppress(StopIteration):
        return printable(next(line for line in reversed(lines) if line))[:300]
    return "it gives no reason."
