"""Keeps native libraries from painting over the screen: they print to file descriptor 2, on which
Textual draws on Linux.

Must run before Textual starts: Textual keeps the stream it finds in `sys.__stderr__`.
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
    """Give Textual a descriptor of its own for the terminal, and send descriptor 2 to `log`
    (nowhere without one)."""
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
    """The terminal as a file that takes everything, also when it is gone.

    An error here would end the thread that writes for Textual, and then its full queue would hold
    the console for ever.
    """

    def __init__(self, fd: int) -> None:
        super().__init__()
        self._fd = fd

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """The descriptor, which stays its owner's."""
        return self._fd

    def isatty(self) -> bool:
        """Whether it is one still."""
        return os.isatty(self._fd)

    def write(self, data: Any) -> int:
        """Write what the terminal takes; a terminal that is gone takes all of it."""
        try:
            return os.write(self._fd, data)
        except OSError:
            return len(data)


def _open(log: Path | None) -> int:
    if log is not None:
        try:
            return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            # The program's own log reports an unusable place; what libraries print must not land on
            # the screen for that.
            pass
    return os.open(os.devnull, os.O_WRONLY)
