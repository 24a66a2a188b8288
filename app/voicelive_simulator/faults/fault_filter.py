"""One session's way out: which faults strike at an event, and what was held back until now."""

from __future__ import annotations

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.apply import apply_fault
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.registry import ArmedFault, SessionFaults
from voicelive_simulator.faults.steps import Hold, Message, Step, response_id

MOST_HELD = 1000  # beyond it the oldest is let go


class FaultFilter:
    """Sans I/O: an event in, the steps to carry out. `held` empty and no fault armed means that an
    event passes as it is."""

    def __init__(self, faults: SessionFaults) -> None:
        self.held: list[Hold] = []
        self._faults = faults

    def passes(self, message: Message) -> tuple[list[Step], list[Fault]]:
        """The steps, and the faults that struck."""
        before, after = self._released(message.event)
        steps, applied = _apply_armed(self._faults.triggered(message.event), [message])
        self.held += [step for step in steps if isinstance(step, Hold)]
        surplus, self.held = self.held[:-MOST_HELD], self.held[-MOST_HELD:]
        kept = [step for step in steps if not isinstance(step, Hold)]
        return [
            *(hold.body for hold in (*before, *surplus)),
            *kept,
            *(hold.body for hold in after),
        ], applied

    def immediate(self) -> tuple[list[Step], list[Fault]]:
        """The same for the faults that wait for no event."""
        return _apply_armed(self._faults.immediate(), [])

    def _released(self, event: JSON) -> tuple[list[Hold], list[Hold]]:
        """What leaves before the event, and what after it."""
        if not self.held:
            return [], []
        before: list[Hold] = []
        after: list[Hold] = []
        held: list[Hold] = []
        kind, response = event.get("type"), response_id(event)
        for hold in self.held:
            if response is not None and hold.response_id not in (None, response):
                held.append(hold)
            elif hold.until == kind:
                after.append(hold)
            else:
                (before if hold.at_last == kind else held).append(hold)
        self.held = held
        return before, after


def _apply_armed(armed: list[ArmedFault], steps: list[Step]) -> tuple[list[Step], list[Fault]]:
    for one in armed:
        steps = apply_fault(one.fault, one.random, steps)
    return steps, [one.fault for one in armed]
