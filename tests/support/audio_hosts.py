"""The audio processes that a program has started, as Linux shows them."""

import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from tests.support.deadlines import DEADLINE_S

_MODULE = "voicelive_tui.audio.host.server"


def children_of(pid: int) -> list[int]:
    """The ids of all children of a process, whichever thread started them."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended meanwhile
            children += map(int, task.read_text().split())
    return children


def command_of(pid: int) -> list[str]:
    """The command line of a process; empty for one that is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def hosts_of(pid: int) -> list[int]:
    """The ids of the audio processes among a process's children; fails if there is any other
    child."""
    children = children_of(pid)
    for child in children:
        command = command_of(child)
        assert not command or _MODULE in command, f"an unexpected process: {command}"
    return children


def most_memory_mib(pid: int) -> float:
    """The most memory that a process ever had, in MiB; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")] or ["VmHWM: 0 kB"]
    return int(line.split()[1]) / 1024


def until_gone(pids: Collection[int]) -> None:
    """Wait until none of these processes runs."""
    assert pids, "there was no process to wait for"
    deadline_s = time.monotonic() + DEADLINE_S
    while any(map(command_of, pids)):
        assert time.monotonic() < deadline_s, f"still running: {[*map(command_of, pids)]}"
        time.sleep(0.02)
