"""Ports without a device, which run in real time in blocks of 20 ms: a sound file or silence as
input, a WAV file or nothing as output."""

import contextlib
import threading
import time
from collections.abc import Callable

import numpy as np

from voicelive_tui.audio.files.sound_decoder import SoundFileError
from voicelive_tui.audio.files.sound_file import read_sound
from voicelive_tui.audio.files.wav_writer import WavError, WavWriter
from voicelive_tui.audio.ports.port import (
    Captured,
    Fail,
    InputPort,
    OutputPort,
    PortError,
    Pull,
    Sink,
)
from voicelive_tui.model.formats import BLOCK_S

_STALLED_S = 1.0
"""Seconds of delay, as after the machine slept, that are not caught up: the clock starts again."""


Tick = Callable[[int, int, float], None]
"""Called at the end of a block with the number of its first frame, its number of frames, and the
time at which it began."""


class Pacer:
    """The clock of a port: a thread that ends each block on time, without drift."""

    def __init__(self, rate_hz: int, name: str) -> None:
        self._rate_hz = rate_hz
        self._name = name
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def now(self) -> float:
        """The time in seconds of `time.perf_counter`."""
        return time.perf_counter()

    def start(self, tick: Tick) -> None:
        """Begin the first block."""
        self._thread = threading.Thread(
            target=self._run, args=(tick,), name=self._name, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop the thread. No tick runs after this returns, unless a tick called it."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, tick: Tick) -> None:
        begin_s, block, frame = time.perf_counter(), 0, 0
        while True:
            end_s = begin_s + (block + 1) * BLOCK_S
            late_s = time.perf_counter() - end_s
            if late_s > _STALLED_S:
                begin_s += late_s
                continue
            if self._stop.wait(max(0.0, -late_s)):
                return
            following = round((block + 1) * BLOCK_S * self._rate_hz)
            tick(frame, following - frame, end_s - BLOCK_S)
            block, frame = block + 1, following


class NullInput(InputPort):
    """Delivers silence in real time, like a microphone."""

    def __init__(self, rate_hz: int) -> None:
        self.name = "silence"
        self.rate_hz = rate_hz
        self._pacer = Pacer(rate_hz, "null-input")

    def start(self, sink: Sink, fail: Fail) -> None:
        self._sink = sink
        self._pacer.start(self._tick)

    def _tick(self, first: int, frames: int, begin_s: float) -> None:
        self._sink(Captured(bytes(2 * frames), begin_s + BLOCK_S))

    def close(self) -> None:
        self._pacer.close()


class WavInput(InputPort):
    """Delivers a file in real time while the engine listens, then silence until it is rewound."""

    def __init__(self, path: str, notice: Callable[[str], None]) -> None:
        """notice: called with one sentence if something is odd with the file. Raises PortError if
        the file cannot be read."""
        try:
            sound = read_sound(path)
        except SoundFileError as error:
            raise PortError(f"{error}.") from error
        if sound.remark:
            notice(sound.remark)
        self.name = path
        self.rate_hz = sound.rate_hz
        self._samples = sound.samples
        self._at = 0
        self._listening = False
        self._lock = threading.Lock()
        self._pacer = Pacer(self.rate_hz, "wav-input")

    def start(self, sink: Sink, fail: Fail) -> None:
        self._sink = sink
        self._pacer.start(self._tick)

    def listen(self, on: bool) -> None:
        with self._lock:
            self._listening = on

    def rewind(self) -> None:
        with self._lock:
            self._at = 0

    def skip(self) -> None:
        with self._lock:
            self._at = self._samples.size

    def _tick(self, first: int, frames: int, begin_s: float) -> None:
        block = np.zeros(frames, np.int16)
        with self._lock:
            spoken = self._samples[self._at : self._at + frames] if self._listening else block[:0]
            block[: spoken.size] = spoken
            self._at += spoken.size
            ended = bool(spoken.size) and self._at >= self._samples.size
            # Inside the lock, so that nothing of the file follows after listen(False).
            self._sink(Captured(block.tobytes(), begin_s + BLOCK_S, file_ended=ended))

    def close(self) -> None:
        self._pacer.close()


class PacedOutput(OutputPort):
    """Takes audio in real time like a speaker, and discards it. A block that `silence` cuts was
    heard until then.

    pacer: the clock that the port follows; None for the machine's.
    """

    def __init__(self, rate_hz: int, name: str = "silence", pacer: Pacer | None = None) -> None:
        self.name = name
        self.rate_hz = rate_hz
        self._lock = threading.Lock()
        self._held = bytearray()
        self._held_from_s = 0.0
        self._silent = False
        self._pacer = pacer or Pacer(rate_hz, "paced-output")

    def start(self, pull: Pull, fail: Fail) -> None:
        self._pull = pull
        self._fail = fail
        self._pacer.start(self._tick)

    def _tick(self, first: int, frames: int, begin_s: float) -> None:
        with self._lock:
            heard = bytes(self._held)
            self._held = bytearray(2 * frames)
            self._held_from_s = begin_s + BLOCK_S
        if heard:
            self.heard(heard)
        # Pulling and keeping the block is one step for `silence`, so that the block is cut where
        # the playout says that it ends.
        with self._lock:
            if not self._silent:
                self._pull(memoryview(self._held), self._held_from_s, False)

    def heard(self, audio: bytes) -> None:
        """Take a block when it is over, also one of silence."""

    def silence(self) -> float:
        with self._lock:
            now_s = self._pacer.now()
            self._silent = True
            kept = max(0, int((now_s - self._held_from_s) * self.rate_hz)) * 2
            self._held[kept:] = bytes(max(0, len(self._held) - kept))
            return now_s

    def resume(self) -> None:
        with self._lock:
            self._silent = False

    def close(self) -> None:
        self._pacer.close()


class WavOutput(PacedOutput):
    """Writes what a speaker would play, including gaps, into a file, which gets its final name when
    the port is closed."""

    def __init__(self, path: str, rate_hz: int, pacer: Pacer | None = None) -> None:
        super().__init__(rate_hz, path, pacer)
        try:
            self._writer: WavWriter | None = WavWriter(path, rate_hz)
        except WavError as error:
            raise PortError(f"{error}.") from error
        self.unfinished_path = self._writer.unfinished_path

    def heard(self, audio: bytes) -> None:
        if self._writer is None:
            return
        try:
            self._writer.write(audio)
        except WavError as error:
            writer, self._writer = self._writer, None
            writer.close()
            self._fail(f"{error}; what follows is not played into it.")

    def close(self) -> None:
        self.silence()
        super().close()
        self.heard(bytes(self._held))
        if self._writer is not None:
            # The console finds and reports a file that could not be renamed.
            with contextlib.suppress(WavError):
                self._writer.close()
