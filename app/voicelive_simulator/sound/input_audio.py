"""The input audio buffer: takes bytes in any input format, and gives block levels and turn marks.
The audio itself is never kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from voicelive_common import g711
from voicelive_common.voice_activity.band_levels import BLOCK_MS, BandMeter
from voicelive_common.voice_activity.detector import Endpointing, Mark, VoiceActivity
from voicelive_common.voice_activity.periodicity import PeriodicityMeter
from voicelive_common.wav import TAGS

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.sound.echo import EchoCanceller
from voicelive_simulator.sound.measurement import CLIP_RUN, BlockLog, Measurement
from voicelive_simulator.sound.wav_stream import BadWav, WavHeader, WavStream

_FULL_SCALE = 32768.0
# The smallest sample value that counts as full scale. G.711's outermost step is 1 dB wide and
# decodes to its middle.
_FULL_SCALE_FROM = {"pcm16": 32767, "g711_ulaw": 32124, "g711_alaw": 32256}
_WAV_BITS = {"pcm16": 16, "g711_ulaw": 8, "g711_alaw": 8}


@dataclass(frozen=True, slots=True)
class InputFormat:
    """The format of input audio. `codec` is an input_audio_format; two channels are microphone and
    echo reference, and only the microphone is listened to."""

    codec: str = "pcm16"
    rate_hz: int = 24000
    channels: int = 1

    @property
    def frame_bytes(self) -> int:
        return self.channels * (2 if self.codec == "pcm16" else 1)


class InputAudio:
    """The audio that the service receives, in audio time since the session's start."""

    def __init__(self) -> None:
        self._vad = VoiceActivity()
        self._log = BlockLog()
        self._start_block = 0
        self._received_from_ms = 0.0
        self._set_format(InputFormat())
        self.received = False

    def _set_format(self, audio_format: InputFormat) -> None:
        self._format = audio_format
        self._wav = WavStream(self._check_wav)
        self._bands = BandMeter(audio_format.rate_hz)
        self._periodicity = PeriodicityMeter(self._bands.narrow_samples)
        self._canceller = (
            EchoCanceller(self._bands.narrow_samples) if audio_format.channels == 2 else None
        )
        self._size = audio_format.rate_hz * BLOCK_MS // 1000 * audio_format.channels
        self._rest = np.zeros(0, dtype=np.int16)
        self._received_from_ms, self._received_frames = float(self.position_ms), 0

    @property
    def position_ms(self) -> int:
        """The end of the processed audio, in milliseconds."""
        return self._vad.position_ms

    @property
    def received_ms(self) -> float:
        """The duration of all audio received, including an incomplete block."""
        return self._received_from_ms + self._received_frames * 1000 / self._format.rate_hz

    @property
    def empty(self) -> bool:
        """Whether the buffer holds less than one block (20 ms)."""
        return self._log.end == self._start_block

    def configure(self, audio_format: InputFormat, endpointing: Endpointing) -> None:
        """Adopt new settings. An incomplete block in the old format (less than 20 ms) is
        dropped."""
        if audio_format != self._format:
            self._set_format(audio_format)
        self._vad.configure(endpointing)

    def append(self, audio: bytes) -> Iterator[Mark]:
        """Process `audio`, and yield each mark when its block is reached. Raises Refused for
        incomplete frames or a WAV file in another format."""
        samples = self._decode(audio)
        self.received = True
        self._received_frames += len(samples) // self._format.channels
        if len(self._rest):
            samples = np.concatenate([self._rest, samples])
        whole = len(samples) // self._size * self._size
        self._rest = samples[whole:].copy()  # a view would keep the whole append
        return self._process(samples, whole)

    def _decode(self, audio: bytes) -> npt.NDArray[np.int16]:
        try:
            audio = self._wav.feed(audio)
        except BadWav as error:
            raise Refused(f"Invalid 'audio': {error}", param="audio") from None
        if len(audio) % self._format.frame_bytes:
            message = (
                f"Invalid 'audio': {len(audio)} bytes are not whole frames of "
                f"{self._format.frame_bytes} bytes."
            )
            raise Refused(message, param="audio")
        if self._format.codec != "pcm16":
            return g711.decode(audio, self._format.codec)
        return np.frombuffer(audio, dtype="<i2").astype(np.int16, copy=False)

    def _check_wav(self, header: WavHeader) -> None:
        expected = self._format
        encoding = (TAGS[expected.codec], _WAV_BITS[expected.codec])
        if (header.code, header.bits, header.rate_hz, header.channels) == (
            *encoding,
            expected.rate_hz,
            expected.channels,
        ):
            return
        channels = "1 channel" if expected.channels == 1 else f"{expected.channels} channels"
        raise BadWav(
            f"the WAV file has {header.describe}; the session expects {expected.codec}, "
            f"{channels}, {expected.rate_hz} Hz. Convert the file, or set input_audio_format and "
            "input_audio_sampling_rate."
        )

    def _process(self, samples: npt.NDArray[np.int16], whole: int) -> Iterator[Mark]:
        """Process the samples block by block: numpy's fixed costs are small compared with the
        memory that arrays of a long append would take."""
        channels, frames = self._format.channels, self._size // self._format.channels
        full_scale = _FULL_SCALE_FROM[self._format.codec]
        loud = CLIP_RUN * float(full_scale) ** 2
        for at in range(0, whole, self._size):
            frame = samples[at : at + self._size]
            microphone = frame[::channels]
            block = microphone.astype(np.float32)
            energy = float(block.dot(block))
            # A block with less energy than one run of full-scale samples contains none.
            clipped = clipped_samples(microphone, full_scale) if energy >= loud else 0
            narrow = self._bands.narrow(block)
            if self._canceller:
                cleaned = self._canceller.cancel(
                    narrow, self._bands.narrow(frame[1::channels].astype(np.float32))
                )
                energy *= (float(cleaned.dot(cleaned)) + 1.0) / (float(narrow.dot(narrow)) + 1.0)
                narrow = cleaned
            self._periodicity.add(narrow)
            mark = self._vad.feed(self._bands.levels_db(narrow), self._periodicity.strength)
            self._log.add(energy / (frames * _FULL_SCALE * _FULL_SCALE), clipped, self._vad.speech)
            if mark is not None:
                yield mark

    def end_turn(self, start_ms: int) -> Measurement:
        """Call at a SpeechStopped mark: measure the turn that began at `start_ms`, and empty the
        buffer."""
        measured = self.measure_turn(start_ms)
        self._empty()
        return measured

    def measure_turn(self, start_ms: int) -> Measurement:
        """Measure a turn that may go on, without emptying the buffer."""
        return self._measure(max(self._start_block, start_ms // BLOCK_MS))

    def _measure(self, start_block: int) -> Measurement:
        measured = self._log.measure(start_block, self._log.end)
        return replace(measured, echo=self._canceller.echo) if self._canceller else measured

    def postpone(self) -> None:
        """Call at a SpeechStarted mark to postpone it."""
        self._vad.postpone()

    def notify_after(self, speech_ms: int) -> None:
        """Call at a SpeechStarted mark: SpeechLasted follows after `speech_ms` of speech."""
        self._vad.notify_after(speech_ms)

    def extend_silence(self, more_ms: int) -> None:
        """Call at a SpeechStopped mark: the turn goes on until there are `more_ms` more of
        silence."""
        self._vad.extend_silence(more_ms)

    def commit(self) -> Measurement:
        """Measure everything since the last commit. An incomplete block (less than 20 ms) belongs
        to the next one."""
        measured = self._measure(self._start_block)
        self.clear()
        return measured

    def clear(self) -> None:
        """Empty the buffer. An incomplete block is kept, or audio time would fall behind."""
        self.forget_turn()
        self._empty()

    def forget_turn(self) -> None:
        """Look for the beginning of the next turn from here on; the buffer keeps its contents."""
        self._vad.reset_turn()

    def _empty(self) -> None:
        self._start_block = self._log.end
        self._log.forget(self._start_block)


def clipped_samples(block: npt.NDArray[np.int16], full_scale: int) -> int:
    """The number of samples in a block that are at or beyond `full_scale` in a run of at least
    CLIP_RUN."""
    full = (block >= full_scale) | (block <= -full_scale)
    edges = np.flatnonzero(np.diff(full, prepend=False, append=False))
    runs = edges[1::2] - edges[::2]
    return int(runs[runs >= CLIP_RUN].sum())
