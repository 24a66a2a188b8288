"""Applies one session's faults to its outgoing events, and keeps the events that are held back."""

from __future__ import annotations

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.apply import apply_fault
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.registry import ArmedFault, SessionFaults
from voicelive_simulator.faults.steps import Hold, Message, Step, response_id

MOST_HELD = 1000  # beyond it the oldest is released


class FaultFilter:
    """Turns an event into the steps to carry out, sans I/O. With `held` empty and no fault armed an
    event passes unchanged."""

    def __init__(self, faults: SessionFaults) -> None:
        self.held: list[Hold] = []
        self._faults = faults

    def apply(self, message: Message) -> tuple[list[Step], list[Fault]]:
        """Return the steps for an event, and the faults that struck."""
        before, after = self._release(message.event)
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
        """Return the steps of the faults that wait for no event, and those faults."""
        return _apply_armed(self._faults.immediate(), [])

    def _release(self, event: JSON) -> tuple[list[Hold], list[Hold]]:
        """Release held events: those to send before the event, and those to send after it."""
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
    for armed_fault in armed:
        steps = apply_fault(armed_fault.fault, armed_fault.random, steps)
    return steps, [armed_fault.fault for armed_fault in armed]
