"""The microphone: turns captured audio into levels, and into 20 ms blocks in the session's format.

Invariant: the port's own thread does this, so nothing in it may wait: it is a few microseconds of
arithmetic, and messages are sent without waiting. `_lock` is held meanwhile, and by the thread that
takes requests only to replace what changes the blocks (format, listening, mute), so that each
change lies between two pieces of audio.
"""

import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from voicelive_tui.audio.dsp.pcm import Samples, to_codec
from voicelive_tui.audio.dsp.resample import Resampler
from voicelive_tui.audio.dsp.speech_detector import SpeechChange, detector_for
from voicelive_tui.audio.error_texts import SILENT_MICROPHONE
from voicelive_tui.audio.host.evidence import MICROPHONE_S
from voicelive_tui.audio.host.level_reports import REPORTS_PER_S, level_report
from voicelive_tui.audio.host.sound_history import SoundHistory
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    InputEnded,
    Levels,
    MicBlock,
    MicSpeech,
)
from voicelive_tui.audio.ipc.requests import ListenRequest, MuteRequest, SpeakFileRequest
from voicelive_tui.audio.ports.port import Captured, InputPort
from voicelive_tui.model.formats import BLOCKS_PER_S, AudioFormat

_ZERO_REPORTS = 2 * REPORTS_PER_S
"""The number of level reports of digital silence after which a problem is reported; a quiet room is
never digitally silent."""
_INSTANT_S = 1e-6
CaptureRequest = MuteRequest | ListenRequest | SpeakFileRequest
"""The requests that concern the microphone alone."""


class _Cutter:
    """Cuts pieces of samples of any size into blocks of one size."""

    def __init__(self, block_frames: int) -> None:
        self._block_frames = block_frames
        self._kept: Samples = np.zeros(0, np.int16)

    def feed(self, samples: Samples) -> list[Samples]:
        if samples.size == self._block_frames and not self._kept.size:
            return [samples]
        joined = np.concatenate((self._kept, samples)) if self._kept.size else samples
        whole = joined.size // self._block_frames * self._block_frames
        self._kept = joined[whole:].copy()
        return [joined[at : at + self._block_frames] for at in range(0, whole, self._block_frames)]


class _Block(NamedTuple):
    """A block in the session's format, and when its last frame was heard. change: whether speech
    began or ended, as far as that is certain with this block."""

    audio: bytes
    end_s: float
    change: SpeechChange | None


class _Encoder:
    """Turns samples at the port's rate into blocks in the session's format, each with the time at
    which its last frame was heard."""

    def __init__(self, format_: AudioFormat, rate_hz: int) -> None:
        self._format = format_
        self._rate_hz = rate_hz
        self._resampler = Resampler(rate_hz, format_.rate_hz)
        self._block_frames = format_.block_samples
        self._cutter = _Cutter(self._block_frames)
        self._detector = detector_for(format_.rate_hz)
        self._in_frames = 0
        self._out_frames = 0

    def end_speech(self, at_s: float) -> SpeechChange | None:
        """The end at `at_s` of speech that has begun; None if nobody speaks."""
        if self._detector is None or not self._detector.speaking:
            return None
        return SpeechChange(False, at_s, self._detector.level_dbfs)

    def feed(self, samples: Samples, end_s: float) -> list[_Block]:
        """Take the samples that end at `end_s`. Returns the blocks that are complete."""
        self._in_frames += samples.size
        found = []
        for block in self._cutter.feed(self._resampler.feed(samples)):
            self._out_frames += self._block_frames
            behind_s = self._in_frames / self._rate_hz - self._out_frames / self._format.rate_hz
            at_s = end_s - behind_s
            change = None if self._detector is None else self._detector.feed(block, at_s)
            found.append(_Block(to_codec(block, self._format.codec), at_s, change))
        return found


class Capture:
    """Owns an open input port and processes its audio.

    post: called with every message, on the port's own thread; must not wait.
    """

    def __init__(
        self, port: InputPort, format_: AudioFormat, post: Callable[[AudioMessage], None]
    ) -> None:
        self._port = port
        self._post = post
        self._format = format_
        self._lock = threading.Lock()
        self._encoder = _Encoder(format_, port.rate_hz)
        self.history = SoundHistory(port.rate_hz, MICROPHONE_S)
        """The last seconds of audio that was sent; empty while nobody listens."""
        self._meter = _Cutter(port.rate_hz // REPORTS_PER_S)
        self._listening = False
        self._muted = False
        self._muted_here = False
        """Muted at this machine, whatever the console asks for."""
        self._sequence = 0
        self._unsent: tuple[Levels, ...] = ()
        """The level reports that wait for the next block."""
        self._last_end_s: float | None = None
        self._zero_reports = 0
        self._file_ended_s: float | None = None

    def start(self, fail: Callable[[str], None]) -> None:
        """Start the port. Raises PortError as the port does."""
        self._port.start(self._take, fail)

    def set_format(self, format_: AudioFormat) -> None:
        """Send blocks in this format from now on."""
        if format_ == self._format:
            return
        encoder = _Encoder(format_, self._port.rate_hz)
        with self._lock:
            self._format = format_
            self._replace(encoder)

    def handle(self, request: CaptureRequest) -> None:
        """Carry out a request."""
        match request:
            case ListenRequest(on=True):
                self._listen(True)
                self._port.listen(True)
            case ListenRequest(on=False):
                self._port.listen(False)
                self._listen(False)
            case MuteRequest(on):
                with self._lock:
                    self._muted = on
            case SpeakFileRequest():
                self._port.rewind()

    def mute_here(self, on: bool) -> None:
        """Send silence, and levels of silence, whatever `MuteRequest` says, or no longer."""
        with self._lock:
            self._muted_here = on

    def close(self) -> None:
        """Close the port."""
        self._port.close()

    def _listen(self, on: bool) -> None:
        encoder = _Encoder(self._format, self._port.rate_hz)
        with self._lock:
            self._listening = on
            self._replace(encoder)

    def _replace(self, encoder: _Encoder) -> None:
        """Take another encoder. It does not know of speech that has begun, so that is over."""
        ended = None if self._last_end_s is None else self._encoder.end_speech(self._last_end_s)
        if ended is not None:
            self._post(MicSpeech(ended.on, ended.at_s, ended.level_dbfs))
        self._encoder = encoder
        self.history.clear()

    def _take(self, captured: Captured) -> None:
        with self._lock:
            self._captured(captured)

    def _captured(self, captured: Captured) -> None:
        samples = np.frombuffer(captured.audio, np.int16)
        # The clocks of some devices vary by some milliseconds; the times of blocks must not go
        # backwards.
        now_s = max(captured.end_s, self._last_end_s or captured.end_s)
        reports = tuple(level_report("mic", step) for step in self._meter.feed(samples))
        self._unsent += tuple(map(_silent, reports)) if self._muted_here else reports
        sent_s = 0.0 if self._listening else now_s
        for audio, end_s, change in self._encode(captured, samples, now_s):
            if change is not None:
                self._post(MicSpeech(change.on, change.at_s, change.level_dbfs))
            self._post(MicBlock(self._sequence, end_s, audio, self._unsent))
            self._sequence += 1
            sent_s, self._unsent = end_s, ()
        if not self._listening:
            self._post_unsent()
        self._last_end_s = now_s
        self._warn_of_silence(reports)
        if captured.file_ended:
            self._file_ended_s = now_s
        if self._file_ended_s is not None and sent_s > self._file_ended_s - _INSTANT_S:
            self._post(InputEnded(self._file_ended_s))
            self._file_ended_s = None

    def _encode(self, captured: Captured, samples: Samples, now_s: float) -> list[_Block]:
        """The blocks that become complete with this audio; none while nobody listens."""
        if not self._listening:
            return []
        if captured.overflow:
            self._sequence += self._lost_blocks(captured, samples.size)
        sent = np.zeros_like(samples) if self._muted or self._muted_here else samples
        self.history.add(sent, now_s)
        return self._encoder.feed(sent, now_s)

    def _lost_blocks(self, captured: Captured, frames: int) -> int:
        if self._last_end_s is None:
            return 0
        missing_s = captured.end_s - frames / self._port.rate_hz - self._last_end_s
        return max(1, round(missing_s * BLOCKS_PER_S))

    def _post_unsent(self) -> None:
        for report in self._unsent:
            self._post(report)
        self._unsent = ()

    def _warn_of_silence(self, reports: tuple[Levels, ...]) -> None:
        for report in reports if self._port.is_device else ():
            self._zero_reports = 0 if report.peak_dbfs > -200 else self._zero_reports + 1
            if self._zero_reports == _ZERO_REPORTS:
                self._post(DeviceNotice("warning", SILENT_MICROPHONE))


def _silent(report: Levels) -> Levels:
    return replace(report, peak_dbfs=-math.inf, rms_dbfs=-math.inf, full_scale=0)
