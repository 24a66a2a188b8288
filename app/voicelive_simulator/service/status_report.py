"""The state of a simulator as JSON for the control path. It contains no key, token, address or
query of a client."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from voicelive_common import __version__

from voicelive_simulator.service.session_host import SessionHost
from voicelive_simulator.service.sessions import Session


def state(host: SessionHost) -> dict[str, Any]:
    """The state of the simulator.

    `sessions` lists those that are running and the newest hundred that have ended, by number.
    `faults` lists those that can still strike: the server's, which its sessions share, and for each
    session all that can strike in it.
    """
    options, journal = host.options, host.journal
    return {
        "simulator": "voicelive-tui",
        "version": __version__,
        "azure": False,
        "uptime_s": round(time.perf_counter() - host.began_s, 3),
        "voice": host.voice.name,
        "scenario": options.scenario.name if options.scenario else None,
        "replay": options.replay.name if options.replay else None,
        "faults": host.registry.to_json(),
        "sessions_begun": host.sessions.begun,
        "sessions": [_session(session) for session in host.sessions.all()],
        "journal": {"newest": journal.n, "kept": journal.kept, "dropped": journal.dropped}
        if journal
        else None,
    }


def _session(session: Session) -> dict[str, Any]:
    opening, record = session.opening, session.record
    return {
        "n": session.n,
        "id": session.id,
        "model": opening.model,
        "agent": opening.agent,
        "api_version": opening.api_version,
        "lasted_s": round(session.lasted_s, 3),
        "turn": record.turn,
        "response_id": record.response_id,
        "events_received": record.events_received,
        "events_sent": record.events_sent,
        "faults": session.faults.to_json(),
        "faults_struck": record.faults_applied,
        "replay": session.replay_state,
        "ended": asdict(session.ended) if session.ended else None,
    }
