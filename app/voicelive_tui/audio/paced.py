"""Ports without a device, paced by the clock in blocks of 20 ms: a sound file or silence in, a WAV file or nothing out."""

import contextlib
import threading
import time
from collections.abc import Callable

import numpy as np

from voicelive_tui.audio.ports import Captured, Fail, InputPort, OutputPort, PortError, Pull, Sink
from voicelive_tui.audio.sound_file import SoundFileError, read_sound
from voicelive_tui.audio.wavfile import WavError, WavWriter

BLOCK_S = 0.02
_STALLED_S = 1.0
"""A machine that slept this long does not catch up: the clock starts anew."""


class _Pacer:
    """Calls `tick(first_frame, frames, begin_s)` at the end of every block; blocks follow the clock without drift."""

    def __init__(self, rate_hz: int, name: str, tick: Callable[[int, int, float], None]) -> None:
        self._rate_hz = rate_hz
        self._tick = tick
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
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
            self._tick(frame, following - frame, end_s - BLOCK_S)
            block, frame = block + 1, following


class NullInput(InputPort):
    """Silence, as paced as a microphone."""

    def __init__(self, rate_hz: int) -> None:
        self.name = "silence"
        self.rate_hz = rate_hz
        self._pacer = _Pacer(rate_hz, "null-input", self._tick)

    def start(self, sink: Sink, fail: Fail) -> None:
        self._sink = sink
        self._pacer.start()

    def _tick(self, first: int, frames: int, begin_s: float) -> None:
        self._sink(Captured(bytes(2 * frames), begin_s + BLOCK_S))

    def close(self) -> None:
        self._pacer.close()


class WavInput(InputPort):
    """A file spoken in real time while somebody listens, then silence until it is rewound."""

    def __init__(self, path: str, notice: Callable[[str], None]) -> None:
        """notice: told what is odd with the file, in one sentence. PortError when it cannot be read."""
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
        self._pacer = _Pacer(self.rate_hz, "wav-input", self._tick)

    def start(self, sink: Sink, fail: Fail) -> None:
        self._sink = sink
        self._pacer.start()

    def listen(self, on: bool) -> None:
        with self._lock:
            self._listening = on

    def rewind(self) -> None:
        with self._lock:
            self._at = 0

    def _tick(self, first: int, frames: int, begin_s: float) -> None:
        block = np.zeros(frames, np.int16)
        with self._lock:
            spoken = self._samples[self._at : self._at + frames] if self._listening else block[:0]
            block[: spoken.size] = spoken
            self._at += spoken.size
            ended = bool(spoken.size) and self._at >= self._samples.size
            # Inside the lock: after listen(False) nothing of the file follows.
            self._sink(Captured(block.tobytes(), begin_s + BLOCK_S, file_ended=ended))

    def close(self) -> None:
        self._pacer.close()


class PacedOutput(OutputPort):
    """What a speaker would play, thrown away; a block that is cut by `silence` was heard until then."""

    def __init__(self, rate_hz: int, name: str = "silence") -> None:
        self.name = name
        self.rate_hz = rate_hz
        self._lock = threading.Lock()
        self._held = bytearray()
        self._held_from_s = 0.0
        self._silent = False
        self._pacer = _Pacer(rate_hz, "paced-output", self._tick)

    def start(self, pull: Pull, fail: Fail) -> None:
        self._pull = pull
        self._fail = fail
        self._pacer.start()

    def _tick(self, first: int, frames: int, begin_s: float) -> None:
        with self._lock:
            heard, silent = bytes(self._held), self._silent
            self._held = bytearray(2 * frames)
            self._held_from_s = begin_s + BLOCK_S
        if heard:
            self.heard(heard)
        if not silent:
            block = bytearray(2 * frames)
            self._pull(memoryview(block), self._held_from_s, False)
            with self._lock:
                if not self._silent:
                    self._held = block

    def heard(self, audio: bytes) -> None:
        """Every block, silence included, when it is over."""

    def silence(self) -> float:
        with self._lock:
            now_s = time.perf_counter()
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
    """What a speaker would play, gaps included, in a file that stands under its name when the port is closed."""

    def __init__(self, path: str, rate_hz: int) -> None:
        super().__init__(rate_hz, path)
        try:
            self._writer: WavWriter | None = WavWriter(path, rate_hz)
        except WavError as error:
            raise PortError(f"{error}.") from error
        self.unfinished = self._writer.unfinished

    def heard(self, audio: bytes) -> None:
        if self._writer is None:
            return
        try:
            self._writer.write(audio)
        except WavError as error:
            writer, self._writer = self._writer, None
            writer.close()
            self._fail(f"{error}; the session goes on without it.")

    def close(self) -> None:
        self.silence()
        super().close()
        self.heard(bytes(self._held))
        if self._writer is not None:
            # A file that cannot be moved to its place is found unfinished by the console.
            with contextlib.suppress(WavError):
                self._writer.close()
