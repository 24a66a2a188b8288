"""Closing the terminal's window ends the program in order: nothing hangs, the journal is whole, and
the exit code is that of an interruption."""

from itertools import count
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.journal.reader import read_folder

from tests.support.console_run import console_environment, scripted_profiles, start_console
from tests.support.deadlines import RUN_S
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService


@pytest.mark.parametrize("controlling", [True, False], ids=["with SIGHUP", "without a signal"])
def test_a_terminal_that_is_closed_during_a_flood_of_events_ends_the_console(
    tmp_path: Path, controlling: bool
) -> None:
    noise = ({"type": f"something.new.{serial}", "text": "x" * 60} for serial in count())
    with ScriptedService() as service:
        console = start_console(
            tmp_path, service, None, arguments=["--no-audio"], controlling=controlling
        )
        try:
            service.wait(lambda: bool(service.events("session.update")))
            service.send_at_rate(noise, 300)
            console.wait_output(b"something.new")
            # The kernel sends SIGHUP if the terminal controls the program's session.
            console.hang_up()
            assert console.process.wait(RUN_S) == ExitCode.INTERRUPTED
        finally:
            console.process.kill()
            console.process.wait()
    (folder,) = (tmp_path / "state" / "sessions").iterdir()
    recorded = read_folder(folder)
    assert recorded.index.type_name(recorded.index.count - 1) == "console.closed"
    assert recorded.problems == ()
    # With that the next console can offer to go on.
    assert recorded.meta["ended_by"] == "terminal"


def test_a_terminal_that_is_closed_ends_a_run_with_the_same_code(tmp_path: Path) -> None:
    with ScriptedService() as service:
        profiles = str(scripted_profiles(tmp_path, service))
        run = PtyRun(
            ["run", "scripted", "--text", "Hello", "--no-audio", "--profiles", profiles],
            columns=100,
            rows=30,
            environment=console_environment(tmp_path, None),
            cwd=tmp_path,
            controlling=True,
        )
        try:
            service.wait(lambda: bool(service.events("session.update")))
            run.hang_up()
            assert run.process.wait(RUN_S) == ExitCode.INTERRUPTED
        finally:
            run.process.kill()
            run.process.wait()
