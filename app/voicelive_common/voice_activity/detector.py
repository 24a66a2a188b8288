"""Voice activity in audio time: 20 ms blocks against the noise floor of each band, and the
endpointing of turns.

A run of blocks above the floor begins a turn when it is long enough and something in it is a
voice's. One that stays as loud and has no voice for 300 ms is the room's new noise, and the floor
is taken from there. Someone who begins with an unvoiced sound is so heard when the vowel comes,
with the true beginning.

Nothing here knows a clock: the same samples give the same marks, however fast they arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_common.voice_activity.band_levels import BANDS, BLOCK_MS
from voicelive_common.voice_activity.noise_floor import NoiseFloor
from voicelive_common.voice_activity.voiced_run import Periodicity, VoicedRun, voiced

CONFIDENCE_AT_DB, CONFIDENCE_PER_DB = (
    4.0,
    1.0 / 16.0,
)  # threshold 0.5 asks for 12 dB above the floor, 0.3 for 8.8
NOISE_ABOVE_DB = 1.5  # its floor is its minimum
MOST_ABOVE_DB = 40.0  # of one band: what is louder says no more
SURE_BLOCKS = 2  # in a row are speech again after a pause; one alone is a click


@dataclass(frozen=True, slots=True)
class Endpointing:
    """The timing fields of `turn_detection` (protocol.md 6.1)."""

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500
    speech_duration_ms: int = 200


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """`audio_start_ms` includes the prefix padding; `speech_ms` is how much speech there was since,
    pauses taken off."""

    audio_start_ms: int
    speech_ms: int


@dataclass(frozen=True, slots=True)
class SpeechLasted:
    """The turn has come to the length that was asked for."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """`audio_end_ms` is the end of speech and the silence after it."""

    audio_end_ms: int


Mark = SpeechStarted | SpeechLasted | SpeechStopped


class VoiceActivity:
    """Feed it the levels of each block, in order; it says which are speech and where turns begin
    and end."""

    def __init__(self) -> None:
        self._endpointing = Endpointing()
        self._block = 0
        self._floors = [NoiseFloor() for _ in range(BANDS)]
        self._turn_floor_ms = 0  # a new turn's padding never reaches back into the turn before it
        self._run: VoicedRun | None = None
        self._silent_blocks = 0
        self._sure_blocks = 0
        self._waited_blocks = 0  # silent ones at the last SpeechStopped
        self._more_ms = 0  # of silence to wait beyond the window, until someone speaks
        self._tell_at_ms: int | None = None
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
        self._end_turn()
        self._turn_floor_ms = self.position_ms

    def reject(self) -> None:
        """After SpeechStarted: not yet. It comes again with each further block of the same
        speech."""
        self.speaking = False

    def tell_after(self, speech_ms: int) -> None:
        """After SpeechStarted: SpeechLasted is to come when someone still speaks so long after the
        beginning."""
        if self._run is not None:
            self._tell_at_ms = self._run.start * BLOCK_MS + speech_ms

    def wait_on(self, more_ms: int) -> None:
        """After SpeechStopped: the turn is not over before so much more silence, and goes on when
        someone speaks."""
        self.speaking, self._more_ms = True, more_ms
        self._silent_blocks = self._waited_blocks

    def feed(self, levels_db: Sequence[float], periodicity: Periodicity) -> Mark | None:
        """One block's level in each band, in dBFS; `periodicity` is asked for while a run is in
        doubt. `speech` then says whether the block is speech."""
        above_db = self._above_floors(levels_db)
        # How far the block is above the noise: half what its best band says, half what all say
        # together.
        distance_db = 0.5 * (max(above_db) + sum(above_db) / BANDS)
        self.speech = (
            distance_db - CONFIDENCE_AT_DB
        ) * CONFIDENCE_PER_DB > self._endpointing.threshold
        self._block += 1
        if self.speaking:
            return self._during_turn()
        if self._run is None:
            if not self.speech:
                return None
            self._run = VoicedRun(self._block - 1)
        found = not self._run.voice and (
            self._run.falls(levels_db) or (self.speech and voiced(above_db, periodicity))
        )
        return self._before_turn(self._run, found)

    def _above_floors(self, levels_db: Sequence[float]) -> list[float]:
        held = self.speaking
        return [
            max(
                0.0,
                min(MOST_ABOVE_DB, level_db - floor.follow(level_db, held=held)) - NOISE_ABOVE_DB,
            )
            for floor, level_db in zip(self._floors, levels_db, strict=True)
        ]

    def _before_turn(self, run: VoicedRun, found: bool) -> SpeechStarted | None:
        """`found` when the run proved to be a voice in this block, which may be the silence after
        it."""
        run.voice = run.voice or found
        if run.is_room(self._block - 1):
            self._run, self.speech = None, False
            for floor in self._floors:
                floor.restart()
            return None
        heard = run.blocks + (1 if self.speech else run.silent)
        if not run.count(self.speech):
            self._run = None
        if not (run.voice and (self.speech or found)) or heard * BLOCK_MS < max(
            BLOCK_MS, self._endpointing.speech_duration_ms
        ):
            return None
        self._run = run
        start_ms = max(
            self._turn_floor_ms, run.start * BLOCK_MS - self._endpointing.prefix_padding_ms
        )
        self.speaking, self._silent_blocks, self._sure_blocks = (
            True,
            run.silent,
            0 if run.silent else SURE_BLOCKS,
        )
        return SpeechStarted(start_ms, heard * BLOCK_MS)

    def _during_turn(self) -> Mark | None:
        self._sure_blocks = self._sure_blocks + 1 if self.speech else 0
        self._silent_blocks += 1
        if self._sure_blocks >= SURE_BLOCKS:
            self._silent_blocks = self._more_ms = 0
            return self._lasted()
        window_ms = max(BLOCK_MS, self._endpointing.silence_duration_ms) + self._more_ms
        if self._silent_blocks * BLOCK_MS < window_ms:
            return None
        speech_end_ms = (self._block - self._silent_blocks) * BLOCK_MS
        self._waited_blocks = self._silent_blocks
        self._end_turn()
        self._turn_floor_ms = self.position_ms
        return SpeechStopped(speech_end_ms + window_ms)

    def _lasted(self) -> SpeechLasted | None:
        if self._tell_at_ms is None or self.position_ms < self._tell_at_ms:
            return None
        self._tell_at_ms = None
        return SpeechLasted()

    def _end_turn(self) -> None:
        self.speaking = False
        self._run, self._silent_blocks, self._sure_blocks = None, 0, 0
        self._more_ms, self._tell_at_ms = 0, None
