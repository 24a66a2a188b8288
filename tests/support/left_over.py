"""What a closed engine or loop must not leave behind: child processes, threads, and transports that
only the collector closes."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.deadlines import DEADLINE_S


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fail when the block leaves a thread or a child process, ended but not reaped included.

    An unclosed transport or file is collected here, so that its ResourceWarning fails the test that
    left it.
    """
    threads, children = set(threading.enumerate()), child_processes()
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(DEADLINE_S)
        assert not thread.is_alive(), f"the thread {thread.name} is left"
    left = child_processes() - children
    assert not left, f"child processes are left: {sorted(left)}"
    gc.collect()


def child_processes() -> set[int]:
    """The children of this process, zombies included; empty where there is no /proc."""
    if sys.platform != "linux":
        return set()
    return {
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if _parent(folder) == os.getpid()
    }


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None  # it ended meanwhile
