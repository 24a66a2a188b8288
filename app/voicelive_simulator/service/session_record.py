"""The record of one session: its state, for the control path, and its events, for the log and the
journal."""

from __future__ import annotations

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.service.event_journal import EventJournal
from voicelive_simulator.service.event_log import EventLog


class SessionRecord:
    """Records each event of a session. `turn` counts the user's turns, `response_id` is the id of
    the response under way."""

    def __init__(self, session_id: str, log: EventLog, journal: EventJournal | None = None) -> None:
        self.session_id = session_id
        self.turn = 0
        self.response_id: str | None = None
        self.events_received = 0
        self.events_sent = 0
        self.faults_applied = 0
        self._log = log
        self._journal = journal

    def received(self, event: object) -> None:
        self.events_received += 1
        self._log.received(event)
        if self._journal:
            self._journal.add(self.session_id, "client", event)

    def undecodable(self, reason: str, frame: str | bytes) -> None:
        """Record a frame that is not JSON, without its contents."""
        self.events_received += 1
        if self._journal:
            self._journal.add(
                self.session_id, "client", {"undecodable": reason, "length": len(frame)}
            )

    def sent(self, event: JSON) -> None:
        self.events_sent += 1
        match event:
            case {"type": "response.created", "response": {"id": str(response_id)}}:
                self.response_id = response_id
            case {"type": "response.done"}:
                self.response_id = None
            case {"type": "conversation.item.created", "item": {"role": "user"}}:
                self.turn += 1
        self._log.sent(event)
        if self._journal:
            self._journal.add(self.session_id, "simulator", event)

    def sent_frame(self, frame: str | bytes) -> None:
        """Record a recorded frame that is not an event."""
        self.events_sent += 1
        if self._journal:
            self._journal.add(
                self.session_id,
                "simulator",
                {"undecodable": "a recorded frame", "length": len(frame)},
            )

    def fault_applied(self, fault: str) -> None:
        """Record a fault that struck this session."""
        self.faults_applied += 1
        self._log.fault_applied(fault)
        if self._journal:
            self._journal.add(self.session_id, "fault", {"type": fault})

    def warning_withheld(self, code: str, param: str) -> None:
        """Record a warning about a client event that is not sent to the client."""
        self._log.warning_withheld(code, param)
        if self._journal:
            self._journal.add(self.session_id, "remark", {"type": code, "param": param})

    def detach(self) -> None:
        """Stop writing into the journal."""
        self._journal = None

    def close(self) -> None:
        self._log.close()
