"""Runs a session for each accepted client, and holds what all sessions share."""

from __future__ import annotations

import asyncio
import sys
import time
import traceback
from collections.abc import Callable

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.registry import FaultRegistry
from voicelive_simulator.replay.conversation import ReplayConversation
from voicelive_simulator.service.background import BackgroundWork
from voicelive_simulator.service.client import Client
from voicelive_simulator.service.connection import Connection
from voicelive_simulator.service.event_journal import EventJournal
from voicelive_simulator.service.event_log import EventLog
from voicelive_simulator.service.handshake_faults import HandshakeFaults
from voicelive_simulator.service.memory_trim import MemoryTrimmer
from voicelive_simulator.service.options import Options
from voicelive_simulator.service.session_factory import make_backend
from voicelive_simulator.service.session_record import SessionRecord
from voicelive_simulator.service.sessions import Session, Sessions
from voicelive_simulator.sound.render import Renderer
from voicelive_simulator.sound.speech import Voice

RESET_CODE, RESET_REASON = 1001, "reset"
_CLOSING_MARGIN_S = 1.0  # the time for a session to end beyond the closing handshake


class SessionHost:
    """The sessions of one simulator. `clock` is the time of their conversations; `journal` is None
    when there is no control path to read it."""

    def __init__(self, options: Options, voice: Voice, clock: Callable[[], float]) -> None:
        self.options = options
        self.voice = voice
        self._clock = clock
        self._renderer = Renderer(voice)
        self.sessions = Sessions()
        self._background = BackgroundWork()
        self._trimmer = MemoryTrimmer(
            lambda: bool(self.sessions.alive() or self._background.running),
            self._renderer.clear_cache,
        )
        self._background.finished = self._trimmer.note_end
        self.journal = EventJournal() if options.token else None
        self.began_s = time.perf_counter()
        self.registry = FaultRegistry(options.first_faults)
        self.handshake_faults = HandshakeFaults(self.registry, self._note_handshake)

    async def talk(self, connection: Connection, opening: Opening) -> None:
        """Run one client's session, from the accepted upgrade to its end."""
        number = self.sessions.number()
        backend = make_backend(self.options, opening, number, self.voice.remark)
        record = SessionRecord(
            backend.id, EventLog(backend.id, enabled=self.options.log), self.journal
        )
        task = asyncio.current_task()
        assert task is not None
        session = Session(number, opening, record, connection, task, self.registry.session())
        session.replay = backend if isinstance(backend, ReplayConversation) else None
        expires_s = session.began_s + self.options.session_minutes * 60
        try:
            with self.sessions.running(session):
                client = Client(
                    connection,
                    backend,
                    self._renderer,
                    record,
                    session.faults,
                    expires_s,
                    background=self._background,
                    clock=self._clock,
                )
                await client.run()
        except Exception:
            # The border of a session: websockets would close with 1011 without a message, because
            # its own log is silenced.
            traceback.print_exc(file=sys.stderr)
            raise
        finally:
            self.registry.remove(session.faults)
            connection.release()
            self._trimmer.note_end()

    def arm(self, fault: Fault, session_id: str = "") -> bool:
        """Arm a fault in one session, or without an id in the session that triggers it first.
        Return False when there is no such session."""
        session = self.sessions.find(session_id) if session_id else None
        if session_id and session is None:
            return False
        (session.faults if session else self.registry).arm(fault)
        return True

    async def reset(self) -> int:
        """Start again: no sessions, number 1, an empty journal, and the faults given at the start.
        Returns the number of sessions that ended."""
        sessions = self.sessions.reset()
        for session in sessions:
            session.record.detach()  # their last events belong to no journal
        if self.journal:
            self.journal.clear()
        # Otherwise the hanging handshakes would become the first sessions of the new count.
        self.handshake_faults.abort_hanging()
        self.registry.clear()
        for session in sessions:
            self.registry.remove(session.faults)
        for fault in self.options.first_faults:
            self.registry.arm(fault)
        patience_s = self.options.close_timeout_s + _CLOSING_MARGIN_S
        await asyncio.gather(
            *(session.end(RESET_CODE, RESET_REASON, patience_s) for session in sessions)
        )
        return len(sessions)

    def note_refused(self, code: str) -> None:
        """Log that a request was refused for its Host or Origin: a browser shows its user only the
        status."""
        EventLog("handshake", enabled=self.options.log).warning_withheld(code, "")

    def _note_handshake(self, fault: str) -> None:
        """Log a fault that struck a handshake, which belongs to no session."""
        EventLog("handshake", enabled=self.options.log).fault_applied(fault)
        if self.journal:
            self.journal.add("", "fault", {"type": fault})
