"""The sound of this machine while the console on HOST uses it, and the terminal meanwhile."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from voicelive_common.exit_codes import ExitCode
from voicelive_common.redaction.secret import Secret

from voicelive_tui.audio.listener.listener import (
    ListenAddress,
    ListenerStatus,
    ListenError,
    SoundListener,
)
from voicelive_tui.ssh.errors import SshError


class NearSound:
    """Gives the devices of this machine to the peer that knows the token, while the context lasts.

    socket: the path of the Unix socket. Raises SshError when it cannot be listened on.
    """

    def __init__(self, socket: Path, token: Secret, *, note: Callable[[str], None]) -> None:
        self.socket = socket
        self._note = note
        self._listener = SoundListener(
            ListenAddress(path=socket), token.reveal(), on_change=self._changed
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

    def run(self, command: Sequence[str], *, host: str, screen: bool) -> int:
        """Run the console's ssh to its end; returns its exit code, negative for a signal."""
        return subprocess.run(command, check=False).returncode

    def _changed(self, status: ListenerStatus) -> None:
        pass
