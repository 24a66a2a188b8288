"""The faults that are armed: for a server, whose sessions share them, and for one session.

`times` counts strikes over all sessions of a server, so that a client that comes back finds it
cured; `after` counts the events (or handshakes) that would have been struck, in each session by
itself. A fault of the connection with neither `on` nor `after` strikes a session as soon as it is
armed, or as soon as the session begins.
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
    applied: int = 0

    @property
    def spent(self) -> bool:
        return 0 < self.fault.times <= self.applied

    def to_json(self) -> JSON:
        fault = self.fault
        where = {"on": fault.on} if fault.on else {}
        counts = {"after": fault.after, "times": fault.times, "struck": self.applied}
        return {"fault": fault.name, **fault.params, **where, **counts}


@dataclass(slots=True)
class ArmedFault:
    """A fault as it stands in one session, or at a server's door. `random` makes its choices, the
    same in every session."""

    counter: _FaultCounter
    passed: int = 0
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.fault.params.get("seed", 0))

    @property
    def fault(self) -> Fault:
        return self.counter.fault

    @property
    def is_immediate(self) -> bool:
        fault = self.fault
        return KINDS[fault.name].stage == "connection" and not fault.on and not fault.after

    def triggers(self) -> bool:
        """Counts one occasion, and tells whether it is struck."""
        if self.counter.spent:
            return False
        self.passed += 1
        if self.passed <= self.fault.after:
            return False
        self.counter.applied += 1
        return True


class SessionFaults:
    """The faults of one session: its own, and its server's. `armed` empty means that nothing can
    strike; `changed` is called when one was armed, `on_cleared` when all were taken away."""

    def __init__(self, server: FaultRegistry) -> None:
        self.armed: list[ArmedFault] = []
        self.changed: Callable[[], None] = _nothing
        self.on_cleared: Callable[[], None] = _nothing
        self._server = server

    def arm(self, fault: Fault) -> None:
        """A fault of the handshake strikes at the server's next one: this session's is over."""
        if KINDS[fault.name].stage == "handshake":
            self._server.arm(fault)
        else:
            self.share(_FaultCounter(fault))

    def share(self, counter: _FaultCounter) -> None:
        self.armed = [*(s for s in self.armed if not s.counter.spent), ArmedFault(counter)][
            -MOST_ARMED:
        ]
        self.changed()

    def clear(self) -> None:
        self.armed = []
        self.on_cleared()

    def remove(self) -> None:
        """Nothing stands any more, and nobody is told: who listened may go."""
        self.armed = []
        self.changed = self.on_cleared = _nothing

    def immediate(self) -> list[ArmedFault]:
        """Those that wait for no event, once each."""
        mine = [each for each in self.armed if each.is_immediate]
        if mine:
            self.armed = [each for each in self.armed if not each.is_immediate]
        return [each for each in mine if each.triggers()]

    def triggered(self, event: JSON) -> list[ArmedFault]:
        """Those that strike at this event, in the order in which they were armed."""
        applied = [
            s
            for s in self.armed
            if not s.is_immediate and _aims_at(s.fault, event) and s.triggers()
        ]
        if any(each.counter.spent for each in self.armed):
            self.armed = [each for each in self.armed if not each.counter.spent]
        return applied

    def to_json(self) -> list[JSON]:
        return [each.counter.to_json() for each in self.armed if not each.counter.spent]


class FaultRegistry:
    """The faults of a server: those of the handshake, and those that its sessions share."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.on_cleared: Callable[[], None] = _nothing
        self._handshake: list[ArmedFault] = []
        self._shared: list[_FaultCounter] = []
        self._sessions: weakref.WeakSet[SessionFaults] = weakref.WeakSet()
        for fault in faults:
            self.arm(fault)

    def arm(self, fault: Fault) -> None:
        counter = _FaultCounter(fault)
        if KINDS[fault.name].stage == "handshake":
            self._handshake = [
                *(s for s in self._handshake if not s.counter.spent),
                ArmedFault(counter),
            ][-MOST_ARMED:]
            return
        self._shared = [*(c for c in self._shared if not c.spent), counter][-MOST_ARMED:]
        for session in list(self._sessions):
            session.share(counter)

    def clear(self) -> None:
        """Of all sessions too, and what lasts ends."""
        self._handshake, self._shared = [], []
        for session in list(self._sessions):
            session.clear()
        self.on_cleared()

    def session(self) -> SessionFaults:
        """For a session that begins."""
        session = SessionFaults(self)
        for counter in self._shared:
            if not counter.spent:
                session.share(counter)
        self._sessions.add(session)
        return session

    def remove(self, session: SessionFaults) -> None:
        """A session that is over, or is to be: nothing strikes it any more, and nothing armed here
        is spent on it."""
        self._sessions.discard(session)
        session.remove()

    def handshake(self) -> list[Fault]:
        """Those that strike at this handshake, in order; one that answers it, or never will, is the
        last."""
        applied = []
        for each in self._handshake:
            if each.triggers():
                applied.append(each.fault)
                if each.fault.name != "hang" or not each.fault.params["for_ms"]:
                    break
        return applied

    def to_json(self) -> list[JSON]:
        """What is still to strike, for people and tests to read."""
        counters = [*(each.counter for each in self._handshake), *self._shared]
        return [counter.to_json() for counter in counters if not counter.spent]


def _aims_at(fault: Fault, event: JSON) -> bool:
    return (not fault.on or fnmatchcase(str(event.get("type")), fault.on)) and finds_something(
        fault, event
    )


def _nothing() -> None:
    pass
