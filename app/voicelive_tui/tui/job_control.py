"""Job control: stopping the console so that the shell gets the terminal, and taking it again.

Invariant: the terminal is given back and taken in the app's loop, never within a signal handler,
which may have interrupted a write to the terminal and would wait for it forever. While the terminal
is lent, SIGTSTP and SIGCONT have their default actions.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

STDIN = 0
"""The descriptor on which the terminal's keys arrive."""


class JobControl:
    """Stops and continues the console with its process group.

    lend: gives the terminal back while its context lasts, and then draws the whole screen again.
    asked: called for SIGTSTP; it calls `stop` when the console may stop. is_running: whether the
    console still needs the terminal.
    """

    def __init__(
        self,
        lend: Callable[[], AbstractContextManager[None]],
        asked: Callable[[], None],
        is_running: Callable[[], bool],
    ) -> None:
        self._lend = lend
        self._asked = asked
        self._is_running = is_running

    def begin(self) -> None:
        """Handle SIGTSTP and SIGCONT in the running loop, in place of Textual's own handlers."""
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTSTP, self._asked)
            loop.add_signal_handler(signal.SIGCONT, self._continued)

    def end(self) -> None:
        """Give SIGTSTP and SIGCONT their default actions."""
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            loop.remove_signal_handler(signal.SIGTSTP)
            loop.remove_signal_handler(signal.SIGCONT)

    @contextmanager
    def default_actions(self) -> Iterator[None]:
        """While the context lasts, SIGTSTP stops this process at once: for an editor that has the
        terminal, and for the console itself."""
        self.end()
        try:
            yield
        finally:
            self.begin()

    def stop(self) -> None:
        """Give the terminal to the shell and stop. Returns when the shell continues the console in
        the foreground; at once if no shell could."""
        if sys.platform != "win32":
            with self._lend():
                # The whole group, as the terminal itself would: `make run` must stop, too. The
                # kernel ignores the signal where no shell could continue the group.
                os.kill(0, signal.SIGTSTP)
                _wait_for_foreground()

    def _continued(self) -> None:
        """Take the terminal again after a stop that the console could not prepare for: SIGSTOP
        leaves the shell on the console's screen.

        A terminal that is closed sends SIGCONT behind SIGHUP: a console that has ended by then must
        not begin to read keys again, which nothing would end.
        """
        if self._is_running():
            with self._lend():
                _wait_for_foreground()


def has_shell() -> bool:
    """Whether a shell can continue the console once it is stopped, as far as the parent process
    tells."""
    if sys.platform == "win32":
        return False
    with suppress(OSError):
        parent = os.getppid()
        return parent > 1 and os.getsid(parent) == os.getsid(0)
    return False


def _wait_for_foreground() -> None:
    """Stop again while the shell has continued the console in the background."""
    if sys.platform != "win32":
        with suppress(OSError):  # the terminal is gone
            while has_shell() and os.tcgetpgrp(STDIN) != os.getpgrp():
                os.kill(0, signal.SIGTTIN)
