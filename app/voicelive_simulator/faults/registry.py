"""The armed faults: those of a server, which its sessions share, and those of one session.

`times` counts strikes over all sessions of a server, so that a client that reconnects finds the
fault gone; `after` counts the events (or handshakes) that the fault would have struck, in each
session separately. A fault of the connection with neither `on` nor `after` strikes a session as
soon as it is armed, or as soon as the session begins.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.apply import can_strike
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.kinds import KINDS

MOST_ARMED = 1000  # beyond it the oldest is dropped


@dataclass(eq=False, slots=True)
class _FaultCounter:
    """Counts the strikes of a fault over all sessions."""

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
    """A fault in one session, or in a server's handshakes. `random` makes its choices, which are
    the same in every session."""

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
        """Count one occasion, and return whether the fault strikes at it."""
        if self.counter.spent:
            return False
        self.passed += 1
        if self.passed <= self.fault.after:
            return False
        self.counter.applied += 1
        return True


class SessionFaults:
    """The faults of one session: its own, and its server's. While `armed` is empty nothing can
    strike. `changed` is called when a fault was armed, `on_cleared` when all were removed."""

    def __init__(self, server: FaultRegistry) -> None:
        self.armed: list[ArmedFault] = []
        self.changed: Callable[[], None] = _nothing
        self.on_cleared: Callable[[], None] = _nothing
        self._server = server

    def arm(self, fault: Fault) -> None:
        """Arm a fault. One of the handshake strikes at the server's next handshake, because this
        session's is over."""
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
        """Disarm everything without calling a callback: their owner may be gone."""
        self.armed = []
        self.changed = self.on_cleared = _nothing

    def immediate(self) -> list[ArmedFault]:
        """The faults that wait for no event; each is returned once."""
        immediate = [each for each in self.armed if each.is_immediate]
        if immediate:
            self.armed = [each for each in self.armed if not each.is_immediate]
        return [each for each in immediate if each.triggers()]

    def triggered(self, event: JSON) -> list[ArmedFault]:
        """The faults that strike at this event, in the order in which they were armed."""
        applied = [
            s
            for s in self.armed
            if not s.is_immediate and _matches(s.fault, event) and s.triggers()
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
        """Disarm all faults, those of the sessions included, and end lasting ones."""
        self._handshake, self._shared = [], []
        for session in list(self._sessions):
            session.clear()
        self.on_cleared()

    def session(self) -> SessionFaults:
        """The faults of a session that begins."""
        session = SessionFaults(self)
        for counter in self._shared:
            if not counter.spent:
                session.share(counter)
        self._sessions.add(session)
        return session

    def remove(self, session: SessionFaults) -> None:
        """Remove a session that has ended or is about to: no fault strikes it any more, and it uses
        up no strike of a fault armed here."""
        self._sessions.discard(session)
        session.remove()

    def handshake(self) -> list[Fault]:
        """The faults that strike at this handshake, in order. One that answers the handshake or
        blocks it for ever is the last."""
        applied = []
        for each in self._handshake:
            if each.triggers():
                applied.append(each.fault)
                if each.fault.name != "hang" or not each.fault.params["for_ms"]:
                    break
        return applied

    def to_json(self) -> list[JSON]:
        """The faults that can still strike, for users and tests to read."""
        counters = [*(each.counter for each in self._handshake), *self._shared]
        return [counter.to_json() for counter in counters if not counter.spent]


def _matches(fault: Fault, event: JSON) -> bool:
    return (not fault.on or fnmatchcase(str(event.get("type")), fault.on)) and can_strike(
        fault, event
    )


def _nothing() -> None:
    pass
