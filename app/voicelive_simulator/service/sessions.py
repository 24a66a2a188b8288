"""The sessions of a simulator: their numbers, those that are running, and the newest that have
ended."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.registry import SessionFaults
from voicelive_simulator.replay.conversation import ReplayConversation
from voicelive_simulator.service.connection import Connection
from voicelive_simulator.service.session_record import SessionRecord

MOST_ENDED = 100


@dataclass(frozen=True, slots=True)
class Ended:
    """How a session ended. `code` is 1006 when there was no close frame; `by` is "client",
    "simulator", or "connection" when the connection broke."""

    code: int
    reason: str
    by: str


@dataclass(slots=True, eq=False)
class Session:
    """One session. `n` counts from 1 since the start or the last reset. `ended` is None while it is
    running; `began_s` and `ended_s` are times of perf_counter. A session that has ended does not
    refer to its socket, which may hold much unread data."""

    n: int
    opening: Opening
    record: SessionRecord
    socket: Connection | None
    task: asyncio.Task[None] | None
    faults: SessionFaults
    replay: ReplayConversation | None = None
    replayed: JSON | None = None
    began_s: float = field(default_factory=time.perf_counter)
    ended: Ended | None = None
    ended_s: float | None = None

    @property
    def lasted_s(self) -> float:
        """The duration of the session so far, or until its end."""
        return (time.perf_counter() if self.ended_s is None else self.ended_s) - self.began_s

    @property
    def replay_state(self) -> JSON | None:
        """The state of the replay, now or at the end; None when nothing is replayed."""
        return self.replay.state if self.replay else self.replayed

    @property
    def id(self) -> str:
        return self.record.session_id

    async def end(self, code: int, reason: str, patience_s: float) -> None:
        """Close the session, and cancel it when it has not ended after `patience_s` seconds."""
        socket, task = self.socket, self.task
        if socket is None or task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await socket.close(code, reason)
                await asyncio.wait([task])
        task.cancel()

    def mark_ended(self) -> None:
        """Mark the session as ended: keep only what the control path shows of it."""
        if self.socket is not None:
            self.ended, self.ended_s = _ending(self.socket), time.perf_counter()
        self.replayed = self.replay_state
        self.socket = self.task = self.replay = None


class Sessions:
    """Numbers the sessions and keeps track of them."""

    def __init__(self) -> None:
        self._begun = 0
        self._running: dict[str, Session] = {}
        self._ended: deque[Session] = deque(maxlen=MOST_ENDED)

    @property
    def begun(self) -> int:
        return self._begun

    def number(self) -> int:
        """Return the number for a session that begins now."""
        self._begun += 1
        return self._begun

    @contextlib.contextmanager
    def running(self, session: Session) -> Iterator[None]:
        """Count the session as running within the context, and as ended afterwards."""
        self._running[session.id] = session
        try:
            yield
        finally:
            session.mark_ended()
            # After a reset the session is no longer listed, and with a seed a newer one may have
            # its id.
            if self._running.get(session.id) is session:
                del self._running[session.id]
                self._ended.append(session)

    def find(self, session_id: str) -> Session | None:
        """The running session with this id, or None."""
        return self._running.get(session_id)

    def all(self) -> list[Session]:
        """The newest sessions that have ended and those that are running, by number."""
        return sorted([*self._ended, *self._running.values()], key=lambda session: session.n)

    def alive(self) -> list[Session]:
        return list(self._running.values())

    def reset(self) -> list[Session]:
        """Start again at number 1. Returns the sessions that were running, which the caller has to
        end."""
        running = self.alive()
        self._begun = 0
        self._running.clear()
        self._ended.clear()
        return running


def _ending(socket: Connection) -> Ended:
    received, sent = socket.protocol.close_rcvd, socket.protocol.close_sent
    if received and (socket.protocol.close_rcvd_then_sent or not sent):
        return Ended(received.code, received.reason, "client")
    if sent:
        return Ended(sent.code, sent.reason, "simulator")
    return Ended(1006, "", "connection")
