"""Measures the settings page of a console on a terminal of its own: what opening it costs, and a
change by arrow key until `session.update` has arrived at a scripted service.

CPU is that of the thread that draws, in nanoseconds of the scheduler (/proc, Linux), less what it
takes in the same time while nothing happens.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.console_run import start_console
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService

SETTLED_S = 0.5
"""Seconds after which everything is painted."""
KEYS = {"settings": (",", b"Settings"), "notices": ("v", b"Notices")}
"""For each page its key, and bytes that only its title has."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What one opening of a page takes: CPU of the drawing thread, and the time to its title."""

    cpu_ms: float
    title_ms: float


@contextmanager
def running_console(folder: Path) -> Iterator[tuple[PtyRun, ScriptedService]]:
    """The console at 100x30 in a session without sound."""
    with (
        ScriptedService() as service,
        start_console(
            folder, service, None, columns=100, rows=30, arguments=["--no-audio"]
        ) as console,
    ):
        service.wait(lambda: bool(service.events("session.update")))
        time.sleep(2.0)  # the first seconds of a session move more than the clock
        yield console, service
        console.press("qq")


def drawing_cpu_ms(pid: int) -> float:
    """CPU of the main thread so far."""
    return _cpu_ms(Path(f"/proc/{pid}/task/{pid}/schedstat"))


def all_cpu_ms(pid: int) -> float:
    """CPU of all threads so far."""
    return sum(_cpu_ms(task / "schedstat") for task in Path(f"/proc/{pid}/task").iterdir())


def _cpu_ms(path: Path) -> float:
    return int(path.read_text().split()[0]) / 1e6


def idle_share(pid: int) -> float:
    """The share of a core that the drawing thread takes while only the clock moves."""
    began_s, began_ms = time.perf_counter(), drawing_cpu_ms(pid)
    time.sleep(4.0)
    return (drawing_cpu_ms(pid) - began_ms) / (time.perf_counter() - began_s) / 1000


def open_page(console: PtyRun, name: str, idle: float) -> Opening:
    """Open the page, wait until it is painted, and close it."""
    key, title = KEYS[name]
    pid, after = console.process.pid, len(console.output)
    began_s, began_ms = time.perf_counter(), drawing_cpu_ms(pid)
    console.press(key)
    titled_s = console.wait_output(title, after=after)
    time.sleep(SETTLED_S)
    spent_ms = drawing_cpu_ms(pid) - began_ms
    cpu_ms = spent_ms - idle * (time.perf_counter() - began_s) * 1000
    console.press(key)
    time.sleep(SETTLED_S)
    return Opening(cpu_ms, (titled_s - began_s) * 1000)


def measure_openings(console: PtyRun, times: int, idle: float) -> None:
    """Print what the openings of the settings take, in turn with those of the notices."""
    opened: dict[str, list[Opening]] = {name: [] for name in KEYS}
    for _ in range(times):
        for name, openings in opened.items():
            openings.append(open_page(console, name, idle))
    medians = {
        name: statistics.median(each.cpu_ms for each in openings[1:])
        for name, openings in opened.items()
    }
    for name, openings in opened.items():
        title_ms = statistics.median(each.title_ms for each in openings[1:])
        print(
            f"open {name:<11} median {medians[name]:6.1f} ms of CPU   "
            f"first time {openings[0].cpu_ms:6.1f} ms   its title after {title_ms:5.1f} ms"
        )
    ratio = medians["settings"] / medians["notices"]
    print(f"settings, as a ratio to the page of notices   {ratio:.2f}   (target: 30 ms)")


def measure_arrow_key(console: PtyRun, service: ScriptedService, times: int, idle: float) -> None:
    """Print what a change by arrow key takes with the form open."""
    pid, cpu_ms, delays_ms, painted_ms = console.process.pid, [], [], []
    console.press(",/silence\r")
    time.sleep(SETTLED_S)
    console.press("\x1b[C")
    time.sleep(2 * SETTLED_S)
    for _ in range(times):
        count = len(service.events("session.update"))
        began_s, began_ms, drawn_ms = time.perf_counter(), all_cpu_ms(pid), drawing_cpu_ms(pid)
        console.press("\x1b[C")
        service.wait(lambda count=count: len(service.events("session.update")) > count)  # type: ignore[misc]
        cpu_ms.append(all_cpu_ms(pid) - began_ms)
        delays_ms.append((service.events("session.update")[-1][0] - began_s) * 1000)
        time.sleep(SETTLED_S)
        passed_ms = (time.perf_counter() - began_s) * 1000
        painted_ms.append(drawing_cpu_ms(pid) - drawn_ms - idle * passed_ms)
    print(
        f"arrow key to wire  median {statistics.median(delays_ms):6.1f} ms   CPU until then "
        f"{statistics.median(cpu_ms):5.1f} ms   longest {max(cpu_ms):5.1f} ms   (target: 16)\n"
        f"arrow key, drawn with the service's answer  median "
        f"{statistics.median(painted_ms):5.1f} ms of CPU"
    )


def measure_form(folder: Path, times: int) -> None:
    """Print every figure of the form."""
    with running_console(folder) as (console, service):
        idle = idle_share(console.process.pid)
        measure_openings(console, times, idle)
        closed = idle_share(console.process.pid)
        print(
            f"drawing thread     {idle * 100:.1f} % before, {closed * 100:.1f} % after closing it"
        )
        measure_arrow_key(console, service, times, closed)
