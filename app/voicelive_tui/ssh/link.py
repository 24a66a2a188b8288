"""The way from the console on HOST to the sound here: what HOST is asked for, what its answer
means, and the forward through the SSH connection."""

import json
import re
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeGuard

from voicelive_common.exit_codes import ExitCode
from voicelive_common.printable import printable, single_line

from voicelive_tui import __version__
from voicelive_tui.ssh.arguments import REMOTE_COMMAND, SshArguments
from voicelive_tui.ssh.audio_link import is_plain_path, protocol
from voicelive_tui.ssh.master import ForwardRefused, Master, last_line
from voicelive_tui.ssh.remote_shell import (
    LINK_MARK,
    in_login_shell,
    prepare_script,
    remove_script,
    versions_script,
)
from voicelive_tui.ssh.ssh_error import SSH_FAILED, SshError

_OLDEST_PYTHON: Final = (3, 11)
_REMOVE_S: Final = 10.0
_NOT_FOUND: Final = 127
_INSTALL: Final = "pipx install '.[demo]' in a clone of the repository"
_LONGEST_TEXT: Final = 300
_LONGEST_PATH: Final = 1024


@dataclass(frozen=True, slots=True)
class RemoteSide:
    """What HOST answered. folder: where `link.json` is. socket: the path or `127.0.0.1:PORT` to
    which the console there connects. tmux: whether tmux is to keep the console."""

    folder: str
    socket: str
    tmux: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A forward that works. remote: its address on HOST as `ssh -R` knows it."""

    side: RemoteSide
    remote: str
    local: str

    def close(self, master: Master, *, remove: bool) -> None:
        """End the forward. remove: whether the folder on HOST goes, too."""
        master.cancel(self.remote, self.local)
        if remove:
            master.run(in_login_shell(remove_script(self.side.folder)), within_s=_REMOVE_S)


def open_link(
    master: Master,
    arguments: SshArguments,
    *,
    name: str | None,
    token: str,
    local: Path,
    note: Callable[[str], None],
) -> Link:
    """Have HOST prepare a link, and forward it to the socket `local`. name: that of a console which
    tmux keeps, if HOST has it; None for one that ends with this connection. Raises SshError if the
    package is missing there or speaks another protocol, or if no forward is allowed."""
    request = {
        "protocol": protocol(),
        "name": name,
        "once": f"once-{secrets.token_hex(8)}",
        "token": token,
        "machine": socket.gethostname(),
    }
    side = _prepare(master, arguments, request)
    try:
        master.forward(side.socket, str(local))
        return Link(side, side.socket, str(local))
    except ForwardRefused:
        pass
    try:
        port = master.forward("127.0.0.1:0", str(local))
        if not port.isdecimal():
            raise ForwardRefused("ssh did not say which port it took.")
    except ForwardRefused as refused:
        master.run(in_login_shell(remove_script(side.folder)))
        raise SshError(_no_forward(arguments, refused), ExitCode.UNREACHABLE) from None
    note(
        f"{printable(arguments.host)} forwards no Unix sockets (AllowStreamLocalForwarding): the "
        f"sound goes over port {port} of 127.0.0.1 there, which needs a token that only your "
        "console knows."
    )
    side = _prepare(master, arguments, {**request, "address": f"127.0.0.1:{port}"})
    return Link(replace(side, socket=f"127.0.0.1:{port}"), "127.0.0.1:0", str(local))


def _no_forward(arguments: SshArguments, refused: ForwardRefused) -> str:
    host = printable(arguments.host)
    return (
        f"the SSH server of {host} forwards neither Unix sockets nor ports, so no sound can reach "
        f"it ({refused}); AllowStreamLocalForwarding yes in its sshd_config allows it."
    )


def _prepare(master: Master, arguments: SshArguments, request: dict[str, str | None]) -> RemoteSide:
    script = in_login_shell(prepare_script(arguments.remote_command))
    done = master.run(script, json.dumps(request).encode())
    answer = find_answer(done.stdout)
    if answer is None:
        found = master.run(in_login_shell(versions_script(arguments.remote_command)))
        raise _no_package(arguments, done.returncode, done.stderr, found.stdout)
    if problem := answer.get("problem"):
        raise SshError(
            f"{printable(arguments.host)} cannot prepare the sound: {_shown(problem)}",
            ExitCode.UNREACHABLE,
        )
    return read_answer(arguments.host, answer, request.get("address"))


def find_answer(output: bytes) -> dict[str, Any] | None:
    """The answer of `audio-link` in what HOST printed, behind whatever its login says; None if
    there is none."""
    lines = output.decode(errors="replace").splitlines()
    marked = (line for line in reversed(lines) if line.startswith(LINK_MARK))
    try:
        answer = json.loads(next(marked, "").removeprefix(LINK_MARK))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def read_answer(host: str, answer: dict[str, Any], address: object = None) -> RemoteSide:
    """Check an answer that reports no problem. address: the one that HOST was told to use; None if
    it chooses a socket. Raises SshError for another protocol."""
    theirs, ours = str(answer.get("protocol")), protocol()
    if theirs != ours:
        older = printable(host) if _number(theirs) < _number(ours) else "this machine"
        raise SshError(
            f"{printable(host)} has voicelive-tui {_shown(answer.get('version'))} and this "
            f"machine {__version__}, which exchange sound in different ways; install the newer one "
            f"on {older}: {_INSTALL}.",
            ExitCode.UNREACHABLE,
        )
    folder, way = answer.get("folder"), answer.get("socket")
    usable = way == address if address else _is_path(way) and is_plain_path(way)
    if not (usable and _is_path(folder) and isinstance(way, str)):
        raise SshError(
            f"{printable(host)} gave no folder for the sound that could be used.",
            ExitCode.UNREACHABLE,
        )
    return RemoteSide(folder, way, answer.get("tmux") is True)


def _is_path(value: object) -> TypeGuard[str]:
    """Whether HOST gave an absolute path that can stand in a command line."""
    return (
        isinstance(value, str)
        and value.startswith("/")
        and len(value) <= _LONGEST_PATH
        and printable(value) == value
    )


def _shown(value: object) -> str:
    """What HOST said, for the middle of a sentence."""
    return single_line(str(value), _LONGEST_TEXT)


def _number(version: str) -> int:
    found = re.search(r"\d{1,9}$", version)
    return int(found[0]) if found else 0


def _no_package(arguments: SshArguments, code: int, errors: bytes, versions: bytes) -> SshError:
    """The error for a HOST where the program did not answer. versions: what it printed when asked
    for its version and Python's."""
    host, command = printable(arguments.host), printable(arguments.remote_command)
    if code == SSH_FAILED:
        return SshError(f"ssh ran nothing on {host}: {last_line(errors)}", ExitCode.UNREACHABLE)
    text = versions.decode(errors="replace")
    if program := re.search(r"voicelive-tui (\d[\w.]{0,40})", text):
        return SshError(
            f"{host} has voicelive-tui {program[1]}, which knows no sound over SSH; this machine "
            f"has {__version__}. Install that on {host}: {_INSTALL}.",
            ExitCode.UNREACHABLE,
        )
    missing = (
        f"{host} has no voicelive-tui: the command '{command}' was not found there"
        if code == _NOT_FOUND
        else f"'{command}' does not start voicelive-tui on {host} ({last_line(errors)})"
    )
    return SshError(
        f"{missing}; this machine has {__version__}. {_advice(arguments, text)}",
        ExitCode.UNREACHABLE,
    )


def _advice(arguments: SshArguments, versions: str) -> str:
    host = printable(arguments.host)
    python = re.search(r"Python (\d{1,4})\.(\d{1,4})", versions)
    if python and (int(python[1]), int(python[2])) < _OLDEST_PYTHON:
        return (
            f"{host} has {python[0]} and needs 3.11 or newer; then: {_INSTALL} there, with "
            "--python and the newer one."
        )
    where = (
        "; if it is installed elsewhere, --remote-command says how it is started"
        if arguments.remote_command == REMOTE_COMMAND
        else ""
    )
    return f"Install it on {host}: {_INSTALL}{where}."
