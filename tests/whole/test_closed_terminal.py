"""Closing the terminal's window while the console draws ends it in order: nothing hangs, and the
journal is whole."""

from itertools import count
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.journal.reader import read_folder

from tests.support.console_run import start_console
from tests.support.deadlines import RUN_S
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
