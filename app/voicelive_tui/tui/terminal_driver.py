"""Textual's driver for Unix terminals, with what it leaves undone when the console gives the
terminal back."""

from contextlib import suppress
from typing import IO, Any

from textual.message import Message

from voicelive_tui.tui.selector_driver import SelectorDriver

_HOME_AND_CLEAR = "\x1b[H\x1b[2J"


class TerminalUnreadable(Message):
    """Tells the app that no key can be read any more."""


class TerminalOutput:
    """The terminal as a file that takes everything even when the terminal is gone: otherwise
    Textual's writing thread ends, and the app waits for ever for room in that thread's queue."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class TerminalDriver(SelectorDriver):
    """Leaves nothing of the console on the user's screen, reports a terminal that cannot be read,
    and outlives one that cannot be written."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._file: Any = TerminalOutput(self._file)

    def stop_application_mode(self) -> None:
        """Empty the console's screen, then return to the shell's.

        A terminal that has grown since the console started may cut the console's screen to its old
        size first; what does not fit then, tmux puts among the shell's rows.
        """
        self.write(_HOME_AND_CLEAR)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read keys until the console ends, or until reading fails, as in a background process
        without a shell."""
        try:
            super().run_input_thread()
        except OSError:
            self.send_message(TerminalUnreadable())

    def input_ended(self) -> None:
        """Report the end of the input: the terminal was closed, which not every terminal tells with
        SIGHUP."""
        self.send_message(TerminalUnreadable())
