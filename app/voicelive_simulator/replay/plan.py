"""Turns a recording into steps: what is served, after which client event or turn mark, and how long
after it."""

from __future__ import annotations

import binascii
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voicelive_simulator.replay.dependencies import effects
from voicelive_simulator.replay.folder import Closed
from voicelive_simulator.replay.journal_line import APPEND, Audio, Line
from voicelive_simulator.replay.microphone_levels import (
    BLOCK_MS,
    Levels,
    MicrophoneLevels,
    input_format,
    threshold_db,
)
from voicelive_simulator.replay.turn_marks import Mark, mark_between

_SPEECH_EVENTS = ("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped")
_MOST_JOINED_BYTES = 2**20  # bytes
_CONFIGURATIONS = ("session.created", "session.updated")


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One frame to serve, or the end. `needs` are the client events that must have arrived (indices
    into ReplayPlan.client_events); `mark_count` is the number of turn marks that the microphone
    must have reached, the last of them in a block that was sent at `heard_s`."""

    n: int
    t_s: float
    content: Line | Closed
    needs: tuple[int, ...] = ()
    mark_count: int = 0
    heard_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """The steps of a recording. `client_events` are in the order in which they were sent, without
    appends; `loose_replies` are by the number of their event and not among the `steps`; `mark_ns`
    are the record numbers of the turn marks."""

    steps: tuple[ReplayStep, ...]
    loose_replies: Mapping[int, ReplayStep]
    client_events: tuple[Line, ...]
    marks: tuple[Mark, ...]
    mark_ns: tuple[int, ...]
    threshold_db: float


def make_plan(
    frames: Sequence[Line], closed: Closed | None, audio: Callable[[Audio], bytes | None]
) -> ReplayPlan:
    """Make the plan. `audio` returns the bytes of a reference, None when they were not kept."""
    builder = _MarkBuilder(frames, audio)
    needs: dict[int, list[int]] = defaultdict(list)
    loose: dict[int, int] = {}
    for effect in effects(frames):
        if effect.loose:
            loose[effect.at] = effect.event
        else:
            needs[effect.at].append(effect.event)
    loose_replies = {
        number: ReplayStep(frames[at].n, frames[at].t_s, frames[at], (number,))
        for at, number in loose.items()
        if at not in needs
    }
    steps = [
        ReplayStep(
            line.n, line.t_s, line, tuple(needs.get(at, ())), *builder.reached.get(at, (0, 0.0))
        )
        for at, line in enumerate(frames)
        if line.direction == "received" and (at in needs or at not in loose)
    ]
    if closed is not None:
        steps.append(ReplayStep(closed.n, closed.t_s, closed))
    client_events = tuple(
        line for line in frames if line.direction == "sent" and line.type != APPEND
    )
    return ReplayPlan(
        tuple(steps),
        loose_replies,
        client_events,
        tuple(builder.marks),
        tuple(builder.mark_ns),
        builder.threshold_db,
    )


class _MarkBuilder:
    """Finds the turn marks in the recorded microphone: `marks` and, for each frame with a mark that
    was heard, its number and time in `reached`."""

    def __init__(self, frames: Sequence[Line], audio: Callable[[Audio], bytes | None]) -> None:
        self.marks: list[Mark] = []
        self.mark_ns: list[int] = []
        self.reached: dict[int, tuple[int, float]] = {}
        microphone = _Microphone(audio)
        # For each mark its frame's index, the blocks so far, and when the last append was sent.
        positions: list[tuple[int, int, float]] = []
        sent_s = 0.0
        for at, line in enumerate(frames):
            if line.type in _CONFIGURATIONS and isinstance(
                session := (line.event or {}).get("session"), dict
            ):
                microphone.configure(session)
            elif line.type == APPEND:
                sent_s = line.t_s
                microphone.append(line)
            elif line.type in _SPEECH_EVENTS or (
                line.direction == "sent" and line.type == "input_audio_buffer.commit"
            ):
                positions.append((at, microphone.blocks(), sent_s))
        levels = microphone.levels()
        # Of audio that was not kept completely, only the length is known.
        self.threshold_db = threshold_db(levels) if microphone.kept and len(levels) else -np.inf
        self._build(
            [bool(level > self.threshold_db) for level in levels.tolist()], positions, frames
        )

    def _build(
        self,
        is_sound: Sequence[bool],
        positions: Sequence[tuple[int, int, float]],
        frames: Sequence[Line],
    ) -> None:
        before = 0
        for at, blocks, sent_s in positions:
            self.mark_ns.append(frames[at].n)
            if frames[at].direction == "sent":
                self.marks.append(Mark("committed", 0.0, 0.0))
            else:
                self.marks.append(mark_between(is_sound, before, blocks))
                self.reached[at] = (len(self.marks), sent_s)
            before = blocks


class _Microphone:
    """The levels of the recorded appends. Appends that are adjacent in a file are read together."""

    def __init__(self, audio: Callable[[Audio], bytes | None]) -> None:
        self.kept = True
        self._read = audio
        self._meter = MicrophoneLevels()
        self._pending: Audio | None = None
        self._levels: list[Levels] = []
        self._blocks = 0

    def configure(self, session: Mapping[str, Any]) -> None:
        self._process_pending()
        self._meter.configure(input_format(session, self._meter.format))

    def append(self, line: Line) -> None:
        if line.audio is None:  # inline audio, which is not plain base64
            self._process_pending()
            self._add(self._meter.feed(append_bytes(line.event or {})))
            return
        joined = self._pending.joined(line.audio) if self._pending else line.audio
        if joined is None or joined.size_bytes > _MOST_JOINED_BYTES:
            self._process_pending()
            joined = line.audio
        self._pending = joined

    def blocks(self) -> int:
        """The number of blocks so far."""
        self._process_pending()
        return self._blocks

    def levels(self) -> Levels:
        """The levels of all blocks."""
        self._process_pending()
        return np.concatenate(self._levels) if self._levels else np.zeros(0, dtype=np.float32)

    def _process_pending(self) -> None:
        if self._pending is None:
            return
        audio = self._read(self._pending)
        self.kept = self.kept and audio is not None
        unknown = np.zeros(round(self._pending.length_ms / BLOCK_MS), dtype=np.float32)
        self._add(unknown if audio is None else self._meter.feed(audio))
        self._pending = None

    def _add(self, levels: Levels) -> None:
        self._levels.append(levels)
        self._blocks += len(levels)


def append_bytes(event: dict[str, object]) -> bytes:
    """The bytes of an append; empty for broken base64, which the real service refuses."""
    try:
        return binascii.a2b_base64(str(event.get("audio", "")), strict_mode=True)
    except ValueError:
        return b""
