"""Keeps track of how far a live session is in the recording: what the client has sent, and when the
next step may be served."""

from __future__ import annotations

from voicelive_simulator.replay.journal_line import Line
from voicelive_simulator.replay.microphone_levels import Levels
from voicelive_simulator.replay.plan import ReplayPlan, ReplayStep
from voicelive_simulator.replay.turn_marks import TurnMarks

PATIENCE_S = 5.0


class ReplayProgress:
    """The times of the live session (perf_counter) compared with those of the recording."""

    def __init__(self, plan: ReplayPlan, factor: float) -> None:
        self._plan = plan
        self._factor = factor
        self._turn_marks = TurnMarks(plan.marks, plan.threshold_db)
        self._arrival_times_s: dict[int, float] = {}
        self._mark_times_s: list[float] = []
        self._served_s = 0.0
        self._served_t_s = 0.0

    def begin(self, now_s: float) -> None:
        """Record the live session's start."""
        self._served_s = now_s

    def arrived(self, number: int, now_s: float) -> None:
        """Record that client event `number` arrived, or was given up."""
        self._arrival_times_s[number] = now_s

    def process_levels(self, levels: Levels, now_s: float) -> None:
        """Process the next blocks of the microphone."""
        self._turn_marks.process_levels(levels)
        self._note_marks(now_s)

    def commit(self, now_s: float) -> None:
        """Record that the client committed a turn manually."""
        self._turn_marks.commit()
        self._note_marks(now_s)

    def _note_marks(self, now_s: float) -> None:
        self._mark_times_s += [now_s] * (self._turn_marks.reached - len(self._mark_times_s))

    def served(self, step: ReplayStep, at_s: float | None = None) -> None:
        """Record that the step was served, or was due, at `at_s`; None for the first step, which is
        served before the session's time begins."""
        self._served_t_s = step.t_s
        if at_s is not None:
            self._served_s = at_s

    def due_s(self, step: ReplayStep) -> float | None:
        """When the step is due; None while a cause is missing."""
        if self._missing(step):
            return None
        causes = [
            (self._plan.client_events[number].t_s, self._arrival_times_s[number])
            for number in step.needs
        ]
        if step.mark_count:
            causes.append((step.heard_s, self._mark_times_s[step.mark_count - 1]))
        due_s = [at_s + max(0.0, step.t_s - t_s) * self._factor for t_s, at_s in causes]
        # A pause that the client ended was the client's own and is not waited for a second time.
        own_pause = any(t_s > self._served_t_s for t_s, _ in causes)
        due_s.append(
            self._served_s
            if own_pause
            else self._served_s + (step.t_s - self._served_t_s) * self._factor
        )
        return max(due_s)

    def reply_due_s(self, reply: ReplayStep) -> float:
        """When a loose reply is due whose request has arrived."""
        (number,) = reply.needs
        return (
            self._arrival_times_s[number]
            + (reply.t_s - self._plan.client_events[number].t_s) * self._factor
        )

    def _missing(self, step: ReplayStep) -> list[Line]:
        """The client events that are still missing. The step's own line stands for sound that must
        come before it."""
        missing = [
            self._plan.client_events[number]
            for number in step.needs
            if number not in self._arrival_times_s
        ]
        if step.mark_count > len(self._mark_times_s) and isinstance(step.content, Line):
            missing.append(step.content)
        return missing

    def missing_cause(self, step: ReplayStep) -> tuple[int, str] | None:
        """The record number and a description of what the step waits for; None when nothing is
        missing."""
        missing = self._missing(step)
        if not missing:
            return None
        first = missing[0]
        return first.n, f"the sound before {first.type}" if first is step.content else first.type

    def report_due_s(self, step: ReplayStep) -> float:
        """When a wait is worth reporting: it is longer than in the recording (users do not hurry
        for a factor below 1)."""
        recorded_s = (
            max(step.heard_s if line is step.content else line.t_s for line in self._missing(step))
            - self._served_t_s
        )
        return self._served_s + max(0.0, recorded_s) * max(1.0, self._factor) + PATIENCE_S

    def _later_events(self, step: ReplayStep) -> list[tuple[float, str]]:
        """The arrival times and names of client events that the recorded client sent only after the
        missing ones."""
        last = max(line.n for line in self._missing(step))
        events = [
            (at_s, self._plan.client_events[number])
            for number, at_s in self._arrival_times_s.items()
        ]
        heard = zip(self._plan.marks, self._plan.mark_ns, self._mark_times_s, strict=False)
        sounds = [
            (at_s, "more speech") for mark, n, at_s in heard if n > last and mark.kind == "heard"
        ]
        return sorted([*((at_s, line.type) for at_s, line in events if line.n > last), *sounds])

    def give_up_due_s(self, step: ReplayStep) -> float | None:
        """When the missing events are given up, because the client has gone on to a later one; None
        while it has not."""
        later = self._later_events(step)
        return max(self._served_s, later[0][0]) + PATIENCE_S if later else None

    def later_event(self, step: ReplayStep) -> str:
        """The name of the later event to which the client has gone on."""
        return self._later_events(step)[0][1]

    def give_up(self, step: ReplayStep, now_s: float) -> list[int]:
        """Count the missing causes as arrived; return the numbers of the client events among
        them."""
        numbers = [number for number in step.needs if number not in self._arrival_times_s]
        for number in numbers:
            self.arrived(number, now_s)
        while step.mark_count > self._turn_marks.reached:
            self._turn_marks.skip()
        self._note_marks(now_s)
        return numbers
