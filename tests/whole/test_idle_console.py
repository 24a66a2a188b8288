"""A console without a session is quiet, and still there at once."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.console_run import console_environment
from tests.support.deadlines import DEADLINE_S
from tests.support.pty_run import PtyRun

QUIET_S = 1.5
"""Seconds in which a heartbeat that never pauses, or a thread that polls, would wake often."""


def idle_console(folder: Path) -> PtyRun:
    """The console with its profiles open and no session."""
    return PtyRun(
        ["--no-audio"],
        columns=100,
        rows=30,
        environment=console_environment(folder, None),
        cwd=folder,
    )


def wake_ups(pid: int) -> dict[str, list[str]]:
    """Return, for each thread, the kernel's line that counts how often it has woken."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # it has ended meanwhile, and is missing
            lines = (task / "status").read_text().splitlines()
            found[task.name] = [line for line in lines if line.startswith("voluntary_ctxt")]
    return found


def wait_until_quiet(run: PtyRun) -> None:
    """Wait until no thread of the program wakes, begins or ends for `QUIET_S`."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        before = wake_ups(run.process.pid)
        with pytest.raises(subprocess.TimeoutExpired):
            run.process.wait(QUIET_S)
        if wake_ups(run.process.pid) == before:
            return
    raise AssertionError("the idle console never rests")


@pytest.mark.skipif(sys.platform != "linux", reason="reads wake-ups from /proc")
def test_an_idle_console_sleeps_until_a_key_is_pressed(tmp_path: Path) -> None:
    with idle_console(tmp_path) as run:
        run.wait_output(b"start the session")
        wait_until_quiet(run)
        drawn = len(run.output)
        run.press("m")
        run.wait_output(b"MUTED", after=drawn)
        wait_until_quiet(run)
        run.press("q")
        assert run.close() == 0


def test_an_escape_alone_is_a_key(tmp_path: Path) -> None:
    with idle_console(tmp_path) as run:
        run.wait_output(b"start the session")
        drawn = len(run.output)
        run.press("?")
        run.wait_output(b"Help", after=drawn)
        wait_until_quiet(run)
        drawn = len(run.output)
        run.press("\x1b")
        run.wait_output(b"start the session", after=drawn)
        run.press("q")
        assert run.close() == 0
