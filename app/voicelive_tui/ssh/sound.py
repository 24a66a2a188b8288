"""The sound of this machine while the console on HOST uses it, and the terminal meanwhile."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from voicelive_common.exit_codes import ExitCode
from voicelive_common.printable import printable
from voicelive_common.redaction.secret import Secret

from voicelive_tui.audio.listener.listener import (
    ListenAddress,
    ListenError,
    ListenerStatus,
    SoundListener,
)
from voicelive_tui.ssh.console_terminal import ConsoleTerminal
from voicelive_tui.ssh.microphone_row import MicrophoneState, row_bytes
from voicelive_tui.ssh.ssh_error import SshError


class LocalSound:
    """Gives the devices of this machine to the peer that knows the token, while the context lasts.

    socket: the path of the Unix socket. way: what the row says about the way of the sound, empty
    for a socket on HOST, too. note: prints a sentence. Raises SshError when it cannot be
    listened on.
    """

    def __init__(
        self, socket: Path, token: Secret, host: str, *, note: Callable[[str], None]
    ) -> None:
        self.socket = socket
        self.way = ""
        self._host = printable(host)
        self._note = note
        self._terminal: ConsoleTerminal | None = None
        self._told_open = False
        self._problem = ""
        self._listener = SoundListener(
            ListenAddress(path=socket),
            token.reveal(),
            on_change=self._changed,
            on_notice=self._noticed,
        )

    def __enter__(self) -> Self:
        try:
            self._listener.start()
        except ListenError as error:
            raise SshError(str(error), ExitCode.SOUND) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()

    def run(self, command: Sequence[str], *, terminal: bool) -> int:
        """Run the ssh that shows the console, below our row if there is a terminal; returns its
        exit code, negative for a signal."""
        if not terminal:
            return subprocess.run(command, check=False).returncode
        drawn = ConsoleTerminal(self._draw, self._toggle_mute)
        self._terminal = drawn
        try:
            return drawn.run(command)
        finally:
            self._terminal = None
            drawn.close()

    def _draw(self, row: int, columns: int) -> bytes:
        status = self._listener.status
        open_s = None if status.since_s is None else time.perf_counter() - status.since_s
        state = MicrophoneState(status.peer, open_s, status.muted, self._problem, self.way)
        unicode = "utf" in (sys.stdout.encoding or "").lower()
        return row_bytes(state, self._host, row=row, columns=columns, unicode=unicode)

    def _toggle_mute(self) -> None:
        self._listener.mute(not self._listener.status.muted)

    # In the listener's thread

    def _changed(self, status: ListenerStatus) -> None:
        if status.peer:
            self._problem = ""
        if terminal := self._terminal:
            terminal.redraw()
        elif status.microphone_open != self._told_open:
            self._told_open = status.microphone_open
            state = "open" if status.microphone_open else "closed"
            self._note(f"The microphone of this machine is {state} for {self._host}.")

    def _noticed(self, sentence: str) -> None:
        self._problem = printable(sentence)
        if terminal := self._terminal:
            terminal.redraw()
        else:
            self._note(sentence)
