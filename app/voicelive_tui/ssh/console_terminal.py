"""Runs a program on a pseudo-terminal of one row less than the real one, and draws the last row.

Invariants: only the thread that calls `run` reads and writes the terminal; `redraw` may be called
from any thread. The terminal is restored whatever happens.
"""

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from voicelive_tui.ssh.mute_key import split_keys
from voicelive_tui.ssh.upper_rows import UpperRows

MIN_ROWS: Final = 3
"""A terminal with fewer rows is left to the program alone."""

_STDIN: Final = 0
_STDOUT: Final = 1
_READ_BYTES: Final = 1 << 16
_MAX_WAITING_BYTES: Final = 1 << 16
_REDRAW_S: Final = 1.0
_END_S: Final = 5.0
# The first terminal that a new session opens controls it: SIGWINCH and SIGHUP come from there.
_ON_TERMINAL: Final = 'exec "$@" 0<>"$0" 1>&0 2>&0'


class ConsoleTerminal:
    """draw: returns the sequences for the last row, for its number and the count of columns.
    on_mute: called for ctrl+\\, which the program does not get."""

    def __init__(self, draw: Callable[[int, int], bytes], on_mute: Callable[[], None]) -> None:
        self._draw = draw
        self._on_mute = on_mute
        self._open = threading.RLock()
        """Held while the descriptors are written or closed; also by a signal handler."""
        self._closed = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._rows = self._columns = 0
        self._resized = False
        self._waiting = b""
        self._drawn_s = 0.0

    def close(self) -> None:
        """Release the descriptors; `redraw` does nothing afterwards."""
        with self._open:
            self._closed = True
            os.close(self._wake_read)
            os.close(self._wake_write)

    def redraw(self) -> None:
        """Have the last row drawn anew soon."""
        with self._open, suppress(BlockingIOError):
            if not self._closed:
                os.write(self._wake_write, b".")

    def run(self, command: Sequence[str]) -> int:
        """Run the command to its end; returns its exit code, negative for a signal."""
        primary, secondary = os.openpty()
        try:
            self._measure()
            self._set_size(primary)
            with _raw_input(), self._signals():
                process = subprocess.Popen(
                    ["/bin/sh", "-c", _ON_TERMINAL, os.ttyname(secondary), *command],
                    # Until the child has opened it by its name, it would look closed.
                    stdin=secondary,
                    stdout=secondary,
                    stderr=secondary,
                    start_new_session=True,
                )
                os.close(secondary)
                secondary = -1
                closed = False
                try:
                    closed = self._relay(primary)
                finally:
                    code = _end(process, hang_up=not closed)
        finally:
            os.close(primary)
            if secondary >= 0:
                os.close(secondary)
        return code

    def _relay(self, primary: int) -> bool:
        """Pass input and output on until the program has closed its terminal, or the real one is
        gone; returns whether it was the program."""
        output = UpperRows(self._program_rows)
        os.set_blocking(primary, False)
        try:
            # Above the last row, wherever the cursor is.
            _write(b"\r\n\x1b[A" + output.region())
            while True:
                readable = self._wait(primary)
                if _STDIN in readable and not self._take_keys(os.read(_STDIN, _READ_BYTES)):
                    return False
                if self._resized:
                    self._resize(primary, output)
                if primary in readable and not self._show(_read(primary), output):
                    return True
                if output.touched or primary not in readable or self._is_old:
                    output.touched = False
                    self._draw_row()
        except OSError:
            return False
        finally:
            with suppress(OSError):
                _write(output.restore())

    def _wait(self, primary: int) -> list[int]:
        """Wait until something can be read, at most until the row is old; pass waiting keys on."""
        readers = [primary, self._wake_read, _STDIN]
        writers = [primary] if self._waiting else []
        readable, writable, _ = select.select(readers, writers, [], _REDRAW_S)
        if self._wake_read in readable:
            os.read(self._wake_read, _READ_BYTES)
        if writable:
            # EIO: the program has closed its terminal, which reading tells, too.
            with suppress(BlockingIOError, OSError):
                self._waiting = self._waiting[os.write(primary, self._waiting) :]
        return readable

    @staticmethod
    def _show(data: bytes, output: UpperRows) -> bool:
        _write(output.pass_on(data))
        return data != b""

    @property
    def _is_old(self) -> bool:
        return time.monotonic() - self._drawn_s > _REDRAW_S

    def _take_keys(self, keys: bytes) -> bool:
        """Keep keys for the program; returns whether the terminal is still there. Those that a
        program does not read in the end are lost, as on any terminal, because ours are among them.
        """
        presses, others = split_keys(keys)
        for _ in range(presses):
            self._on_mute()
        if len(self._waiting) < _MAX_WAITING_BYTES:
            self._waiting += others
        return keys != b""

    def _draw_row(self) -> None:
        self._drawn_s = time.monotonic()
        if self._rows >= MIN_ROWS:
            _write(self._draw(self._rows, self._columns))

    @property
    def _program_rows(self) -> int:
        return self._rows - 1 if self._rows >= MIN_ROWS else self._rows

    def _measure(self) -> None:
        size = os.get_terminal_size(_STDOUT)
        self._rows, self._columns = size.lines, size.columns

    def _resize(self, primary: int, output: UpperRows) -> None:
        self._resized = False
        self._measure()
        output.rows = self._program_rows
        output.touched = True
        _write(output.region())
        self._set_size(primary)

    def _set_size(self, primary: int) -> None:
        size = struct.pack("HHHH", self._program_rows, self._columns, 0, 0)
        fcntl.ioctl(primary, termios.TIOCSWINSZ, size)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def changed(_number: int, _frame: object) -> None:
            self._resized = True
            self.redraw()

        former = signal.signal(signal.SIGWINCH, changed)
        try:
            yield
        finally:
            signal.signal(signal.SIGWINCH, former)


@contextmanager
def _raw_input() -> Iterator[None]:
    """Keys arrive at once and unchanged while the context lasts."""
    former = termios.tcgetattr(_STDIN)
    tty.setraw(_STDIN)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal is gone
            # What the terminal answers to the program's last questions is no input of a shell.
            termios.tcsetattr(_STDIN, termios.TCSAFLUSH, former)


def _read(primary: int) -> bytes:
    """Output of the program; empty when it has closed its terminal, which is EIO on Linux."""
    try:
        return os.read(primary, _READ_BYTES)
    except OSError:
        return b""


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(_STDOUT, data) :]


def _end(process: "subprocess.Popen[bytes]", *, hang_up: bool) -> int:
    """Wait for a program that has closed its terminal, or tell it that the terminal is gone; kill
    it if it does not end."""
    if hang_up:
        process.send_signal(signal.SIGHUP)
    try:
        return process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
