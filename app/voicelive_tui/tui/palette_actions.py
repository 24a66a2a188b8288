"""What the palette does besides the commands: it opens over any window, chooses a theme and saves a
picture of the screen."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.kept_theme import keep_theme
from voicelive_tui.tui.screen_clock import Clock

if TYPE_CHECKING:
    from voicelive_tui.tui.palette_entries import PaletteEntry

KEPT_WITHIN_S = 1.0
"""Seconds for which leaving the console waits for a file that is being written."""


class PaletteActions:
    """The palette of an app. Only for the app's thread."""

    def __init__(
        self, app: App[Any], context: ConsoleContext, config: ConsoleConfig, clock: Clock
    ) -> None:
        self._app, self._context = app, context
        self._config, self._clock = config, clock

    @property
    def _state_dir(self) -> Path:
        return self._context.engine.settings.state_dir

    def open(self, session: Callable[[], SessionSnapshot | None]) -> None:
        """Open the palette, or close it. Over another window it has only what needs no command.
        session: that of the current tab."""
        from voicelive_tui.tui import palette_entries as palette
        from voicelive_tui.tui.screens.palette import PaletteScreen

        if isinstance(self._app.screen, PaletteScreen):
            self._app.screen.dismiss(None)
            return
        if len(self._app.screen_stack) == 1:
            entries = palette.all_entries(self._config.keys)
            listed = palette.usable_entries(entries, session())
        else:
            entries = listed = palette.window_entries()
        self._app.push_screen(PaletteScreen("Commands", entries, listed), self._run)

    def _run(self, entry: "PaletteEntry | None") -> None:
        if entry is not None:
            self._app.call_later(self._app.run_action, entry.action)

    def choose_theme(self) -> None:
        """Let the user choose a theme."""
        from voicelive_tui.tui.palette_entries import theme_entries
        from voicelive_tui.tui.screens.palette import PaletteScreen

        entries = theme_entries(self._app.available_themes, self._app.theme)
        self._app.push_screen(PaletteScreen("Themes", entries, entries), self._run)

    def use_theme(self, name: str) -> None:
        """Use this theme, in this run and in the next ones."""
        self._app.theme = name
        keep = partial(keep_theme, self._state_dir, name, self._config.theme)
        self._write("the theme", keep)

    def save_screenshot(self) -> None:
        """Save a picture of the screen in the state folder and show its whole path."""
        from voicelive_tui.tui.screenshots import save_screenshot

        picture, now_s = self._app.export_screenshot(), self._clock.wall()
        save = partial(save_screenshot, self._state_dir, picture, now_s)
        self._write("the screenshot", save)

    def _write(self, what: str, write: Callable[[], Path | None]) -> None:
        self._context.run_worker(self._written(what, write), group="palette", exclusive=False)

    async def _written(self, what: str, write: Callable[[], Path | None]) -> None:
        """Write in a thread, because a disk may hang."""
        try:
            path = await run_to_end_in_thread(write, within_s=KEPT_WITHIN_S)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._context.show_message("error", f"Could not write {what}: {why}.")
        else:
            if path is not None:
                self._context.show_message("info", f"Wrote {what}: {path}")
