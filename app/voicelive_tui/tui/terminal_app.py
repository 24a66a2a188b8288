"""The console on a real terminal: signals, memory, and what is printed after the screen is gone.

Invariant: there is at most one TerminalApp in a process, because it owns the process's signals.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.driver import Driver
from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine.config.gc_tuning import freeze_heap
from voicelive_tui.engine.config.prices_file import prices_path
from voicelive_tui.engine.intents import Mute, NoteTerminalLost
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.config import config_path, read_config, with_prices
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.glyphs import chosen_glyphs
from voicelive_tui.tui.heartbeat import HEARTBEAT_HZ
from voicelive_tui.tui.job_control import JobControl, has_shell
from voicelive_tui.tui.native_stderr import native_stderr_to

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine

MUTED_WITHIN_S = 0.5
"""Seconds that stopping the console waits for the microphone to be muted."""
_STOP_SIGNALS = ("SIGHUP", "SIGTERM", "SIGINT")


class TerminalApp(ConsoleApp):
    """The console on a real terminal: this app owns the process and its signals."""

    signalled = False
    """Whether a signal, or the end of the terminal, ended the app."""

    def __init__(self, engine: "Engine", *, is_stopped: Callable[[], bool], **more: Any) -> None:
        super().__init__(engine, **more)
        self._is_stopped = is_stopped
        self._job_control = JobControl(
            self.suspend, self.action_suspend_process, lambda: self.is_running
        )
        self._handlers_before: dict[int, Any] = {}

    def get_driver_class(self) -> type[Driver]:
        """The driver of the platform, on Unix with our additions."""
        found = super().get_driver_class()
        if sys.platform == "win32":
            return found
        from textual.drivers.linux_driver import LinuxDriver

        from voicelive_tui.tui.terminal_driver import TerminalDriver

        return TerminalDriver if found is LinuxDriver else found

    # Signals

    def _leave_on_signal(self) -> None:
        self.signalled = True
        # Before that `_early` calls this again: leaving a screen that is being made fails.
        if self.main_screen.ready:
            self.leave()

    def on_terminal_unreadable(self) -> None:
        """Leave as after SIGHUP: there will be no key. The recordings say so, because the person
        may want to go on with them."""
        self.engine.post(NoteTerminalLost())
        self._leave_on_signal()

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
        loop = asyncio.get_running_loop()
        for number in filter(None, (getattr(signal, name, None) for name in _STOP_SIGNALS)):
            before = signal.getsignal(number)
            with suppress(NotImplementedError):  # Windows: `is_stopped` tells it
                hangup = number == getattr(signal, "SIGHUP", None)
                leave = self.on_terminal_unreadable if hangup else self._leave_on_signal
                loop.add_signal_handler(number, leave)
                self._handlers_before[number] = before
        self._job_control.begin()
        self._early = self.set_interval(1 / HEARTBEAT_HZ, self._leave_on_early_signal)
        self.set_timer(2.0, self._freeze_startup_heap)

    def on_unmount(self) -> None:
        """Give the signals back before the loop is closed, which would leave them without a handler
        for a moment."""
        for number, handler in self._handlers_before.items():
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, handler)
        self._job_control.end()

    # Job control

    def action_suspend_process(self) -> None:
        """Stop the console, so that the shell has the terminal until it continues the console."""
        if not has_shell():
            self.show_message("info", "No shell here could bring the console back.")
            return
        with self._microphone_muted():
            self._job_control.stop()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Lend the terminal, to another program or to the shell."""
        with self._job_control.default_actions(), super().suspend():
            yield

    @contextmanager
    def _microphone_muted(self) -> Iterator[None]:
        """Mute the microphone while the context lasts: its process goes on, and what is said while
        the console is stopped must not be sent later."""
        if self.engine.snapshot().muted:
            yield
            return
        self.engine.post(Mute(True))
        until_s = self.clock.now() + MUTED_WITHIN_S
        while not (shown := self.engine.snapshot()).muted and self.clock.now() < until_s:
            self.engine.wait_change(shown.revision, MUTED_WITHIN_S)
        try:
            yield
        finally:
            self.engine.post(Mute(False))

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
    go_on: str = "",
    is_stopped: Callable[[], bool] = lambda: False,
    problems: Sequence[str] = (),
) -> int:
    """Show the console on a started engine until the user quits, and return the exit code.

    tabs: profiles by name or file, or folders of recorded sessions; without any, the tabs of the
    last run, else the starter profiles. start: those of them whose sessions start at once. go_on:
    the folder of a recorded session with which a new one goes on at once; empty for none.
    is_stopped: whether a signal arrived before the console handled signals itself, or after it.
    problems: sentences about the environment, which the console shows. A signal ends the console
    with 130. When this returns, all sessions are closed and the engine still runs.
    """
    config = with_prices(read_config(config_path()), prices_path())
    glyphs = chosen_glyphs(config.glyphs, os.environ)
    config = replace(config, glyphs=glyphs, problems=(*config.problems, *problems))
    with native_stderr_to(engine.settings.log):
        app = TerminalApp(
            engine, tabs=tabs, start=start, go_on=go_on, config=config, is_stopped=is_stopped
        )
        # Textual's final output goes there too: file descriptor 2 is not the terminal here.
        app.error_console.file = sys.__stderr__ or app.error_console.file
        code = app.run()
    for sentence in app.exit_texts:
        with suppress(OSError):  # the terminal is gone
            print(sentence, file=sys.stderr)
    if app.return_code:
        return ExitCode.INTERNAL
    return ExitCode.INTERRUPTED if app.signalled or is_stopped() else code or 0
