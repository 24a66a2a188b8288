"""A closed terminal does not block the program that draws on it."""

import io
import os
import pty
import sys
from pathlib import Path

from voicelive_tui.tui.native_stderr import ClosableTerminal

from tests.support.console_run import console_environment
from tests.support.deadlines import RUN_S
from tests.support.pty_run import PtyRun

PAINTER = """
import sys
from pathlib import Path
from textual.app import App
from textual.widgets import Static
from voicelive_tui.tui.native_stderr import native_stderr_to

class Painter(App[int]):
    painted = 0

    def compose(self):
        yield Static()

    def on_mount(self):
        self.set_interval(0.001, self.paint)

    def paint(self):
        self.painted += 1
        self.query_one(Static).update(f"picture {self.painted} " + \
chr(65 + self.painted % 26) * 3_000)
        if self.painted == PICTURES:
            self.exit(0)

with native_stderr_to(None):
    code = Painter().run()
Path(sys.argv[1]).write_text(str(code))
"""
PICTURES = 500
"""Far more frames than fit into the writer's queue: drawing would never end if nothing were
written."""


def test_writing_to_a_closed_terminal_discards_the_text() -> None:
    primary, secondary = pty.openpty()
    file = io.TextIOWrapper(io.BufferedWriter(ClosableTerminal(secondary)), encoding="utf-8")
    assert file.isatty() and file.fileno() == secondary
    file.write("seen")
    file.flush()
    assert os.read(primary, 100) == b"seen"
    os.close(primary)
    file.write("unseen")
    file.flush()
    os.close(secondary)


def test_an_app_draws_on_and_ends_in_order_when_its_terminal_is_gone(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    code = PAINTER.replace("PICTURES", str(PICTURES))
    run = PtyRun(
        ["-c", code, str(ended)],
        columns=80,
        rows=24,
        environment=console_environment(tmp_path, None),
        program=[sys.executable],
        cwd=tmp_path,
    )
    try:
        run.wait_output(b"picture")
        run.hang_up()
        run.process.wait(RUN_S)
    finally:
        run.process.kill()
        run.process.wait()
    assert ended.read_text() == "0"
