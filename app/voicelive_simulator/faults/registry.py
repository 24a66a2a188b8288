"""The faults that are armed: for a server, whose sessions share them, and for one session.

`times` counts strikes over all sessions of a server, so that a client that comes back finds it cured; `after` counts the events
(or handshakes) that would have been struck, in each session by itself. A fault of the connection with neither `on` nor `after`
strikes a session as soon as it is armed, or as soon as the session begins.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.apply import finds_something
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.kinds import KINDS

MOST_ARMED = 1000  # beyond it the oldest is forgotten


@dataclass(eq=False, slots=True)
class _FaultCounter:
    """How often a fault has struck, wherever it did."""

    fault: Fault
    struck: int = 0

    @property
    def spent(self) -> bool:
        return 0 < self.fault.times <= self.struck

    def to_json(self) -> JSON:
        fault = self.fault
        where = {"on": fault.on} if fault.on else {}
        counts = {"after": fault.after, "times": fault.times, "struck": self.struck}
        return {"fault": fault.name, **fault.params, **where, **counts}


@dataclass(slots=True)
class ArmedFault:
    """A fault as it stands in one session, or at a server's door. `random` makes its choices, the same in every session."""

    charge: _FaultCounter
    passed: int = 0
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.fault.params.get("seed", 0))

    @property
    def fault(self) -> Fault:
        return self.charge.fault

    @property
    def is_at_once(self) -> bool:
        fault = self.fault
        return KINDS[fault.name].stage == "connection" and not fault.on and not fault.after

    def triggers(self) -> bool:
        """Counts one occasion, and tells whether it is struck."""
        if self.charge.spent:
            return False
        self.passed += 1
        if self.passed <= self.fault.after:
            return False
        self.charge.struck += 1
        return True


class SessionFaults:
    """The faults of one session: its own, and its server's. `standing` empty means that nothing can strike; `changed` is called
    when one was armed, `calmed` when all were taken away."""

    def __init__(self, server: FaultRegistry) -> None:
        self.standing: list[ArmedFault] = []
        self.changed: Callable[[], None] = _nothing
        self.calmed: Callable[[], None] = _nothing
        self._server = server

    def arm(self, fault: Fault) -> None:
        """A fault of the handshake strikes at the server's next one: this session's is over."""
        if KINDS[fault.name].stage == "handshake":
            self._server.arm(fault)
        else:
            self.share(_FaultCounter(fault))

    def share(self, charge: _FaultCounter) -> None:
        self.standing = [*(s for s in self.standing if not s.charge.spent), ArmedFault(charge)][-MOST_ARMED:]
        self.changed()

    def clear(self) -> None:
        self.standing = []
        self.calmed()

    def leave(self) -> None:
        """Nothing stands any more, and nobody is told: who listened may go."""
        self.standing = []
        self.changed = self.calmed = _nothing

    def immediate(self) -> list[ArmedFault]:
        """Those that wait for no event, once each."""
        mine = [standing for standing in self.standing if standing.is_at_once]
        if mine:
            self.standing = [standing for standing in self.standing if not standing.is_at_once]
        return [standing for standing in mine if standing.triggers()]

    def triggered(self, event: JSON) -> list[ArmedFault]:
        """Those that strike at this event, in the order in which they were armed."""
        struck = [s for s in self.standing if not s.is_at_once and _aims_at(s.fault, event) and s.triggers()]
        if any(standing.charge.spent for standing in self.standing):
            self.standing = [standing for standing in self.standing if not standing.charge.spent]
        return struck

    def to_json(self) -> list[JSON]:
        return [standing.charge.to_json() for standing in self.standing if not standing.charge.spent]


class FaultRegistry:
    """The faults of a server: those of the handshake, and those that its sessions share."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.calmed: Callable[[], None] = _nothing
        self._handshake: list[ArmedFault] = []
        self._shared: list[_FaultCounter] = []
        self._sessions: weakref.WeakSet[SessionFaults] = weakref.WeakSet()
        for fault in faults:
            self.arm(fault)

    def arm(self, fault: Fault) -> None:
        charge = _FaultCounter(fault)
        if KINDS[fault.name].stage == "handshake":
            self._handshake = [*(s for s in self._handshake if not s.charge.spent), ArmedFault(charge)][-MOST_ARMED:]
            return
        self._shared = [*(c for c in self._shared if not c.spent), charge][-MOST_ARMED:]
        for session in list(self._sessions):
            session.share(charge)

    def clear(self) -> None:
        """Of all sessions too, and what lasts ends."""
        self._handshake, self._shared = [], []
        for session in list(self._sessions):
            session.clear()
        self.calmed()

    def session(self) -> SessionFaults:
        """For a session that begins."""
        session = SessionFaults(self)
        for charge in self._shared:
            if not charge.spent:
                session.share(charge)
        self._sessions.add(session)
        return session

    def leave(self, session: SessionFaults) -> None:
        """A session that is over, or is to be: nothing strikes it any more, and nothing armed here is spent on it."""
        self._sessions.discard(session)
        session.leave()

    def handshake(self) -> list[Fault]:
        """Those that strike at this handshake, in order; one that answers it, or never will, is the last."""
        struck = []
        for standing in self._handshake:
            if standing.triggers():
                struck.append(standing.fault)
                if standing.fault.name != "hang" or not standing.fault.params["for_ms"]:
                    break
        return struck

    def to_json(self) -> list[JSON]:
        """What is still to strike, for people and tests to read."""
        charges = [*(standing.charge for standing in self._handshake), *self._shared]
        return [charge.to_json() for charge in charges if not charge.spent]


def _aims_at(fault: Fault, event: JSON) -> bool:
    return (not fault.on or fnmatchcase(str(event.get("type")), fault.on)) and finds_something(fault, event)


def _nothing() -> None:
    pass
