"""The command `voicelive-tui ssh`: the audio engine here, the console on HOST, one SSH connection
between the two."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from voicelive_common.exit_codes import ExitCode
from voicelive_common.printable import printable
from voicelive_common.redaction.secret import Secret

from voicelive_tui.ssh.arguments import SshArguments, parse
from voicelive_tui.ssh.audio_link import is_plain_path
from voicelive_tui.ssh.link import Link, RemoteSide, open_link
from voicelive_tui.ssh.master import Master, connect
from voicelive_tui.ssh.remote_shell import (
    NO_TERMINAL,
    RemoteConsole,
    console_script,
    in_login_shell,
)
from voicelive_tui.ssh.ssh_error import SSH_FAILED, SshError

_LONGEST_FOLDER_BYTES: Final = 60
"""A folder with a longer path would not hold ssh's control socket, whose name ssh makes longer."""


def run_ssh(
    words: Sequence[str],
    *,
    draws: Callable[[Sequence[str]], bool],
    has_terminal: bool,
    note: Callable[[str], None],
) -> int:
    """Carry out `voicelive-tui ssh` with these arguments; returns the exit code of the console.

    draws: whether the program with such arguments draws on a terminal. has_terminal: whether there
    is one here. note: prints a sentence. Raises SshError.
    """
    if sys.platform == "win32":
        raise SshError(
            "the ssh of Windows cannot share one connection; start this command in WSL.",
            ExitCode.UNREACHABLE,
        )
    arguments = parse(words)
    screen = draws(arguments.console)
    if screen and not has_terminal:
        raise SshError("the console needs a terminal to draw on; start this command in one.")
    with ExitStack() as opened:
        folder = opened.enter_context(_private_folder())
        master = connect(arguments, folder)
        opened.callback(master.close)
        terminal = screen or has_terminal
        return _with_sound(arguments, master, folder, note, screen=screen, terminal=terminal)


def _with_sound(
    arguments: SshArguments,
    master: Master,
    folder: Path,
    note: Callable[[str], None],
    *,
    screen: bool,
    terminal: bool,
) -> int:
    """Open the sound here and the console there, until the console ends. screen: whether it draws,
    terminal: whether it gets one: with one, ctrl+c reaches also what prints lines."""
    # Here, because it needs what Windows does not have.
    from voicelive_tui.ssh.sound import LocalSound

    token = secrets.token_urlsafe(32)
    held = Secret(token)  # as long as it lives, the token is in no text that this program shows
    keep = arguments.tmux and screen
    name = arguments.session_name if keep else None
    with LocalSound(folder / "audio.sock", held, arguments.host, note=note) as sound:
        link = open_link(master, arguments, name=name, token=token, local=sound.socket, note=note)
        if not link.side.socket.startswith("/"):
            sound.way = f"sound by way of {link.side.socket} there"
        kept = link.side.tmux
        if keep and not kept:
            note(
                f"{printable(arguments.host)} has no tmux, which would keep the console when this "
                "connection is lost."
            )
        code = SSH_FAILED
        try:
            console = _remote_console(arguments, link.side, name if kept else None, screen=screen)
            line = master.session(in_login_shell(console_script(console)), terminal=terminal)
            code = sound.run(line, terminal=terminal)
            return _judge(code, arguments, master, kept=kept, screen=screen)
        finally:
            _close(link, master, remove=not kept and code in (SSH_FAILED, NO_TERMINAL))


def _close(link: Link, master: Master, *, remove: bool) -> None:
    """End the link. remove: whether its folder may still be there: where the console has run to its
    end, its shell on HOST has removed it."""
    if master.alive:
        link.close(master, remove=remove)


def _remote_console(
    arguments: SshArguments, side: RemoteSide, name: str | None, *, screen: bool
) -> RemoteConsole:
    return RemoteConsole(
        remote_command=arguments.remote_command,
        arguments=arguments.console,
        folder=side.folder,
        tmux=None if name is None else f"voicelive-tui-{name}",
        true_colour=os.environ.get("COLORTERM") in ("truecolor", "24bit"),
        needs_terminal=screen,
    )


def _judge(code: int, arguments: SshArguments, master: Master, *, kept: bool, screen: bool) -> int:
    """The exit code of the console. Raises SshError for what ssh itself reports."""
    host = printable(arguments.host)
    if code == NO_TERMINAL and screen:
        raise SshError(
            f"{host} gives this account no terminal (PermitTTY, or a restricted key), and the "
            "console needs one."
        )
    if code != SSH_FAILED and code >= 0:
        return code
    after = (
        "the console there goes on in tmux: the same command attaches to it again"
        if kept
        else "the console there ends with it; its recording is on HOST"
    )
    if code < 0:
        raise SshError(f"ssh was killed; {after}.", ExitCode.CLOSED)
    if master.alive:
        raise SshError(f"ssh could not run the console on {host}.", ExitCode.UNREACHABLE)
    raise SshError(f"the connection to {host} was lost; {after}.", ExitCode.CLOSED)


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A new folder of this user alone (0700) with a short path, removed at the end."""
    folder = _new_folder()
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _new_folder() -> str:
    """Make the folder in the first place that takes it. Raises SshError."""
    bases = [os.environ.get("XDG_RUNTIME_DIR", ""), os.environ.get("TMPDIR", ""), "/tmp"]
    reason = ""
    for base in bases:
        # Of a path that is not plain ssh would make another one.
        if os.path.isabs(base) and len(os.fsencode(base)) <= _LONGEST_FOLDER_BYTES:
            if not is_plain_path(base):
                continue
            try:
                return tempfile.mkdtemp(prefix="vl-", dir=base)
            except OSError as error:
                reason = f"{base}: {error.strerror}"
    raise SshError(
        f"there is no place for the sockets of this command ({printable(reason)}); set TMPDIR to a "
        "folder of yours with a short path.",
        ExitCode.UNREACHABLE,
    )
