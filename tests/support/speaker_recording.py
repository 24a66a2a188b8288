"""A recording of the virtual sound card's speaker, made while it plays."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.support.deadlines import DEADLINE_S


class Recording:
    """A recording of the speaker: raw pcm16, and the arrival time of each piece. As a context
    manager it stops itself."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._lock = threading.Condition()
        self._audio = bytearray()
        self.arrivals: list[tuple[float, int]] = []
        """(perf_counter, bytes so far)"""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while piece := os.read(stream.fileno(), 4096):
            with self._lock:
                self._audio += piece
                self.arrivals.append((time.perf_counter(), len(self._audio)))
                self._lock.notify_all()

    @property
    def audio(self) -> bytes:
        """The audio recorded so far."""
        with self._lock:
            return bytes(self._audio)

    def wait(
        self,
        condition: Callable[[bytes], bool],
        timeout_s: float = DEADLINE_S,
        *,
        after: int = 0,
        player_runs: Callable[[], None] = lambda: None,
    ) -> bytes:
        """Wait until the audio after byte `after` satisfies the condition; returns that audio.
        Raises AssertionError if it never does.

        player_runs: raises when the player has ended.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            with self._lock:
                size, audio = len(self._audio), bytes(self._audio[after:])
            if condition(audio):  # without the lock: a slow condition must not delay the reader
                return audio
            player_runs()
            left = deadline - time.monotonic()
            assert left > 0, "the speaker never played that"
            with self._lock:
                if len(self._audio) == size:
                    self._lock.wait(min(left, 0.5))

    def wait_more(self, frames: int) -> bytes:
        """Wait until `frames` more were recorded; returns all audio."""
        size = len(self.audio) + 2 * frames
        return self.wait(lambda audio: len(audio) >= size)

    @property
    def size(self) -> int:
        """The bytes of whole samples so far, as a position for what is recorded from now on."""
        with self._lock:
            return len(self._audio) // 2 * 2

    def stop(self) -> bytes:
        """End the recording."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return self.audio

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
