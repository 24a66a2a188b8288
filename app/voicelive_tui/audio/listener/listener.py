"""Gives the sound of this machine to the peers that join: one at a time for a session's sound, and
beside it one for the list of devices.

Invariant: everything but `start`, `close` and `mute` happens in the listener's own thread.
"""

import asyncio
import contextlib
import logging
import math
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from voicelive_tui import __version__
from voicelive_tui.audio.error_texts import WRONG_TOKEN, in_use, not_started, peer_failed
from voicelive_tui.audio.ipc.messages import Welcome
from voicelive_tui.audio.ipc.requests import JoinRequest
from voicelive_tui.audio.listener.address import ListenAddress, ListenError
from voicelive_tui.audio.listener.join import JoinerGone, JoinError, knows_token, read_join, refuse
from voicelive_tui.audio.listener.peer import Peer
from voicelive_tui.audio.listener.server_socket import ServerSocket
from voicelive_tui.concurrency.waiting import cancel_and_wait

__all__ = ["ListenAddress", "ListenError", "ListenerStatus", "SoundListener"]

_MOST_JOINING = 16
"""Connections that may wait at the same time to join, and those that may be let in."""
_JOIN_SOON_S = 0.5
"""Seconds that a connection has to join while others wait: whoever holds connections open keeps
nobody out."""
_NOTICE_EVERY_S = 1.0
"""Seconds between two notices of refusals, however many programs try to join."""
_REST_S = 1.0
"""Seconds to wait after `accept` failed, as for want of file descriptors."""


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListenerStatus:
    """What a peer does with the sound of this machine.

    peer: whether one has joined for the sound. microphone_open: whether it has opened a microphone.
    muted: whether the microphone is muted at this machine. since_s: when the microphone was opened,
    by `time.perf_counter`; None while it is closed.
    """

    peer: bool = False
    microphone_open: bool = False
    muted: bool = False
    since_s: float | None = None


def _ignore(_sentence: str) -> None:
    """Do nothing with the sentence."""


class SoundListener:
    """Listens at an address from `start` to `close`.

    token: what a peer must know; None where the permissions of a Unix socket are proof enough,
    never for a port. on_change: called with each new status. on_notice: called with a sentence when
    a peer is refused or its audio process fails. Both are called in the listener's thread and must
    not wait.
    """

    def __init__(
        self,
        address: ListenAddress,
        token: str | None,
        *,
        on_change: Callable[[ListenerStatus], None],
        on_notice: Callable[[str], None] = _ignore,
    ) -> None:
        self._address = address
        self._token = token
        self._on_change = on_change
        self._on_notice = on_notice
        self._status = ListenerStatus()
        self._muted = False
        self._server: ServerSocket | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._running = threading.Event()
        self._noticed_s = -math.inf
        """When a refusal was last told."""
        self._machine = socket.gethostname()
        self._peers: dict[str, Peer] = {}
        self._admitting = {"sound": asyncio.Lock(), "devices": asyncio.Lock()}
        """One peer after the other is let in."""
        self._let_in = asyncio.Semaphore(_MOST_JOINING)
        self._joining: dict[asyncio.Task[None], float] = {}
        """The connections that have not proved their right, the oldest first, and since when."""
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> ListenAddress:
        """Where it listens; from `start` on with the port that was chosen."""
        return self._address if self._server is None else self._server.address

    @property
    def status(self) -> ListenerStatus:
        """The newest status."""
        return self._status

    def start(self) -> None:
        """Begin to listen. Raises ListenError with a sentence."""
        if self._address.path is None and not self._token:
            raise ListenError(
                "A port needs a token, because every user of this machine reaches it."
            )
        self._server = ServerSocket(self._address)
        self._thread = threading.Thread(target=self._run, name="sound-listener", daemon=True)
        self._thread.start()
        self._running.wait()

    def close(self) -> None:
        """Stop listening, end the peers and their processes, and remove the socket."""
        if self._thread is None or self._loop is None or self._stopped is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def mute(self, on: bool) -> None:
        """Mute the microphone at this machine, whatever a peer asks for, or no longer."""
        if self._loop is None:
            self._mute(on)
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._mute, on)

    # In the listener's thread

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._running.set()

    def _mute(self, on: bool) -> None:
        self._muted = on
        for peer in self._peers.values():
            peer.mute(on)
        self._changed()

    async def _serve(self) -> None:
        assert self._server is not None
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self._running.set()
        accepting = asyncio.create_task(self._accept(self._server.sock))
        try:
            await self._stopped.wait()
        finally:
            self._server.close()
            for task in (accepting, *self._connections):
                await cancel_and_wait(task)

    async def _accept(self, server: socket.socket) -> None:
        while True:
            await self._make_room()
            try:
                sock, _ = await asyncio.get_running_loop().sock_accept(server)
            except OSError:
                await asyncio.sleep(_REST_S)
                continue
            task = asyncio.create_task(self._join(sock))
            self._joining[task] = time.perf_counter()
            self._connections.add(task)
            task.add_done_callback(partial(self._closed, sock))

    async def _make_room(self) -> None:
        """Wait until another connection may wait to join, and end one that takes its time."""
        while len(self._joining) >= _MOST_JOINING:
            oldest, since_s = next(iter(self._joining.items()))
            left_s = since_s + _JOIN_SOON_S - time.perf_counter()
            if left_s > 0:
                await asyncio.wait([oldest], timeout=left_s)
            if oldest in self._joining:
                await cancel_and_wait(oldest)

    def _closed(self, sock: socket.socket, task: "asyncio.Task[None]") -> None:
        """Clean up, also after a task that was cancelled before its first step."""
        sock.close()
        self._connections.discard(task)
        self._joining.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a connection of the listener failed", exc_info=error)
            self._on_notice("An error of the program itself ended a connection; see its log.")

    async def _join(self, sock: socket.socket) -> None:
        """Serve one connection to its end."""
        peer = await self._admitted(sock)
        if peer is not None:
            sock.close()  # the audio process has its own
            await self._follow(peer)

    async def _admitted(self, sock: socket.socket) -> Peer | None:
        sock.setblocking(False)
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            request = await read_join(sock)
        except JoinerGone:
            return None
        except JoinError as error:
            await self._refuse(sock, "", f"A connection was refused. {error}")
            return None
        if not knows_token(request, self._token):
            await self._refuse(sock, "", WRONG_TOKEN)
            return None
        if self._let_in.locked():
            await self._refuse(sock, self._machine, in_use(self._machine))
            return None
        if (task := asyncio.current_task()) is not None:
            self._joining.pop(task, None)
        async with self._let_in, self._admitting[request.purpose]:
            admitted = await self._start(sock, request)
        if isinstance(admitted, Peer):
            return admitted
        # The next one must not wait until this one has read it.
        await self._refuse(sock, self._machine, admitted)
        return None

    async def _start(self, sock: socket.socket, request: JoinRequest) -> Peer | str:
        """Start the peer's audio process, if its place is free. Returns the sentence with which it
        is refused otherwise."""
        present = self._peers.get(request.purpose)
        if present is not None and not await present.gives_way():
            return in_use(self._machine)
        try:
            peer = await Peer.start(sock.dup(), request.purpose, self._changed, muted=self._muted)
        except OSError as error:
            sock.setblocking(False)
            return not_started(self._machine, error)
        # It may have been changed during the start.
        peer.mute(self._muted)
        self._peers[request.purpose] = peer
        self._changed()
        return peer

    async def _refuse(self, sock: socket.socket, machine: str, sentence: str) -> None:
        now_s = time.perf_counter()
        if now_s - self._noticed_s > _NOTICE_EVERY_S:
            self._noticed_s = now_s
            self._on_notice(sentence)
        await refuse(sock, Welcome(machine, __version__, sentence))

    async def _follow(self, peer: Peer) -> None:
        try:
            await peer.end()
        finally:
            if self._peers.get(peer.purpose) is peer:
                del self._peers[peer.purpose]
            self._changed()
        if reason := peer.last_words():
            self._on_notice(peer_failed(reason))

    def _changed(self) -> None:
        sound = self._peers.get("sound")
        since_s = None if sound is None else sound.microphone_since_s
        status = ListenerStatus(sound is not None, since_s is not None, self._muted, since_s)
        if status != self._status:
            self._status = status
            self._on_change(status)
