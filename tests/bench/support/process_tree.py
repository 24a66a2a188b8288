"""CPU, memory and wake-ups of a program with all its child processes, from /proc (Linux)."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """CPU seconds of one process, all of its threads."""
    return _cpu_s(Path(f"/proc/{pid}/stat"))


def main_thread_cpu_s(pid: int) -> float:
    """CPU seconds of the main thread of one process, which is the screen in the console's."""
    return _cpu_s(Path(f"/proc/{pid}/task/{pid}/stat"))


def _cpu_s(stat: Path) -> float:
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def children(pid: int) -> list[int]:
    """Its child processes."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # the thread has ended meanwhile
            found += map(int, (task / "children").read_text().split())
    return found


def family(pid: int) -> list[int]:
    """The process and all its descendants."""
    return [pid, *(member for child in children(pid) for member in family(child))]


def memory_mb(pid: int) -> float:
    """Proportional set size of the family in MB: pages that several processes share count once."""
    total_kb = 0
    for member in family(pid):
        for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb / 1000


def wakeups(pid: int) -> int:
    """Voluntary context switches of all threads of the family since their start."""
    total = 0
    for member in family(pid):
        for task in Path(f"/proc/{member}/task").iterdir():
            with suppress(OSError):  # the thread has ended meanwhile
                for line in (task / "status").read_text().splitlines():
                    if line.startswith("voluntary_ctxt_switches"):
                        total += int(line.split()[1])
    return total


@dataclass(frozen=True, slots=True)
class Load:
    """What a program took over some time: per cent of one core, and wake-ups a second."""

    cpu: float
    wakeups: float


def load(pid: int, seconds: float) -> Load:
    """Watch the family of this process for so long."""
    members = family(pid)
    start, cpu, wakes = time.perf_counter(), sum(map(cpu_s, members)), wakeups(pid)
    time.sleep(seconds)
    passed = time.perf_counter() - start
    return Load((sum(map(cpu_s, members)) - cpu) / passed * 100, (wakeups(pid) - wakes) / passed)
