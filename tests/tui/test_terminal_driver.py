"""A terminal that is gone."""

import os
import pty
import threading

from voicelive_tui.tui.terminal_driver import TerminalOutput

from tests.support.deadlines import DEADLINE_S


def test_output_for_a_terminal_that_is_gone_is_taken_and_dropped() -> None:
    primary, secondary = pty.openpty()
    with open(secondary, "w") as file:
        output = TerminalOutput(file)
        writer = threading.Thread(target=lambda: [output.write("row\n" * 4_000) for _ in range(3)])
        writer.start()  # it waits for a reader
        os.close(primary)
        writer.join(DEADLINE_S)
        assert not writer.is_alive()
        assert output.write("row\n") == 4
        output.flush()
        assert output.fileno() == secondary
        os.dup2(os.open(os.devnull, os.O_WRONLY), secondary)  # for what the file still holds
