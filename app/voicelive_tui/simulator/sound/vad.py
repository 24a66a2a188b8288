"""Voice activity in audio time: 20 ms blocks against a noise floor of minimum statistics, and the endpointing of turns.

Nothing here knows a clock: the same samples give the same marks, however fast they arrive.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

BLOCK_MS = 20
FLOOR_WINDOW_BLOCKS = 2000 // BLOCK_MS
SMOOTHING = 0.7
QUIETEST_FLOOR_DB = -60.0  # a room that comes up after digital silence must not pass for speech
FLOOR_RISE_DB = 6.0 * BLOCK_MS / 1000  # per block while someone speaks: a long vowel must not become the floor at once
CONFIDENCE_AT_DB, CONFIDENCE_PER_DB = 4.0, 1.0 / 16.0  # threshold 0.5 asks for 12 dB above the floor, 0.3 for 8.8


@dataclass(frozen=True, slots=True)
class Endpointing:
    """The timing fields of `turn_detection` (protocol.md 6.1)."""

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500
    speech_duration_ms: int = 200


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """`audio_start_ms` includes the prefix padding."""

    audio_start_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """`audio_end_ms` is the end of speech and the silence window after it."""

    audio_end_ms: int


Mark = SpeechStarted | SpeechStopped


class VoiceActivity:
    """Feed it the level of each block, in order; it says which are speech and where turns begin and end."""

    def __init__(self) -> None:
        self._endpointing = Endpointing()
        self._block = 0
        self._smooth_db: float | None = None
        self._window: deque[tuple[int, float]] = deque()  # falling values from the left: a monotonic queue of minima
        self._floor_db = QUIETEST_FLOOR_DB
        self._turn_floor_ms = 0  # a new turn's padding never reaches back into the turn before it
        self._run_start: int | None = None
        self._run_blocks = 0
        self._silent_blocks = 0
        self.speaking = False
        self.speech = False

    @property
    def position_ms(self) -> int:
        """The end of what was fed."""
        return self._block * BLOCK_MS

    def configure(self, endpointing: Endpointing) -> None:
        self._endpointing = endpointing

    def reset_turn(self) -> None:
        """Forgets a turn in progress (commit, clear); keeps the noise floor."""
        self.speaking = False
        self._run_start, self._run_blocks, self._silent_blocks = None, 0, 0
        self._turn_floor_ms = self.position_ms

    def feed(self, level_db: float) -> Mark | None:
        """One block's level in speech's band, in dBFS; `speech` then says whether the block is speech."""
        confidence = (level_db - self._follow_floor(level_db) - CONFIDENCE_AT_DB) * CONFIDENCE_PER_DB
        self.speech = confidence > self._endpointing.threshold
        mark = self._during_turn() if self.speaking else self._before_turn()
        self._block += 1
        return mark

    def _follow_floor(self, level_db: float) -> float:
        """The minimum of the smoothed level over two seconds."""
        last = self._smooth_db
        self._smooth_db = level_db if last is None or level_db < last else SMOOTHING * last + (1 - SMOOTHING) * level_db
        while self._window and self._window[-1][1] >= self._smooth_db:
            self._window.pop()
        self._window.append((self._block, self._smooth_db))
        if self._window[0][0] <= self._block - FLOOR_WINDOW_BLOCKS:
            self._window.popleft()
        floor = max(QUIETEST_FLOOR_DB, self._window[0][1])
        if self.speaking:
            floor = min(floor, self._floor_db + FLOOR_RISE_DB)
        self._floor_db = floor
        return floor

    def _before_turn(self) -> Mark | None:
        """Counts speech up and the rest down, so that a syllable's gap survives and a click does not add up."""
        if self.speech:
            if self._run_start is None:
                self._run_start = self._block
            self._run_blocks += 1
        elif self._run_start is not None:
            self._run_blocks -= 1
            if self._run_blocks <= 0:
                self._run_start = None
        if self._run_start is None or self._run_blocks * BLOCK_MS < max(BLOCK_MS, self._endpointing.speech_duration_ms):
            return None
        start_ms = max(self._turn_floor_ms, self._run_start * BLOCK_MS - self._endpointing.prefix_padding_ms)
        self.speaking, self._silent_blocks = True, 0
        return SpeechStarted(start_ms)

    def _during_turn(self) -> Mark | None:
        self._silent_blocks = 0 if self.speech else self._silent_blocks + 1
        window_ms = max(BLOCK_MS, self._endpointing.silence_duration_ms)
        if self._silent_blocks * BLOCK_MS < window_ms:
            return None
        window_end = self._block + 1
        speech_end_ms = (window_end - self._silent_blocks) * BLOCK_MS
        self.speaking = False
        self._run_start, self._run_blocks, self._silent_blocks = None, 0, 0
        self._turn_floor_ms = window_end * BLOCK_MS
        return SpeechStopped(speech_end_ms + window_ms)
