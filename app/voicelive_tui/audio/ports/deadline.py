"""Ends the process when a device hangs."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator

STOP_WITHIN_S = 2.0
"""Seconds after which the stop or start of a device counts as a deadlock of PortAudio, for which a
new process is the only cure. Normally it takes 3 ms; a busy machine may need longer."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End the process if the block takes longer than this, and say so on standard error."""
    with _ended_after(seconds, _give_up):
        yield


@contextlib.contextmanager
def closing_deadline(seconds: float, exit_code: int) -> Iterator[None]:
    """End the process with this exit code if the block, which is the last thing that the process
    does, takes longer. It prints nothing then: the system closes the device."""
    with _ended_after(seconds, lambda: os._exit(exit_code)):
        yield


@contextlib.contextmanager
def _ended_after(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _give_up() -> None:
    # A line of its own, even when a library has just written a part of one.
    os.write(2, b"\nthe device did not stop or start\n")
    os._exit(70)
