"""Processes appended audio in audio time, mark by mark, and interleaves everything else that
happens in the session.

Audio advances session time step by step, as if it arrived at a microphone's pace. Time must not
advance while the voice renders, or the events that a client gets would depend on the voice's speed:
the rest of the append then waits until the voice is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from voicelive_common.voice_activity.detector import Mark

from voicelive_simulator.dialogue.input.turns import TurnListener
from voicelive_simulator.dialogue.state.clock import SessionClock


class Scheduler(Protocol):
    """The rest of the session beside the listener, in session time."""

    @property
    def next_due_s(self) -> float | None: ...

    @property
    def voice_at_work(self) -> bool: ...

    def advance_time(self, session_s: float) -> None:
        """Do everything that is due by then."""
        ...


class AppendReader:
    """Processes one append at a time. `waits` says that an append is suspended; `resume` continues
    it once the voice is done."""

    def __init__(self, clock: SessionClock, listener: TurnListener, scheduler: Scheduler) -> None:
        self._clock = clock
        self._listener = listener
        self._scheduler = scheduler
        self._steps: Iterator[None] = iter(())
        self._wall_s = 0.0
        self.waits = False

    def append(self, audio: bytes, wall_s: float) -> None:
        """Process audio. Raises Refused for audio that does not have the session's format; none of
        it is processed then."""
        before_s = self._listener.received_ms / 1000
        marks = self._listener.process_audio(audio)
        duration_s = self._listener.received_ms / 1000 - before_s
        begin_s = self._clock.schedule(duration_s, wall_s)
        self._steps = self._process(marks, begin_s - before_s, begin_s + duration_s)
        self._continue(wall_s)

    def resume(self, wall_s: float) -> None:
        """Continue after the voice has delivered; do nothing when no append is suspended."""
        if self.waits and not self._scheduler.voice_at_work:
            self._clock.start(wall_s)
            self._continue(wall_s)

    def _continue(self, wall_s: float) -> None:
        self._wall_s = wall_s
        self.waits = next(self._steps, self) is None
        if self.waits:
            self._clock.stop(wall_s)

    def _process(
        self, marks: Iterator[tuple[Mark, int]], origin_s: float, end_s: float
    ) -> Iterator[None]:
        """Process the marks and then the rest of the append. `origin_s` is the session time of
        audio time 0, `end_s` that of the append's end."""
        for mark, at_ms in marks:
            yield from self._advance_to(origin_s + at_ms / 1000)
            self._listener.apply_mark(mark, self._clock.now_s(self._wall_s))
        yield from self._advance_to(end_s)

    def _advance_to(self, session_s: float) -> Iterator[None]:
        """Let session time pass until then; yield whenever the voice is rendering."""
        scheduler = self._scheduler
        done_s: float | None = None
        while (now_s := self._clock.now_s(self._wall_s)) < session_s:
            if scheduler.voice_at_work:
                yield
                continue
            due_s = scheduler.next_due_s
            # Something that was due and stays due is waiting for another event; it must not hold up
            # time.
            step_s = (
                session_s if due_s is None or due_s == done_s else min(max(due_s, now_s), session_s)
            )
            self._clock.advance(step_s, self._wall_s)
            scheduler.advance_time(step_s)
            if step_s >= session_s:
                return
            done_s = due_s
