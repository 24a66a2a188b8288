"""A console that is ended by a signal exits with 130 and says what was not recorded."""

import os
import re
import signal
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.console_run import console_environment, start_console
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService

pytestmark = pytest.mark.terminal


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name
)
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "only in memory"])
def test_a_signal_ends_the_console_with_130_and_what_is_lost_is_said(
    tmp_path: Path, number: signal.Signals, recorded: bool
) -> None:
    if not recorded:
        (tmp_path / "state").write_text("in the way")
    with (
        ScriptedService() as service,
        start_console(tmp_path, service, None, arguments=["--no-audio"]) as console,
    ):
        service.wait(lambda: bool(service.events("session.update")))
        console.wait_output(b"session.update")
        console.process.send_signal(number)
        assert console.close() == ExitCode.INTERRUPTED
        said = console.output.decode(errors="replace")
        after_the_screen = said.rpartition("\x1b[?1049l")[2]
    sentence = (
        r"The session scripted was not recorded: [1-9]\d* records are lost, and the "
        r"transcript of 0 lines with them\."
    )
    assert bool(re.search(sentence, said)) is not recorded
    assert ("scripted is recorded in " in after_the_screen) is recorded


def test_quitting_says_where_it_is_recorded_and_exits_with_0(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        start_console(tmp_path, service, None, arguments=["--no-audio"]) as console,
    ):
        service.wait(lambda: bool(service.events("session.update")))
        console.wait_output(b"session.update")
        console.press("q")
        console.wait_output(b"Quit?")
        console.press("q")
        assert console.close() == 0
    (folder,) = (tmp_path / "state" / "sessions").iterdir()
    after_the_screen = console.output.rpartition(b"\x1b[?1049l")[2].decode()
    assert f"scripted is recorded in {folder}\r\n" in after_the_screen
    assert "lost" not in after_the_screen


def test_a_signal_before_the_console_draws_ends_it_too(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        start_console(tmp_path, service, None, arguments=["--no-audio"]) as console,
    ):
        # The first output prepares the terminal; the screen follows later.
        console.wait_output(b"\x1b")
        console.process.send_signal(signal.SIGTERM)
        assert console.close() == ExitCode.INTERRUPTED


def test_a_console_that_was_stopped_by_force_draws_again_and_quits_at_the_first_key(
    tmp_path: Path,
) -> None:
    environment = console_environment(tmp_path, None)
    arguments = ["sound-check", "--simulator", "--no-audio"]
    with PtyRun(arguments, columns=100, rows=30, environment=environment, cwd=tmp_path) as console:
        console.wait_output(b"SIMULATOR")
        for _ in range(2):
            console.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, console.process.pid, os.WSTOPPED | os.WNOWAIT)
            before = len(console.output)
            console.process.send_signal(signal.SIGCONT)
            console.wait_output(b"SIMULATOR", after=before)
        console.press("q")
        assert console.close() == 0
