"""The microphone's worker: turns captured audio into levels, and into 20 ms blocks in the session's
format.

Invariant: everything that changes the blocks (format, listening, mute) goes through the same queue
as the audio.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue

import numpy as np

from voicelive_tui.audio.dsp.pcm import Samples, measure, to_codec
from voicelive_tui.audio.dsp.resample import Resampler
from voicelive_tui.audio.error_texts import SILENT_MICROPHONE
from voicelive_tui.audio.host.level_reports import LevelReports
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    InputEnded,
    MicBlock,
)
from voicelive_tui.audio.ipc.requests import ListenRequest, MuteRequest, SpeakFileRequest
from voicelive_tui.audio.ports.port import Captured, InputPort
from voicelive_tui.model.formats import BLOCKS_PER_S, AudioFormat

_ZEROS_BLOCKS = 2 * BLOCKS_PER_S
"""The number of blocks of digital silence after which a problem is reported; a quiet room is never
digitally silent."""
_INSTANT_S = 1e-6
CaptureRequest = MuteRequest | ListenRequest | SpeakFileRequest
"""The requests that concern the microphone alone."""


class _Cutter:
    """Cuts pieces of samples of any size into blocks of one size."""

    def __init__(self, block_frames: int) -> None:
        self._block_frames = block_frames
        self._kept: Samples = np.zeros(0, np.int16)

    def feed(self, samples: Samples) -> list[Samples]:
        joined = np.concatenate((self._kept, samples)) if self._kept.size else samples
        whole = joined.size // self._block_frames * self._block_frames
        self._kept = joined[whole:].copy()
        return [joined[at : at + self._block_frames] for at in range(0, whole, self._block_frames)]


class _Encoder:
    """Turns samples at the port's rate into blocks in the session's format, each with the time at
    which its last frame was heard."""

    def __init__(self, format_: AudioFormat, rate_hz: int) -> None:
        self._format = format_
        self._rate_hz = rate_hz
        self._resampler = Resampler(rate_hz, format_.rate_hz)
        self._block_frames = format_.block_samples
        self._cutter = _Cutter(self._block_frames)
        self._in_frames = 0
        self._out_frames = 0

    def feed(self, samples: Samples, end_s: float) -> list[tuple[bytes, float]]:
        self._in_frames += samples.size
        found = []
        for block in self._cutter.feed(self._resampler.feed(samples)):
            self._out_frames += self._block_frames
            behind_s = self._in_frames / self._rate_hz - self._out_frames / self._format.rate_hz
            found.append((to_codec(block, self._format.codec), end_s - behind_s))
        return found


class Capture:
    """Owns an open input port and the thread that processes its audio."""

    def __init__(
        self, port: InputPort, format_: AudioFormat, post: Callable[[AudioMessage], None]
    ) -> None:
        self._port = port
        self._post = post
        self._format = format_
        self._queue: SimpleQueue[Captured | AudioFormat | MuteRequest | ListenRequest | None] = (
            SimpleQueue()
        )
        """The audio and changes for the worker, in order; None ends it."""
        self._encoder = _Encoder(format_, port.rate_hz)
        self._meter = _Cutter(port.rate_hz // BLOCKS_PER_S)
        self._levels = LevelReports("mic", post)
        self._listening = False
        self._muted = False
        self._sequence = 0
        self._last_end_s: float | None = None
        self._zero_blocks = 0
        self._file_ended_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)

    def start(self, fail: Callable[[str], None]) -> None:
        """Start the port and the worker. Raises PortError as the port does."""
        self._port.start(self._queue.put, fail)
        self._thread.start()

    def set_format(self, format_: AudioFormat) -> None:
        """Send blocks in this format from now on."""
        self._queue.put(format_)

    def handle(self, request: CaptureRequest) -> None:
        """Carry out a request. A change of the blocks is queued between the audio captured before
        and after it."""
        match request:
            case ListenRequest(on=True):
                self._queue.put(request)
                self._port.listen(True)
            case ListenRequest(on=False):
                self._port.listen(False)
                self._queue.put(request)
            case MuteRequest():
                self._queue.put(request)
            case SpeakFileRequest():
                self._port.rewind()

    def close(self) -> None:
        """Close the port and end the worker."""
        self._port.close()
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        while True:
            match self._queue.get():
                case Captured() as captured:
                    self._captured(captured)
                case AudioFormat() as format_:
                    self._format = format_
                    self._encoder = _Encoder(format_, self._port.rate_hz)
                case ListenRequest(on):
                    self._listening = on
                    self._encoder = _Encoder(self._format, self._port.rate_hz)
                case MuteRequest(on):
                    self._muted = on
                case None:
                    return

    def _captured(self, captured: Captured) -> None:
        samples = np.frombuffer(captured.audio, np.int16)
        # The clocks of some devices vary by some milliseconds; the times of blocks must not go
        # backwards.
        now_s = max(captured.end_s, self._last_end_s or captured.end_s)
        for block in self._meter.feed(samples):
            self._measure(block)
        if captured.file_ended:
            self._file_ended_s = now_s
        sent_s = now_s
        if self._listening:
            sent_s = 0.0
            if captured.overflow:
                self._sequence += self._lost_blocks(captured, samples.size)
            heard = np.zeros_like(samples) if self._muted else samples
            for audio, end_s in self._encoder.feed(heard, now_s):
                self._post(MicBlock(self._sequence, end_s, audio))
                self._sequence += 1
                sent_s = end_s
        self._last_end_s = now_s
        if self._file_ended_s is not None and sent_s > self._file_ended_s - _INSTANT_S:
            self._post(InputEnded(self._file_ended_s))
            self._file_ended_s = None

    def _lost_blocks(self, captured: Captured, frames: int) -> int:
        if self._last_end_s is None:
            return 0
        missing_s = captured.end_s - frames / self._port.rate_hz - self._last_end_s
        return max(1, round(missing_s * BLOCKS_PER_S))

    def _measure(self, block: Samples) -> None:
        reading = measure(block)
        self._levels.feed(reading)
        if not self._port.is_device:
            return
        self._zero_blocks = 0 if reading.peak_dbfs > -200 else self._zero_blocks + 1
        if self._zero_blocks == _ZEROS_BLOCKS:
            self._post(DeviceNotice("warning", SILENT_MICROPHONE))
