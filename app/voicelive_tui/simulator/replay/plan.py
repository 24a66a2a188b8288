"""A recording as steps: what is served, after which client event or turn mark, and how long after it."""

from __future__ import annotations

import binascii
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voicelive_tui.simulator.replay.causes import APPEND, effects
from voicelive_tui.simulator.replay.folder import Closed
from voicelive_tui.simulator.replay.line import Audio, Line
from voicelive_tui.simulator.replay.listening import Mark, mark_between
from voicelive_tui.simulator.replay.microphone import BLOCK_MS, Levels, Levels10, input_format, threshold_db

_HEARD = ("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped")
_CONFIGURATIONS = ("session.created", "session.updated")


@dataclass(frozen=True, slots=True)
class Step:
    """One frame to serve, or the end. `needs` are the client events that must have come (numbers in Plan.asked), `mark` how many
    turn marks the microphone must have reached, the last of them in a block that was sent at `heard_s`."""

    n: int
    t_s: float
    what: Line | Closed
    needs: tuple[int, ...] = ()
    mark: int = 0
    heard_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """`asked` are the client events in the order in which they were sent, appends left out; `answers` are by their numbers the
    loose replies, which stand outside the order of the `steps`."""

    steps: tuple[Step, ...]
    answers: Mapping[int, Step]
    asked: tuple[Line, ...]
    marks: tuple[Mark, ...]
    threshold_db: float

    def mark_n(self, mark: int) -> int:
        """The number of the record that is mark number `mark` (from 1); 0 for one that was committed by hand."""
        return next((step.n for step in self.steps if step.mark == mark), 0)


def make_plan(frames: Sequence[Line], closed: Closed | None, audio: Callable[[Audio], bytes | None]) -> Plan:
    """`audio` gives the bytes of a reference, None when they were not kept."""
    hearing = _Hearing(frames, audio)
    needs: dict[int, list[int]] = defaultdict(list)
    loose: dict[int, int] = {}
    for effect in effects(frames):
        if effect.loose:
            loose[effect.at] = effect.event
        else:
            needs[effect.at].append(effect.event)
    answers = {
        number: Step(frames[at].n, frames[at].t_s, frames[at], (number,)) for at, number in loose.items() if at not in needs
    }
    steps = [
        Step(line.n, line.t_s, line, tuple(needs.get(at, ())), *hearing.reached.get(at, (0, 0.0)))
        for at, line in enumerate(frames)
        if line.direction == "received" and (at in needs or at not in loose)
    ]
    if closed is not None:
        steps.append(Step(closed.n, closed.t_s, closed))
    asked = tuple(line for line in frames if line.direction == "sent" and line.type != APPEND)
    return Plan(tuple(steps), answers, asked, tuple(hearing.marks), hearing.threshold_db)


class _Hearing:
    """Walks through the recorded microphone: `marks`, and for each position of one that was heard its number and time."""

    def __init__(self, frames: Sequence[Line], audio: Callable[[Audio], bytes | None]) -> None:
        self.marks: list[Mark] = []
        self.reached: dict[int, tuple[int, float]] = {}
        self._blocks = 0
        levels: list[Levels] = []
        places: list[tuple[int, int, float]] = []  # position, blocks so far, when the last append was sent
        meter, sent_s, kept = Levels10(), 0.0, True
        for at, line in enumerate(frames):
            if line.type in _CONFIGURATIONS and isinstance(session := (line.event or {}).get("session"), dict):
                meter.configure(input_format(session, meter.format))
            elif line.type == APPEND:
                sent_s = line.t_s
                heard = _payload(line, audio)
                kept = kept and heard is not None
                levels.append(meter.feed(heard) if heard is not None else _unknown(line))
                self._blocks += len(levels[-1])
            elif line.type in _HEARD or (line.direction == "sent" and line.type == "input_audio_buffer.commit"):
                places.append((at, self._blocks, sent_s))
        every = np.concatenate(levels) if levels else np.zeros(0, dtype=np.float32)
        # Of a microphone that was not kept, or not all of it, only the length is known.
        self.threshold_db = threshold_db(every) if kept and len(every) else -np.inf
        self._mark([bool(level > self.threshold_db) for level in every.tolist()], places, frames)

    def _mark(self, sound: Sequence[bool], places: Sequence[tuple[int, int, float]], frames: Sequence[Line]) -> None:
        before = 0
        for at, blocks, sent_s in places:
            if frames[at].direction == "sent":
                self.marks.append(Mark("committed", 0.0, 0.0))
            else:
                self.marks.append(mark_between(sound, before, blocks))
                self.reached[at] = (len(self.marks), sent_s)
            before = blocks


def _payload(line: Line, audio: Callable[[Audio], bytes | None]) -> bytes | None:
    """The audio of a recorded append, which stands inline when it was not plain base64."""
    if line.audio is not None:
        return audio(line.audio)
    return append_bytes(line.event or {})


def _unknown(line: Line) -> Levels:
    length_ms = line.audio.length_ms if line.audio else 0.0
    return np.zeros(round(length_ms / BLOCK_MS), dtype=np.float32)


def append_bytes(event: dict[str, object]) -> bytes:
    """The bytes of an append; none for one that is broken, which the real service refuses."""
    try:
        return binascii.a2b_base64(str(event.get("audio", "")), strict_mode=True)
    except ValueError:
        return b""
