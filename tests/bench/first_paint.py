"""Measures the time from the start of the console to its first frame, as a ratio to a bare Textual
app. Takes about a minute.

    python -m tests.bench.first_paint [--runs N]

Both programs start one after the other, in turn, so that a machine that grows busy slows both. The
bare app has one line of text and nothing else. CPU is that of the process until the frame is there:
on a busy machine its ratio says more than that of the times.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.support.process_tree import cpu_s
from tests.support.console_run import console_environment
from tests.support.pty_run import PROGRAM, PtyRun

TARGET = 1.7

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App[None]):
    def compose(self):
        yield Static("painted")
Bare().run()
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A program, and bytes that only its first frame has."""

    command: Sequence[str]
    wanted: bytes


BARE = Program((sys.executable, "-c", _BARE), b"painted")
CONSOLE = Program((*PROGRAM, "--no-audio"), b"Transcript")


@dataclass(frozen=True, slots=True)
class FirstPaint:
    """Milliseconds from the start to the first frame, and the CPU of the process until then."""

    time_ms: float
    cpu_ms: float


def first_paint(program: Program, folder: Path) -> FirstPaint:
    """Start the program once and end it at its first frame."""
    with PtyRun(
        program.command[1:],
        columns=200,
        rows=50,
        environment=console_environment(folder, None),
        program=program.command[:1],
        cwd=folder,
    ) as run:
        painted_s = run.wait_output(program.wanted)
        used_s = cpu_s(run.process.pid)
        run.process.kill()
    return FirstPaint((painted_s - run.started_s) * 1000, used_s * 1000)


def medians(paints: Sequence[FirstPaint]) -> FirstPaint:
    """The median of each figure."""
    return FirstPaint(
        statistics.median(paint.time_ms for paint in paints),
        statistics.median(paint.cpu_ms for paint in paints),
    )


def measure(runs: int) -> None:
    """Print the medians of both programs and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        pairs = [
            (first_paint(BARE, Path(name)), first_paint(CONSOLE, Path(name))) for _ in range(runs)
        ]
    bare, console = (medians(column) for column in zip(*pairs, strict=True))
    for what, ours, theirs in (
        ("first paint", console.time_ms, bare.time_ms),
        ("CPU until then", console.cpu_ms, bare.cpu_ms),
    ):
        print(
            f"{what:16}{ours:7.0f} ms   bare Textual app {theirs:6.0f} ms   "
            f"ratio {ours / theirs:.2f}   (target {TARGET})"
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.first_paint", description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="how often to start each program")
    measure(parser.parse_args(argv).runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
