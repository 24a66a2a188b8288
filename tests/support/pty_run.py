"""The program on a pseudo-terminal of a given size. Its output is read, or left unread for a
while."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.deadlines import DEADLINE_S, RUN_S

PROGRAM = (sys.executable, "-m", "voicelive_tui")
_LAST_BYTES = 1 << 20
"""The most that is read after the program's end; more comes from a process that it left behind."""


class PtyRun:
    """A process on our own terminal. `output` grows while it is read; `pause()` stops the reading.

    `wait_output` raises AssertionError when the output never comes, at once if the process has
    ended.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        columns: int,
        rows: int,
        environment: Mapping[str, str],
        program: Sequence[str] = PROGRAM,
        cwd: Path | None = None,
        controlling: bool = False,
    ) -> None:
        """controlling: whether this is the process's controlling terminal, so that the kernel sends
        it SIGHUP when the terminal is closed."""
        primary, secondary = pty.openpty()
        fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started_s = time.perf_counter()
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=secondary,
            stdout=secondary,
            stderr=secondary,
            env={**environment, "TERM": "xterm-256color"},
            start_new_session=True,
            preexec_fn=partial(fcntl.ioctl, 0, termios.TIOCSCTTY, 0) if controlling else None,
            cwd=cwd,
        )
        os.close(secondary)
        self._primary = primary
        self._output = bytearray()
        self._grew = threading.Condition()
        self._reading = threading.Event()
        self._reading.set()
        self._hung_up = self._closed = False
        self._reader = threading.Thread(target=self._read, name="pty-reader")
        self._reader.start()

    def _read(self) -> None:
        """Read until the terminal is closed on one side, or the program has ended and nothing more
        of it is there."""
        last_bytes = _LAST_BYTES
        while not self._hung_up and last_bytes > 0:
            self._reading.wait(0.1)
            if not self._reading.is_set():
                continue
            # Asked before the look, so that the last output still counts.
            ended = self.process.poll() is not None
            ready, _, _ = select.select([self._primary], [], [], 0 if ended else 0.1)
            if not ready:
                if ended:
                    return  # a process that was left behind may hold the terminal open
                continue
            try:
                chunk = os.read(self._primary, 65_536)
            except OSError:
                return  # the program closed its side
            if not chunk:
                return
            last_bytes -= len(chunk) if ended else 0
            with self._grew:
                self._output += chunk
                self._grew.notify_all()

    @property
    def output(self) -> bytes:
        with self._grew:
            return bytes(self._output)

    def wait_output(self, wanted: bytes, timeout_s: float = DEADLINE_S, *, after: int = 0) -> float:
        """Wait until `wanted` was written after byte `after` of the output; returns the time
        (`time.perf_counter`)."""
        deadline = time.monotonic() + timeout_s
        while True:
            ended = (
                self.process.poll() is not None and not self._reader.is_alive()
            )  # the output is complete then
            with self._grew:
                if self._output.find(wanted, after) >= 0:
                    return time.perf_counter()
                after = max(after, len(self._output) - len(wanted) + 1)
                left = deadline - time.monotonic()
                if left > 0 and not ended:
                    self._grew.wait(min(left, 0.5))
                    continue
            self.must_run()
            raise AssertionError(f"never saw {wanted!r}; {self._last_words}")

    def must_run(self) -> None:
        """Raise AssertionError with the last output if the program has ended: for waits that only a
        running program can satisfy."""
        if self.process.poll() is None:
            return
        self._reader.join(DEADLINE_S)
        raise AssertionError(
            f"the program ended with {self.process.returncode}; {self._last_words}"
        )

    @property
    def _last_words(self) -> str:
        """The end of the output as text, without cursor movements."""
        text = re.sub(
            r"\x1b(\[[0-?]*[ -/]*[@-~]|[\]P].*?(\x07|\x1b\\)|.)",
            " ",
            self.output.decode(errors="replace"),
            flags=re.S,
        )
        return f"at last it wrote: {' '.join(text.split())[-2000:]}"

    def press(self, keys: str) -> None:
        os.write(self._primary, keys.encode())

    def pause(self) -> None:
        """Stop reading the terminal."""
        self._reading.clear()

    def resume(self) -> None:
        self._reading.set()

    def hang_up(self) -> None:
        """Close the terminal while the program runs, as closing a window does."""
        self._hung_up = self._closed = True
        self.resume()
        self._reader.join()
        os.close(self._primary)

    def close(self, timeout_s: float = RUN_S) -> int:
        """Wait until the program ends, kill it after `timeout_s`; returns its exit code. `output`
        is complete then."""
        self.resume()
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._closed = True
        self._reader.join()
        os.close(self._primary)
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        if not self._closed:
            self.close()
