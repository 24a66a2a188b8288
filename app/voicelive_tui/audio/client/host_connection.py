"""The socket to an audio process of this machine, a child of the console."""

import asyncio
from collections.abc import Callable

from voicelive_tui.audio.client.engine_connection import (
    CLOSE_S,
    AudioUnavailable,
    EngineConnection,
)
from voicelive_tui.audio.client.spawn import HostProcess, start_host
from voicelive_tui.audio.ipc.frames import Message


class HostConnection(EngineConnection):
    """One audio process and the socket to it."""

    def __init__(
        self,
        host: HostProcess,
        received: Callable[[Message], None],
        died: Callable[[EngineConnection], None],
    ) -> None:
        super().__init__(received, died)
        self.pid = host.pid
        self._host = host

    def kill(self) -> None:
        """Kill the process; `close` must still be awaited."""
        self._host.kill()

    async def _end(self) -> None:
        await self._host.end(CLOSE_S)

    def last_words(self) -> str:
        """The last output of the process, or its exit status."""
        return self._host.last_words()

    def _unusable(self, reason: str) -> str:
        return f"The sound process cannot be used ({reason}): see `voicelive-tui doctor`."


async def connect(
    received: Callable[[Message], None], died: Callable[[EngineConnection], None]
) -> HostConnection:
    """Start an audio process and connect to it. Raises AudioUnavailable."""
    try:
        host = await start_host()
    except OSError as error:
        raise AudioUnavailable(
            f"The sound process cannot be started ({error.strerror or error})."
        ) from error
    connection = HostConnection(host, received, died)
    try:
        await asyncio.get_running_loop().create_connection(lambda: connection, sock=host.sock)
    except BaseException:
        await connection.abandon()
        raise
    return connection
