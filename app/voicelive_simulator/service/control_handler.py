"""Carries out the requests to the control path."""

from __future__ import annotations

from websockets.http11 import Response

from voicelive_simulator.api.handshake import Refusal
from voicelive_simulator.service.control import (
    Action,
    ArmFault,
    Disarm,
    Request,
    Reset,
    ShowJournal,
    ShowState,
    decide,
)
from voicelive_simulator.service.http_responses import (
    LINES_TYPE,
    http_response,
    json_response,
    refusal_response,
)
from voicelive_simulator.service.session_host import SessionHost
from voicelive_simulator.service.status_report import state


class ControlHandler:
    """The control path of one simulator."""

    def __init__(self, host: SessionHost) -> None:
        self._host = host

    async def handle(self, request: Request) -> Response:
        action = decide(request, self._host.options.token)
        return (
            refusal_response(action) if isinstance(action, Refusal) else await self._perform(action)
        )

    async def _perform(self, action: Action) -> Response:
        match action:
            case ShowState():
                return json_response(state(self._host))
            case ShowJournal(session, after):
                return self._journal(session, after)
            case ArmFault(fault, session_id):
                if not self._host.arm(fault, session_id):
                    return refusal_response(
                        Refusal(404, "NoSuchSession", "No session of this id is running.")
                    )
                return json_response({"armed": fault.name, "session": session_id or None})
            case Disarm():
                self._host.registry.clear()
                return json_response({"armed": None})
            case Reset():
                return json_response({"ended_sessions": await self._host.reset()})

    def _journal(self, session: str | None, after: int) -> Response:
        """List the events, one per line. A header gives the number of those dropped since the start
        or the last reset."""
        journal = self._host.journal
        assert journal is not None, "there is a journal where there is a control path"
        body = b"".join(journal.lines(session, after))
        return http_response(body, LINES_TYPE, headers={"Journal-Dropped": str(journal.dropped)})
