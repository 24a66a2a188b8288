"""Textual's driver for Linux and macOS, with an input thread that sleeps until there is input.

Textual's own input thread asks ten times a second whether the app has ended. This loop stands in
for it; the parser of the input is Textual's, from a private module, which is why pyproject.toml
holds Textual to one minor version.

Invariant: only the input thread reads the terminal. `disable_input` wakes it through a pipe.
"""

import os
from codecs import getincrementaldecoder
from collections.abc import Callable
from selectors import EVENT_READ, SelectSelector
from typing import Any

from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

POLL_S = 0.1
POLLS_AFTER_INPUT = 2 + int(constants.ESCAPE_DELAY / POLL_S)
"""The polls after input until the parser has decided that an Esc is a key of its own."""
READ_BYTES = 4096
ALT_ENTER = ("\x1b\r", "\x1b[13;3u")
"""Alt+Enter as most terminals send it, which Textual's parser takes for Enter, and as it is written
where modifiers have a code of their own."""


class SelectorDriver(LinuxDriver):
    """Reads keys and mouse, and writes frames. Parameters as those of Textual's `Driver`."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._parser_debug = debug
        self._stop_pipe: tuple[int, int] | None = None
        """The ends to read and to write, from taking the terminal to giving it up."""

    def start_application_mode(self) -> None:
        """Take the terminal, and start the input thread."""
        self._stop_pipe = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # untyped in Textual

    def disable_input(self) -> None:
        """End the input thread, for good or until the app takes the terminal again."""
        if self._stop_pipe is None:
            super().disable_input()
            return
        os.write(self._stop_pipe[1], b"x")
        super().disable_input()  # waits for the thread
        for end in self._stop_pipe:
            os.close(end)
        self._stop_pipe = None

    def run_input_thread(self) -> None:
        """Read the terminal until `disable_input`."""
        parser = XTermParser(self._parser_debug)
        decode: Callable[[bytes], str] = getincrementaldecoder("utf-8")().decode
        polls_left = POLLS_AFTER_INPUT
        with SelectSelector() as selector:
            selector.register(self.fileno, EVENT_READ)
            assert self._stop_pipe is not None
            stop = self._stop_pipe[0]
            selector.register(stop, EVENT_READ)
            while not self.exit_event.is_set():
                polls = polls_left > 0 or stop not in selector.get_map()
                ready = {key.fd for key, _ in selector.select(POLL_S if polls else None)}
                polls_left = POLLS_AFTER_INPUT if ready else polls_left - 1
                if stop in ready:
                    # The event is set a moment later: from now on the loop asks for it.
                    selector.unregister(stop)
                if self.fileno in ready and not self._read(parser, decode):
                    selector.unregister(self.fileno)
                    self.input_ended()
                for message in parser.tick():
                    self.process_message(message)

    def input_ended(self) -> None:
        """Note the end of the input, in the input thread."""

    def _read(self, parser: XTermParser, decode: Callable[[bytes], str]) -> bool:
        """Pass on what was typed. Returns False at the end of the input."""
        data = os.read(self.fileno, READ_BYTES)
        # Half a character decodes to no text yet, and the parser takes an empty text for the end.
        if text := decode(data):
            for message in parser.feed(text.replace(*ALT_ENTER)):
                self.process_message(message)
        return bool(data)
