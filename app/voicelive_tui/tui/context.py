"""The services of the app that the console's other parts may use."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.screen import Screen

from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.model.profile.problem import Problem

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine

Result = TypeVar("Result")


class ConsoleContext(Protocol):
    """The app as profile tabs and questions see it. Only for the app's thread."""

    engine: "Engine"
    unrecorded: bool
    """Whether the user gave up a session that was not recorded as a whole."""

    def show_message(self, level: NoticeLevel, text: str, cure: str = "") -> None:
        """Show a notice in the message bar; text and cure are those of a `Notice`."""
        ...

    def show_at_exit(self, text: str) -> None:
        """Show a sentence now, and again on the terminal after the console has closed."""
        ...

    def note_problems(self, path: str, problems: Sequence[Problem]) -> None:
        """Keep the problems of a profile's file for the page that shows them."""
        ...

    def show_tab(self, key: str) -> None:
        """Show this tab."""
        ...

    def push_screen(
        self, screen: Screen[Result], callback: Callable[[Result | None], None] | None = None
    ) -> object:
        """Open a window over the console. The callback gets the window's result."""
        ...

    def suspend(self) -> AbstractContextManager[None]:
        """Lend the terminal to another program. Raises SuspendNotSupported."""
        ...

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str, exclusive: bool) -> object:
        """Run the coroutine beside the console. An exclusive worker cancels the others of its
        group."""
        ...
