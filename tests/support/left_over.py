"""Checks that a closed engine or loop leaves no child process, thread or unclosed transport
behind."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.deadlines import DEADLINE_S

_SOUND_SERVER = "pulseaudio"
"""The process of a virtual sound card, which a test may start again in the block; the program
starts none."""


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fail if the block leaves a thread or a child process, even an ended one that was not reaped.

    Unclosed transports and files are collected here, so that their ResourceWarning fails this test.
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
    """The ids of this process's children but sound servers, zombies included; empty without
    /proc."""
    if sys.platform != "linux":
        return set()
    return {
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if _parent(folder) == os.getpid()
    }


def _parent(folder: Path) -> int | None:
    """The parent's id; None for a sound server and for a process that has ended."""
    try:
        head, _, tail = (folder / "stat").read_text().rpartition(")")
        return None if head.endswith(f"({_SOUND_SERVER}") else int(tail.split()[1])
    except OSError:
        return None
