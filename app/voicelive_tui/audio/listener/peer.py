"""A peer that has joined, and the audio process that serves it.

The listener tells the process on its standard input whether the microphone is muted here, and the
process reports on its standard output what it does; the peer sees none of it. The process ends
itself when its standard input does, so it never outlives the listener.
"""

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Callable
from typing import Final

from voicelive_tui.audio.ipc.host_reports import HostReport, mute_line
from voicelive_tui.audio.ipc.requests import Purpose
from voicelive_tui.audio.listener.host_start import start_host_for
from voicelive_tui.concurrency.child_process import ChildProcess
from voicelive_tui.concurrency.waiting import cancel_and_wait

SILENT_S = 3.0
"""Seconds without a byte after which another peer may take a peer's place. A peer sends a ping at
least each second."""
_STARTING_S = 30.0
"""Seconds that the process may need for its start on a busy machine."""
_LEAVE_WITHIN_S = 3.0
"""Seconds to wait for the end of a process whose peer is gone. It gives a device a second to
close."""
LEAVE_SOON_S: Final = {"sound": 1.0, "devices": 3.0}
"""Seconds to wait for a peer that may be about to leave; a busy machine reports that late. Devices
are listed in a second or two."""
_LONGEST_S: Final = {"sound": None, "devices": 30.0}
"""Seconds after which a peer must be done."""


class Peer:
    """One peer and its audio process; create it with `Peer.start`, and await `end`.

    changed: called when the microphone was opened.
    """

    def __init__(self, purpose: Purpose, changed: Callable[[], None]) -> None:
        self.purpose: Purpose = purpose
        self.microphone_since_s: float | None = None
        """When the microphone was opened, by `time.perf_counter`; None before, and when the process
        has ended. A microphone that fails is not closed earlier."""
        self.replaced = False
        """Whether the peer was ended for another one."""
        self._changed = changed
        self._ready = False
        self._leaving = False
        self._heard_s = time.perf_counter()
        self._child: ChildProcess | None = None
        self._relay: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()

    @classmethod
    async def start(
        cls,
        sock: socket.socket,
        purpose: Purpose,
        changed: Callable[[], None],
        *,
        muted: bool,
        loopback: bool = sys.platform == "win32",
    ) -> "Peer":
        """Start the audio process and hand it the peer's socket. Raises OSError if the process
        cannot be started.

        loopback: pass the bytes on over a second connection, for systems on which no socket can be
        inherited.
        """
        peer = cls(purpose, changed)
        arguments = ("--peer", purpose, *(("--muted",) if muted else ()))
        peer._child, peer._relay = await start_host_for(
            sock, *arguments, on_output=peer._report, loopback=loopback
        )
        return peer

    def _report(self, line: str) -> None:
        match line:
            case HostReport.READY:
                self._ready = True
            case HostReport.LEAVING:
                self._leaving = True
            case HostReport.MICROPHONE_OPEN:
                self.microphone_since_s = time.perf_counter()
                self._changed()
        self._heard_s = time.perf_counter()

    @property
    def _process(self) -> ChildProcess:
        assert self._child is not None
        return self._child

    def mute(self, on: bool) -> None:
        """Mute the microphone at this machine, or no longer."""
        self._process.write(mute_line(on))

    async def end(self) -> None:
        """Wait until the peer has left and its process is gone, which is killed if the caller is
        cancelled."""
        try:
            await self._process.end(_LONGEST_S[self.purpose])
        finally:
            self.microphone_since_s = None
            self._ended.set()
            if self._relay is not None:
                await cancel_and_wait(self._relay)

    def last_words(self) -> str:
        """Why the process failed, as part of a sentence; empty if it did not."""
        as_usual = self.replaced or self._process.returncode == 0
        return "" if as_usual else self._process.exit_reason()

    async def gives_way(self) -> bool:
        """Wait for a peer that is about to leave, and end one that is silent. Returns whether its
        place is free."""
        if not self._is_silent() and await self._has_ended(LEAVE_SOON_S[self.purpose]):
            return True
        if not (self._leaving or self._is_silent()):
            return False
        if not self._leaving or not await self._has_ended(_LEAVE_WITHIN_S):
            self.replaced = True
            self._process.kill()
        await self._ended.wait()
        return True

    async def _has_ended(self, within_s: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._ended.wait()
        return self._ended.is_set()

    def _is_silent(self) -> bool:
        silent_s = time.perf_counter() - self._heard_s
        return silent_s > (SILENT_S if self._ready else _STARTING_S)
