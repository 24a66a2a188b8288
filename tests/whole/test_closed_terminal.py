"""Closing the terminal's window while the console draws ends it in order: nothing hangs, and the
journal is whole."""

import signal
from itertools import count
from pathlib import Path

from voicelive_tui.journal.reader import read_folder

from tests.support.console_run import start_console
from tests.support.deadlines import RUN_S
from tests.support.scripted_service import ScriptedService


def test_a_terminal_that_is_closed_during_a_flood_of_events_ends_the_console(
    tmp_path: Path,
) -> None:
    noise = ({"type": f"something.new.{serial}", "text": "x" * 60} for serial in count())
    with ScriptedService() as service:
        console = start_console(tmp_path, service, None, arguments=["--no-audio"])
        try:
            service.wait(lambda: bool(service.events("session.update")))
            service.send_at_rate(noise, 300)
            console.wait_output(b"something.new")
            console.hang_up()
            # The kernel sends this signal to the programs of a closed window, but not for a pty
            # that controls no session.
            console.process.send_signal(signal.SIGHUP)
            console.process.wait(RUN_S)
        finally:
            console.process.kill()
            console.process.wait()
    (folder,) = (tmp_path / "state" / "sessions").iterdir()
    recorded = read_folder(folder)
    assert recorded.index.type_name(recorded.index.count - 1) == "console.closed"
    assert recorded.problems == ()
