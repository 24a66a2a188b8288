"""Serves a console on another machine over a link.

Invariant: the thread that calls `serve` reads the socket and answers pings at once; another one
carries out all other requests, one after the other, so that no ping waits behind a device.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from voicelive_tui import __version__
from voicelive_tui.audio.host.audio_engine import AudioEngine
from voicelive_tui.audio.host.engine_limits import carry_out, close_engine
from voicelive_tui.audio.host.peer_rules import PeerRules
from voicelive_tui.audio.host.playout_count import TooFarAhead
from voicelive_tui.audio.host.request_queue import RequestQueue, TakenRequest
from voicelive_tui.audio.host.sender import MessageSender
from voicelive_tui.audio.host.socket_reading import receive
from voicelive_tui.audio.ipc.frames import FrameError, FrameReader
from voicelive_tui.audio.ipc.host_reports import HostReport
from voicelive_tui.audio.ipc.messages import MutedThere, Pong, Welcome
from voicelive_tui.audio.ipc.requests import AudioRequest, PingRequest, Purpose

_MOST_UNREAD_BYTES = 16 << 20
"""Bytes that may wait because the peer does not read; then the connection is closed."""
_HEARD_EVERY_S = 1.0
SILENT_AFTER_S = 15.0
"""Seconds without a byte after which the peer is given up, so that no microphone stays open for
nobody. A peer sends a ping at least each second."""


class PeerSilent(Exception):
    """Nothing came from the peer for too long. The text says so, as part of a sentence."""


class PeerHost:
    """One peer that has joined for `purpose`. report: called with what the listener must know."""

    def __init__(
        self,
        sock: socket.socket,
        purpose: Purpose,
        report: Callable[[HostReport], None],
        *,
        muted: bool,
        silent_after_s: float = SILENT_AFTER_S,
    ) -> None:
        self._sock = sock
        self._silent_after_s = silent_after_s
        self._report = report
        self._leaving_told = threading.Lock()
        """Acquired once, by the thread that tells the listener that the peer leaves."""
        self._rules = PeerRules(purpose)
        self._reader = FrameReader(preamble_seen=True)  # by the listener
        self._sender = MessageSender(sock, self._hang_up, most_bytes=_MOST_UNREAD_BYTES)
        self._engine = AudioEngine(
            self._sender.post,
            over_link=True,
            on_microphone=lambda: report(HostReport.MICROPHONE_OPEN),
        )
        self._muted = muted
        self._requests = RequestQueue()
        self._worker = threading.Thread(target=self._carry_out, name="requests", daemon=True)
        self._failure: Exception | None = None
        self._heard_s = 0.0
        self._sender.post(Welcome(socket.gethostname(), __version__))
        self._sender.post(MutedThere(muted))
        self._engine.mute_here(muted)

    def mute_here(self, on: bool) -> None:
        """Mute the microphone at this machine, whatever the peer asks for, or no longer. Any thread
        may call this."""
        self._engine.mute_here(on)
        if on != self._muted:
            self._muted = on
            self._sender.post(MutedThere(on))

    def serve(self) -> None:
        """Serve until the peer closes the connection; `close` must follow. Raises FrameError if it
        asks for what it may not have, and PeerSilent."""
        self._report(HostReport.READY)
        self._worker.start()
        try:
            while data := receive(self._sock, self._silent_after_s):
                taken_s = time.perf_counter()
                self._note_heard(taken_s)
                for message in self._reader.feed(data):
                    self._take(self._rules.check(message), taken_s)
        except TimeoutError:
            raise PeerSilent(f"nothing came from it for {self._silent_after_s:g} s") from None
        finally:
            self._report_leaving()
            self._requests.close()
        self._raise_failure()

    def close(self, exit_code: int) -> None:
        """Close the devices. Ends the process with this exit code if they do not close, so all that
        is to be said must have been said. Raises what the last request raised, unless the exit
        code says that another failure was told."""
        close_engine(self._engine, exit_code, self._worker)
        if exit_code == 0:
            self._raise_failure()

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _note_heard(self, now_s: float) -> None:
        if now_s - self._heard_s >= _HEARD_EVERY_S:
            self._heard_s = now_s
            self._report(HostReport.HEARD)

    def _take(self, request: AudioRequest, taken_s: float) -> None:
        if isinstance(request, PingRequest):
            self._sender.post(Pong(request.sent_s, taken_s, time.perf_counter()))
        else:
            self._requests.put(TakenRequest(request, taken_s))

    def _carry_out(self) -> None:
        try:
            while taken := self._requests.take():
                carry_out(self._engine, taken.request, taken.taken_s)
        except TooFarAhead as error:
            self._failure = FrameError(str(error))
        except Exception as error:
            # The thread that reads ends the process with it.
            self._failure = error
        self._requests.close()
        self._hang_up()

    def _report_leaving(self) -> None:
        if self._leaving_told.acquire(blocking=False):
            self._report(HostReport.LEAVING)

    def _hang_up(self) -> None:
        # Told first: the peer may join again as soon as it sees that the connection has ended.
        self._report_leaving()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
