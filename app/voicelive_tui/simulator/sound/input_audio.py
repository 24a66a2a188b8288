"""The input audio buffer: bytes of any input format in, block levels and turn marks out; the audio itself is never kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicelive_tui.simulator.api.schema import Refused
from voicelive_tui.simulator.sound import g711
from voicelive_tui.simulator.sound.measure import CLIP_RUN, BlockLog, Measurement, dbfs
from voicelive_tui.simulator.sound.vad import BLOCK_MS, Endpointing, Mark, VoiceActivity

_FULL_SCALE = 32768.0
# The detector hears speech's band only: averaged down to about 8 kHz, then x[n] - x[n-2], which takes out hum and rumble. A plain
# first difference at 24 kHz hears hiss instead of voices: speech 20 dB above white noise was missed.
_AVERAGED = {8000: 1, 16000: 2, 24000: 3, 44100: 6}
_LAG = 2
# From here on a sample counts as full scale. G.711's outermost step is 1 dB wide and decodes to its middle.
_FULL_SCALE_FROM = {"pcm16": 32767, "g711_ulaw": 32124, "g711_alaw": 32256}


@dataclass(frozen=True, slots=True)
class InputFormat:
    """`codec` is an input_audio_format; two channels are microphone and echo reference, of which the microphone is heard."""

    codec: str = "pcm16"
    rate_hz: int = 24000
    channels: int = 1

    @property
    def frame_bytes(self) -> int:
        return self.channels * (2 if self.codec == "pcm16" else 1)


class InputAudio:
    """What the service hears, in audio time since the session's start."""

    def __init__(self) -> None:
        self._format = InputFormat()
        self._vad = VoiceActivity()
        self._log = BlockLog()
        self._rest = np.zeros(0, dtype=np.int16)
        self._tail = np.zeros(_LAG, dtype=np.float32)
        self._start_block = 0
        self.received = False
        self._received_from_ms, self._received_frames = 0.0, 0  # counted from the last change of format

    @property
    def position_ms(self) -> int:
        return self._vad.position_ms

    @property
    def received_ms(self) -> float:
        """All that came in, a started block included."""
        return self._received_from_ms + self._received_frames * 1000 / self._format.rate_hz

    @property
    def empty(self) -> bool:
        """True while the buffer holds less than one block (20 ms)."""
        return self._log.end == self._start_block

    def configure(self, audio_format: InputFormat, endpointing: Endpointing) -> None:
        """Takes new settings; a started block of another format (less than 20 ms) is dropped."""
        if audio_format != self._format:
            self._rest = self._rest[:0]
            self._tail = np.zeros(_LAG, dtype=np.float32)
            self._format = audio_format
            self._received_from_ms, self._received_frames = float(self.position_ms), 0
        self._vad.configure(endpointing)

    def append(self, audio: bytes) -> Iterator[Mark]:
        """Hears all of `audio`, and yields each mark as its block is reached. Raises Refused on a broken frame."""
        decoded = self._decode(audio)
        self.received = True
        self._received_frames += len(decoded)
        samples = np.concatenate([self._rest, decoded])
        size = self._format.rate_hz * BLOCK_MS // 1000
        count = len(samples) // size
        self._rest = samples[count * size :]
        if not count:
            return iter(())
        return self._hear(samples[: count * size].reshape(count, size))

    def _decode(self, audio: bytes) -> npt.NDArray[np.int16]:
        if len(audio) % self._format.frame_bytes:
            message = f"Invalid 'audio': {len(audio)} bytes are not whole frames of {self._format.frame_bytes} bytes."
            raise Refused(message, param="audio")
        if self._format.codec != "pcm16":
            return g711.decode(audio, self._format.codec)
        samples = np.frombuffer(audio, dtype="<i2").astype(np.int16, copy=False)
        return samples[:: self._format.channels]

    def _hear(self, blocks: npt.NDArray[np.int16]) -> Iterator[Mark]:
        scaled = blocks.astype(np.float32) / _FULL_SCALE
        powers = np.mean(scaled * scaled, axis=1).tolist()
        heard = self._band(scaled)
        clips = clipped_samples(blocks, _FULL_SCALE_FROM[self._format.codec])
        for level, power, clipped in zip(heard, powers, clips, strict=True):
            mark = self._vad.feed(dbfs(level))
            self._log.add(power, clipped, self._vad.speech)
            if mark is not None:
                yield mark

    def _band(self, scaled: npt.NDArray[np.float32]) -> list[float]:
        """The power of each block in speech's band."""
        narrow = scaled.reshape(-1, _AVERAGED[self._format.rate_hz]).mean(axis=1)
        joined = np.concatenate([self._tail, narrow])
        self._tail = joined[-_LAG:]
        steps = (joined[_LAG:] - joined[:-_LAG]).reshape(len(scaled), -1)
        powers: list[float] = np.mean(steps * steps, axis=1).tolist()
        return powers

    def end_turn(self, start_ms: int) -> Measurement:
        """At a SpeechStopped mark: measures the turn that began at `start_ms` and starts the buffer anew after it."""
        measured = self._log.measure(max(self._start_block, start_ms // BLOCK_MS), self._log.end)
        self._empty()
        return measured

    def commit(self) -> Measurement:
        """Measures all since the last commit; a started block (less than 20 ms) falls to the next one."""
        measured = self._log.measure(self._start_block, self._log.end)
        self.clear()
        return measured

    def clear(self) -> None:
        """Empties the buffer; a started block stays, or audio time would fall behind."""
        self.forget_turn()
        self._empty()

    def forget_turn(self) -> None:
        """Looks for the next turn's beginning from here on; the buffer keeps what it holds."""
        self._vad.reset_turn()

    def _empty(self) -> None:
        self._start_block = self._log.end
        self._log.forget(self._start_block)


def clipped_samples(blocks: npt.NDArray[np.int16], full_scale: int) -> list[int]:
    """The samples of each block that stand at `full_scale` or beyond in a run of at least CLIP_RUN inside the block."""
    full = (blocks >= full_scale) | (blocks <= -full_scale)
    if not full.any():
        return [0] * len(blocks)
    last = full.shape[1] - CLIP_RUN + 1
    starts = np.logical_and.reduce([full[:, n : last + n] for n in range(CLIP_RUN)])
    in_runs = np.zeros_like(full)
    for n in range(CLIP_RUN):
        in_runs[:, n : last + n] |= starts
    counts: list[int] = in_runs.sum(axis=1).tolist()
    return counts
