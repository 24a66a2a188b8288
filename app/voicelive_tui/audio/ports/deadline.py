"""Ends the process when a device hangs."""

import contextlib
import os
import threading
from collections.abc import Iterator

STOP_WITHIN_S = 2.0
"""Seconds after which the stop or start of a device counts as a deadlock of PortAudio, for which a
new process is the only cure. Normally it takes 3 ms; a busy machine may need longer."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End the process if the block takes longer than this."""
    timer = threading.Timer(seconds, _give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _give_up() -> None:
    os.write(2, b"the device did not stop or start\n")
    os._exit(70)
