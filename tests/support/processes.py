"""Processes of this machine that a test did not start itself: found by their command line and
signalled."""

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress


def processes(pattern: str) -> list[int]:
    """The processes whose command line matches the pattern."""
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def signal_processes(pids: Iterable[int], number: signal.Signals = signal.SIGKILL) -> None:
    """Send the signal to each of these processes. One that has ended, perhaps because another one
    did, needs none."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
