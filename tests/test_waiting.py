"""The tests' own waits: a wait for a program that has ended fails at once, with the program's last
output."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.deadlines import DEADLINE_S
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService
from tests.support.terminal import Terminal

LAST_WORDS = "print('\\x1b[31mno such device\\x1b[0m'); raise SystemExit(3)"
FAR_S = 600.0
"""Longer than any test runs, so that a test that reaches it waits for nothing."""


def test_a_pty_whose_program_has_ended() -> None:
    with PtyRun(
        ["-c", LAST_WORDS], columns=80, rows=24, environment={}, program=[sys.executable]
    ) as run:
        run.wait_output(b"no such device", FAR_S)
        with pytest.raises(
            AssertionError, match="the program ended with 3; at last it wrote: no such device"
        ):
            run.wait_output(b"ON AIR", FAR_S)


@pytest.mark.parametrize("left_behind", [False, True])
def test_what_a_program_wrote_before_its_end_is_read_to_the_last_byte(left_behind: bool) -> None:
    child = "sleep 1000 & echo pid $!; " if left_behind else ""
    # More than one read returns, and less than a terminal holds unread.
    program = ["sh", "-c", f"{child}printf %010000d 0; echo last words"]
    with PtyRun([], columns=80, rows=24, environment=os.environ, program=program) as run:
        run.pause()
        assert run.process.wait(DEADLINE_S) == 0
        run.close()
    if left_behind:
        os.kill(int(run.output.split()[1]), signal.SIGKILL)
    assert run.output.endswith(b"last words\r\n")


def test_a_service_whose_client_has_ended() -> None:
    with (
        ScriptedService() as service,
        PtyRun(
            ["-c", LAST_WORDS], columns=80, rows=24, environment={}, program=[sys.executable]
        ) as run,
    ):
        service.client_runs = run.must_run
        with pytest.raises(
            AssertionError, match="the program ended with 3; at last it wrote: no such device"
        ):
            service.wait(lambda: bool(service.events("session.update")), FAR_S)


@pytest.mark.skipif(not Terminal.available(), reason="tmux is not installed")
def test_a_terminal_whose_program_has_ended(tmp_path: Path) -> None:
    with Terminal(tmp_path, [sys.executable, "-c", LAST_WORDS], width=80, height=24) as terminal:
        with pytest.raises(
            AssertionError,
            match="the program ended with 3 and never showed 'ON AIR'; at last:\nno such device",
        ):
            terminal.wait_for("ON AIR", deadline_s=FAR_S)
        assert terminal.exit_code() == 3 and terminal.wait_for("no such device")
