"""Reads single keys from a terminal while a command prints its lines."""

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_LOOK_EVERY_S = 0.2


@contextlib.contextmanager
def pressed_keys(on_key: Callable[[str], None]) -> Iterator[bool]:
    """Call `on_key` with each key that is pressed, from a thread, until the end of the block. Gives
    whether there is a terminal with keys. For the main thread only."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield False
        return
    closed = threading.Event()
    reading = threading.Thread(target=_read, args=(on_key, closed), name="keys", daemon=True)
    with _single_keys():
        reading.start()
        try:
            yield True
        finally:
            closed.set()
            reading.join()


if sys.platform == "win32":

    @contextlib.contextmanager
    def _single_keys() -> Iterator[None]:
        yield

    def _read(on_key: Callable[[str], None], closed: threading.Event) -> None:
        import msvcrt

        while not closed.wait(_LOOK_EVERY_S):
            while msvcrt.kbhit():
                on_key(msvcrt.getwch())

else:

    @contextlib.contextmanager
    def _single_keys() -> Iterator[None]:
        """Let the terminal pass on each key at once, also after the program was in the
        background."""
        import termios
        import tty

        fd = sys.stdin.fileno()
        before = termios.tcgetattr(fd)

        def set_mode(_number: int = 0, _frame: FrameType | None = None) -> None:
            if _in_foreground(fd):
                with contextlib.suppress(termios.error):  # the terminal is gone
                    tty.setcbreak(fd, termios.TCSANOW)

        previous = signal.signal(signal.SIGCONT, set_mode)
        set_mode()
        try:
            yield
        finally:
            signal.signal(signal.SIGCONT, previous)
            if _in_foreground(fd):
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(fd, termios.TCSANOW, before)

    def _in_foreground(fd: int) -> bool:
        """Whether this process may use its terminal. The kernel stops one that may not and does."""
        try:
            return os.tcgetpgrp(fd) == os.getpgrp()
        except OSError:
            return False

    def _read(on_key: Callable[[str], None], closed: threading.Event) -> None:
        fd = sys.stdin.fileno()
        while not closed.is_set():
            ready, _, _ = select.select([fd], [], [], _LOOK_EVERY_S)
            if not ready:
                continue
            if not _in_foreground(fd):
                closed.wait(_LOOK_EVERY_S)
                continue
            try:
                data = os.read(fd, 64)
            except OSError:
                return
            if not data:
                return
            for key in data.decode("utf-8", "replace"):
                on_key(key)
