"""The console on a real terminal: signals, memory, and what is printed after the screen is gone.

Invariant: there is at most one TerminalApp in a process, because it owns the process's signals.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.driver import Driver
from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine.config.gc_tuning import freeze_heap
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.config import config_path, read_config
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.heartbeat import HEARTBEAT_HZ
from voicelive_tui.tui.native_stderr import native_stderr_to

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine


class TerminalApp(ConsoleApp):
    """The console on a real terminal: this app owns the process and its signals."""

    signalled = False
    """Whether a signal ended the app."""

    def __init__(self, engine: "Engine", *, is_stopped: Callable[[], bool], **more: Any) -> None:
        super().__init__(engine, **more)
        self._is_stopped = is_stopped

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver for this platform and environment, or the quieter one of its kind."""
        found = super().get_driver_class()
        if found.__name__ == "LinuxDriver":
            # Only importable where there are such terminals.
            from voicelive_tui.tui.quiet_driver import QuietDriver

            return QuietDriver
        return found

    def _leave_on_signal(self) -> None:
        self.signalled = True
        # Before that `_early` calls this again: leaving a screen that is being made fails.
        if self.main_screen.ready:
            self.leave()

    def _leave_on_early_signal(self) -> None:
        """Leave because of a signal that arrived before the screen was ready. Asks no more once it
        is."""
        if not self.main_screen.ready:
            return
        self._early.stop()
        if self._leave_by_s is None and (self.signalled or self._is_stopped()):
            self._leave_on_signal()

    def on_mount(self) -> None:
        """Leave in order when a signal arrives, and move what start-up made out of the garbage
        collector's reach."""
        for name in ("SIGHUP", "SIGTERM", "SIGINT"):
            if number := getattr(signal, name, None):
                asyncio.get_running_loop().add_signal_handler(number, self._leave_on_signal)
        self._early = self.set_interval(1 / HEARTBEAT_HZ, self._leave_on_early_signal)
        self.set_timer(2.0, self._freeze_startup_heap)

    def _freeze_startup_heap(self) -> None:
        """Freeze the heap, so that the garbage collector skips the objects of start-up. The engine
        does so itself when a session starts earlier."""
        if not any(
            session.state in RUNNING for session in self.engine.snapshot().sessions.values()
        ):
            freeze_heap()


def run_console(
    engine: "Engine",
    *,
    tabs: Sequence[str] = (),
    start: Sequence[str] = (),
    is_stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Show the console on a started engine until the user quits, and return the exit code.

    tabs: profiles by name or file, or folders of recorded sessions; without any, the tabs of the
    last run, else the starter profiles. start: those of them whose sessions start at once.
    is_stopped: whether a signal arrived before the console handled signals itself. A signal ends
    the console with 130. When this returns, all sessions are closed and the engine still runs.
    """
    config = read_config(config_path())
    with native_stderr_to(engine.settings.log):
        app = TerminalApp(engine, tabs=tabs, start=start, config=config, is_stopped=is_stopped)
        # Textual's final output goes there too: file descriptor 2 is not the terminal here.
        app.error_console.file = sys.__stderr__ or app.error_console.file
        code = app.run()
    for sentence in app.exit_texts:
        print(sentence, file=sys.stderr)
    if app.return_code:
        return ExitCode.INTERNAL
    return ExitCode.INTERRUPTED if app.signalled else code or 0
