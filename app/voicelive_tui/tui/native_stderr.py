"""Keeps native libraries from printing over the screen: they write to file descriptor 2, on which
Textual draws on Linux.

Must run before Textual starts: Textual keeps the stream that it finds in `sys.__stderr__`.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def native_stderr_to(log: Path | None) -> Iterator[None]:
    """Give Textual its own descriptor for the terminal, and send descriptor 2 to `log`, or nowhere
    without one."""
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        yield
        return
    python_stderr, fallback = sys.stderr, sys.__stderr__
    python_stderr.flush()
    tty_fd = os.dup(2)
    log_fd = _open(log)
    terminal = io.TextIOWrapper(io.BufferedWriter(ClosableTerminal(tty_fd)), encoding="utf-8")
    try:
        sys.__stderr__ = terminal  # type: ignore[misc]  # the stream that Textual's driver draws on
        os.dup2(log_fd, 2)
        yield
    finally:
        terminal.flush()
        os.dup2(tty_fd, 2)
        sys.__stderr__ = fallback  # type: ignore[misc]
        os.close(log_fd)
        os.close(tty_fd)


class ClosableTerminal(io.RawIOBase):
    """The terminal as a file that accepts every write, even after the terminal was closed.

    An error here would end the thread that writes for Textual, and Textual would then wait forever
    for room in its full queue.
    """

    def __init__(self, fd: int) -> None:
        super().__init__()
        self._fd = fd

    def writable(self) -> bool:
        """Always True."""
        return True

    def fileno(self) -> int:
        """The descriptor; its owner closes it."""
        return self._fd

    def isatty(self) -> bool:
        """Whether the descriptor is still a terminal."""
        return os.isatty(self._fd)

    def write(self, data: Any) -> int:
        """Write to the terminal and return the number of bytes written; all of them if it was
        closed."""
        try:
            return os.write(self._fd, data)
        except OSError:
            return len(data)


def _open(log: Path | None) -> int:
    if log is not None:
        try:
            return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            # The program's own log reports a path that cannot be written. Libraries must not print
            # on the screen because of it.
            pass
    return os.open(os.devnull, os.O_WRONLY)
