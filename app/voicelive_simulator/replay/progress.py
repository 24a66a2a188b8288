"""How far a live session is in the recording: what has come from the client, and when the next step
may be served."""

from __future__ import annotations

from voicelive_simulator.replay.journal_line import Line
from voicelive_simulator.replay.microphone_levels import Levels
from voicelive_simulator.replay.plan import ReplayPlan, ReplayStep
from voicelive_simulator.replay.turn_marks import TurnMarks

PATIENCE_S = 5.0


class ReplayProgress:
    """Times of the live session (perf_counter) beside those of the recording."""

    def __init__(self, plan: ReplayPlan, factor: float) -> None:
        self._plan = plan
        self._factor = factor
        self._listening = TurnMarks(plan.marks, plan.threshold_db)
        self._arrived: dict[int, float] = {}
        self._heard_s: list[float] = []
        self._served_s = 0.0
        self._served_t_s = 0.0

    def begin(self, now_s: float) -> None:
        """The live session's start."""
        self._served_s = now_s

    def arrived(self, number: int, now_s: float) -> None:
        """Client event `number` came, or is not waited for any more."""
        self._arrived[number] = now_s

    def hear(self, levels: Levels, now_s: float) -> None:
        """The next blocks of the microphone."""
        self._listening.hear(levels)
        self._note_marks(now_s)

    def commit(self, now_s: float) -> None:
        """The client commits a turn by hand."""
        self._listening.commit()
        self._note_marks(now_s)

    def _note_marks(self, now_s: float) -> None:
        self._heard_s += [now_s] * (self._listening.reached - len(self._heard_s))

    def served(self, step: ReplayStep, at_s: float | None = None) -> None:
        """The step was served, or was due, at this time; None for the first one, which comes before
        there is a time."""
        self._served_t_s = step.t_s
        if at_s is not None:
            self._served_s = at_s

    def due_s(self, step: ReplayStep) -> float | None:
        """None while something that caused it has not come."""
        if self._missing(step):
            return None
        causes = [(self._plan.asked[number].t_s, self._arrived[number]) for number in step.needs]
        if step.mark:
            causes.append((step.heard_s, self._heard_s[step.mark - 1]))
        due_s = [at_s + max(0.0, step.t_s - t_s) * self._factor for t_s, at_s in causes]
        # A pause that ended with the client's own doing was the client's: it is not waited for
        # twice.
        own_pause = any(t_s > self._served_t_s for t_s, _ in causes)
        due_s.append(
            self._served_s
            if own_pause
            else self._served_s + (step.t_s - self._served_t_s) * self._factor
        )
        return max(due_s)

    def answer_s(self, answer: ReplayStep) -> float:
        """When a loose reply is due, whose question has come."""
        (number,) = answer.needs
        return self._arrived[number] + (answer.t_s - self._plan.asked[number].t_s) * self._factor

    def _missing(self, step: ReplayStep) -> list[Line]:
        """The client events that must still come; the step's own line stands for the sound that
        must come before it."""
        missing = [self._plan.asked[number] for number in step.needs if number not in self._arrived]
        if step.mark > len(self._heard_s) and isinstance(step.what, Line):
            missing.append(step.what)
        return missing

    def waits_for(self, step: ReplayStep) -> tuple[int, str] | None:
        """The record number and the words for what the step waits for; None when it has all
        come."""
        missing = self._missing(step)
        if not missing:
            return None
        first = missing[0]
        return first.n, f"the sound before {first.type}" if first is step.what else first.type

    def tells_s(self, step: ReplayStep) -> float:
        """When a wait is worth a word: it lasts longer than in the recording (people do not hurry
        for a factor below 1)."""
        recorded_s = (
            max(step.heard_s if line is step.what else line.t_s for line in self._missing(step))
            - self._served_t_s
        )
        return self._served_s + max(0.0, recorded_s) * max(1.0, self._factor) + PATIENCE_S

    def _later(self, step: ReplayStep) -> list[tuple[float, str]]:
        """What came from the client that it sent only after the missing in the recording: when, and
        its name."""
        last = max(line.n for line in self._missing(step))
        events = [(at_s, self._plan.asked[number]) for number, at_s in self._arrived.items()]
        heard = zip(self._plan.marks, self._plan.mark_ns, self._heard_s, strict=False)
        sounds = [
            (at_s, "more speech") for mark, n, at_s in heard if n > last and mark.kind == "heard"
        ]
        return sorted([*((at_s, line.type) for at_s, line in events if line.n > last), *sounds])

    def gives_up_s(self, step: ReplayStep) -> float | None:
        """When what is missing is not waited for any more, because the client has gone on to
        something later."""
        later = self._later(step)
        return max(self._served_s, later[0][0]) + PATIENCE_S if later else None

    def went_on_to(self, step: ReplayStep) -> str:
        """The name of that."""
        return self._later(step)[0][1]

    def give_up(self, step: ReplayStep, now_s: float) -> list[int]:
        """Counts what is missing as come; the client events among it."""
        numbers = [number for number in step.needs if number not in self._arrived]
        for number in numbers:
            self.arrived(number, now_s)
        while step.mark > self._listening.reached:
            self._listening.skip()
        self._note_marks(now_s)
        return numbers
