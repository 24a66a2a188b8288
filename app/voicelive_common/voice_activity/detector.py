"""Detects voice activity in audio time: compares 20 ms blocks with the noise floor of each band and
finds the beginnings and ends of turns.

A run of blocks above the floor begins a turn when it is long enough and some part of it is voiced.
A run that stays equally loud without a voice for 300 ms is the room's new noise, and the floor is
taken from it. So speech that begins with an unvoiced sound is detected at the first vowel, with its
true beginning.

The module uses no clock: the same samples give the same marks, however fast they arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_common.voice_activity.band_levels import BANDS, BLOCK_MS
from voicelive_common.voice_activity.noise_floor import NoiseFloor
from voicelive_common.voice_activity.voiced_run import Periodicity, VoicedRun, is_voiced

# Threshold 0.5 needs 12 dB above the floor, 0.3 needs 8.8.
CONFIDENCE_AT_DB, CONFIDENCE_PER_DB = 4.0, 1.0 / 16.0
NOISE_ABOVE_DB = 1.5  # because the floor is the noise's minimum
MOST_ABOVE_DB = 40.0  # of one band: louder sound says nothing more
RESUME_BLOCKS = 2  # that many in a row after a pause are speech again; a single one is a click


@dataclass(frozen=True, slots=True)
class Endpointing:
    """The timing fields of `turn_detection` (protocol.md 6.1)."""

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500
    speech_duration_ms: int = 200


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Speech began. `audio_start_ms` includes the prefix padding; `speech_ms` is the duration of
    speech since then, without pauses."""

    audio_start_ms: int
    speech_ms: int


@dataclass(frozen=True, slots=True)
class SpeechLasted:
    """The turn has reached the length that `notify_after` set."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """Speech ended. `audio_end_ms` is the end of speech plus the silence window after it."""

    audio_end_ms: int


Mark = SpeechStarted | SpeechLasted | SpeechStopped


class VoiceActivity:
    """Decides which blocks are speech and where turns begin and end, from the levels of each block,
    fed in order."""

    def __init__(self) -> None:
        self._endpointing = Endpointing()
        self._block = 0
        self._floors = [NoiseFloor() for _ in range(BANDS)]
        self._turn_floor_ms = 0  # a new turn's padding never reaches back into the turn before it
        self._run: VoicedRun | None = None
        self._silent_blocks = 0
        self._speech_blocks = 0
        self._silent_blocks_at_stop = 0  # silent blocks at the last SpeechStopped
        self._extra_silence_ms = 0  # silence to wait for beyond the window, until someone speaks
        self._lasted_at_ms: int | None = None
        self.speaking = False
        self.speech = False

    @property
    def position_ms(self) -> int:
        """The end of the audio that was fed, in milliseconds."""
        return self._block * BLOCK_MS

    def configure(self, endpointing: Endpointing) -> None:
        self._endpointing = endpointing

    def reset_turn(self) -> None:
        """Forget a turn in progress (commit, clear); keep the noise floor."""
        self._end_turn()
        self._turn_floor_ms = self.position_ms

    def postpone(self) -> None:
        """Call after SpeechStarted to postpone it: it is repeated with each further block of the
        same speech."""
        self.speaking = False

    def notify_after(self, speech_ms: int) -> None:
        """Call after SpeechStarted: SpeechLasted follows when someone still speaks `speech_ms`
        after the beginning."""
        if self._run is not None:
            self._lasted_at_ms = self._run.start * BLOCK_MS + speech_ms

    def extend_silence(self, more_ms: int) -> None:
        """Call after SpeechStopped: the turn ends only after `more_ms` more of silence, and goes on
        when someone speaks."""
        self.speaking, self._extra_silence_ms = True, more_ms
        self._silent_blocks = self._silent_blocks_at_stop

    def feed(self, levels_db: Sequence[float], periodicity: Periodicity) -> Mark | None:
        """Process one block's level in each band, in dBFS, and set `speech`. `periodicity` is
        called only while it is undecided whether a run is a voice."""
        above_db = self._above_floors(levels_db)
        # The block's distance from the noise: half of it is that of the best band, half is the mean
        # of all.
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
        voice_found = not self._run.voice and (
            self._run.is_falling(levels_db) or (self.speech and is_voiced(above_db, periodicity))
        )
        return self._before_turn(self._run, voice_found)

    def _above_floors(self, levels_db: Sequence[float]) -> list[float]:
        held = self.speaking
        return [
            max(
                0.0,
                min(MOST_ABOVE_DB, level_db - floor.follow(level_db, held=held)) - NOISE_ABOVE_DB,
            )
            for floor, level_db in zip(self._floors, levels_db, strict=True)
        ]

    def _before_turn(self, run: VoicedRun, voice_found: bool) -> SpeechStarted | None:
        """voice_found: the run proved to be a voice in this block, which may be the silence after
        it."""
        run.voice = run.voice or voice_found
        if run.is_room(self._block - 1):
            self._run, self.speech = None, False
            for floor in self._floors:
                floor.restart()
            return None
        speech_blocks = run.blocks + (1 if self.speech else run.silent)
        if not run.count(self.speech):
            self._run = None
        if not (run.voice and (self.speech or voice_found)) or speech_blocks * BLOCK_MS < max(
            BLOCK_MS, self._endpointing.speech_duration_ms
        ):
            return None
        self._run = run
        start_ms = max(
            self._turn_floor_ms, run.start * BLOCK_MS - self._endpointing.prefix_padding_ms
        )
        self.speaking, self._silent_blocks, self._speech_blocks = (
            True,
            run.silent,
            0 if run.silent else RESUME_BLOCKS,
        )
        return SpeechStarted(start_ms, speech_blocks * BLOCK_MS)

    def _during_turn(self) -> Mark | None:
        self._speech_blocks = self._speech_blocks + 1 if self.speech else 0
        self._silent_blocks += 1
        if self._speech_blocks >= RESUME_BLOCKS:
            self._silent_blocks = self._extra_silence_ms = 0
            return self._lasted()
        window_ms = max(BLOCK_MS, self._endpointing.silence_duration_ms) + self._extra_silence_ms
        if self._silent_blocks * BLOCK_MS < window_ms:
            return None
        speech_end_ms = (self._block - self._silent_blocks) * BLOCK_MS
        self._silent_blocks_at_stop = self._silent_blocks
        self._end_turn()
        self._turn_floor_ms = self.position_ms
        return SpeechStopped(speech_end_ms + window_ms)

    def _lasted(self) -> SpeechLasted | None:
        if self._lasted_at_ms is None or self.position_ms < self._lasted_at_ms:
            return None
        self._lasted_at_ms = None
        return SpeechLasted()

    def _end_turn(self) -> None:
        self.speaking = False
        self._run, self._silent_blocks, self._speech_blocks = None, 0, 0
        self._extra_silence_ms, self._lasted_at_ms = 0, None
