"""Decides which of the recorded turn marks the live microphone has reached: speech that started or
stopped, and turns committed manually.

Between two marks the recording has a certain amount of sound, and then more audio. The live client
reaches the next mark when nearly as much sound has arrived since the last one, followed by as much
more audio (the pause that ends a turn). So neither the size of the chunks matters nor the silence
before and inside a turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicelive_simulator.replay.microphone_levels import BLOCK_MS, Levels

_SLACK_MS, _SLACK = 50, 0.1  # of the sound: blocks at the edges of syllables may count either way
_LOST_MS = 2 * BLOCK_MS  # of the rest: the part of a block that other chunks leave at either end


@dataclass(frozen=True, slots=True)
class Mark:
    """A turn mark, and what must come after the mark before it: `sound_ms` of sound, then
    `after_ms` of any audio."""

    kind: Literal["heard", "committed"]
    sound_ms: float
    after_ms: float


class TurnMarks:
    """Follows the live microphone through the marks; `reached` is the number of marks passed."""

    def __init__(self, marks: Sequence[Mark], threshold_db: float) -> None:
        self._marks = marks
        self._threshold_db = threshold_db
        self._commits = 0
        self.reached = 0
        self._start_mark()

    def _start_mark(self) -> None:
        self._sound_ms = 0.0
        self._after_ms = 0.0
        self._pass_empty_marks()

    def process_levels(self, levels: Levels) -> None:
        """Process the next blocks of the live microphone."""
        for is_sound in (levels > self._threshold_db).tolist():
            if self.reached == len(self._marks):
                return
            self._process_block(self._marks[self.reached], is_sound)

    def _process_block(self, mark: Mark, is_sound: bool) -> None:
        if mark.kind == "committed":
            return
        if self._sound_ms < mark.sound_ms:
            self._sound_ms += BLOCK_MS if is_sound else 0
        else:
            self._after_ms += BLOCK_MS
        if self._sound_ms >= mark.sound_ms and self._after_ms >= mark.after_ms:
            self.skip()

    def commit(self) -> None:
        """Record that the live client committed a turn manually."""
        self._commits += 1
        self._pass_empty_marks()

    def skip(self) -> None:
        """Count the next mark as reached."""
        self.reached += 1
        self._start_mark()

    def _pass_empty_marks(self) -> None:
        """Pass all marks that need no more audio."""
        while self.reached < len(self._marks):
            mark = self._marks[self.reached]
            if mark.kind == "committed" and self._commits:
                self._commits -= 1
            elif mark.kind == "committed" or mark.sound_ms or mark.after_ms:
                return
            self.reached += 1


def mark_between(is_sound: Sequence[bool], at: int, end: int) -> Mark:
    """The mark at block `end` of a recording whose previous mark is at block `at`."""
    total_ms = sum(is_sound[at:end]) * BLOCK_MS
    wanted_ms = max(0.0, min(total_ms, max(total_ms - _SLACK_MS - _SLACK * total_ms, total_ms / 2)))
    seen = 0.0
    position = at
    while seen < wanted_ms and position < end:
        seen += BLOCK_MS if is_sound[position] else 0
        position += 1
    return Mark("heard", wanted_ms, max(0.0, (end - position) * BLOCK_MS - _LOST_MS))
