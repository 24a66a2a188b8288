"""A program on a pseudo-terminal whose last row is ours: what it cannot do to us."""

import os
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.deadlines import DEADLINE_S

CONSOLE = """
import sys
from voicelive_tui.ssh.console_terminal import ConsoleTerminal
muted = []
terminal = ConsoleTerminal(lambda row, columns: b"<row %d>" % len(muted), lambda: muted.append(1))
sys.exit(terminal.run(["sh", "-c", sys.argv[1]]))
"""


def read_until(primary: int, text: bytes) -> bytes:
    found, end_s = b"", time.monotonic() + DEADLINE_S
    while text not in found:
        assert select.select([primary], [], [], max(0, end_s - time.monotonic()))[0], found[-300:]
        found = found[-100_000:] + os.read(primary, 1 << 16)
    return found


def write(primary: int, keys: bytes) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while keys:
        assert select.select([], [primary], [], max(0, end_s - time.monotonic()))[1]
        keys = keys[os.write(primary, keys[:1_000]) :]


@contextmanager
def running(script: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The script below our row, in a terminal whose other end is the descriptor."""
    primary, secondary = os.openpty()
    try:
        termios.tcsetwinsize(primary, (24, 80))
        process = subprocess.Popen(
            [sys.executable, "-c", CONSOLE, script],
            stdin=secondary,
            stdout=secondary,
            stderr=secondary,
            start_new_session=True,
        )
        try:
            yield process, primary
        finally:
            process.kill()
            process.wait()
    finally:
        os.close(secondary)
        os.close(primary)


def test_a_program_that_reads_no_keys_cannot_keep_ours_from_us() -> None:
    script = "stty raw -echo; echo begun; while sleep 0.2; do echo alive; done"
    with running(script) as (_, primary):
        read_until(primary, b"begun")
        write(primary, b"a" * 120_000)  # more than all that is kept for the program
        write(primary, b"\x1c")
        read_until(primary, b"<row 1>")


def test_the_terminal_is_as_before_when_the_program_ends(tmp_path: Path) -> None:
    go = tmp_path / "go"
    with running(f"echo begun; until [ -e {go} ]; do sleep 0.1; done; exit 7") as (
        process,
        primary,
    ):
        read_until(primary, b"begun")
        raw = termios.tcgetattr(primary)
        go.touch()
        read_until(primary, b"\x1b[r")
        assert process.wait(DEADLINE_S) == 7
        assert raw[3] & termios.ICANON == 0 != termios.tcgetattr(primary)[3] & termios.ICANON
