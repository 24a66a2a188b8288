"""A terminal that is gone must not end the thread that writes to it: the console would wait for that thread for ever."""

import io
import os
import pty
import threading

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from voicelive_tui.tui.native_stderr import ClosableTerminal


def test_writing_goes_on_into_nothing_when_the_terminal_is_gone() -> None:
    primary, secondary = pty.openpty()
    file = io.TextIOWrapper(io.BufferedWriter(ClosableTerminal(secondary)), encoding="utf-8")
    assert file.isatty() and file.fileno() == secondary
    file.write("seen")
    file.flush()
    assert os.read(primary, 100) == b"seen"
    os.close(primary)
    writer = WriterThread(file)
    writer.start()

    def write() -> None:
        for _ in range(3 * MAX_QUEUED_WRITES):
            writer.write("unseen\n" * 2_000)
        writer.stop()

    person = threading.Thread(target=write, daemon=True)
    person.start()
    person.join(30)
    assert not person.is_alive()
    os.close(secondary)
