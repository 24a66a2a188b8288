"""What the console's parts may ask of the app around them."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.screen import Screen

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine

Result = TypeVar("Result")


class ConsoleContext(Protocol):
    """The app, as profile tabs and questions see it. Everything happens in the app's thread."""

    engine: "Engine"
    unrecorded: bool
    """The user let a session go that was not recorded as a whole."""

    def show_message(self, level: str, text: str, cure: str = "") -> None:
        """Show a notice in the line of messages; text and cure as in the engine's notices."""
        ...

    def show_at_exit(self, text: str) -> None:
        """Show a sentence now, and on the terminal when the console is gone."""
        ...

    def show_tab(self, key: str) -> None:
        """Bring this tab to the front."""
        ...

    def push_screen(
        self, screen: Screen[Result], callback: Callable[[Result | None], None] | None = None
    ) -> object:
        """Open a window over the console; the callback gets what it is closed with."""
        ...

    def suspend(self) -> AbstractContextManager[None]:
        """Lend the terminal to another program. Raises SuspendNotSupported."""
        ...

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str, exclusive: bool) -> object:
        """Run it beside the console; an exclusive one cancels those of its group."""
        ...
