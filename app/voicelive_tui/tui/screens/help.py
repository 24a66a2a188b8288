"""The help: keys in columns, the signs of the screen, and the commands by name."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.help_layout import help_lines
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.screens.page_modal import SESSION_KEYS, TEXT_KEYS, PageModal
from voicelive_tui.tui.widgets.find_row import FindInput
from voicelive_tui.tui.widgets.highlight import highlight
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Spans


class HelpPage(LineView):
    """The lines of the help in the width of the page."""

    class Scrolled(Message):
        """Another part of the help is shown."""

    def __init__(self, keymap: Mapping[str, str], config: str) -> None:
        super().__init__(id="help-page")
        self.following = False
        self._keymap, self._config = keymap, config
        self._lines: list[Spans] = []
        self.words = ""
        """What is looked for and highlighted."""
        self._found_at = -1

    @property
    def text(self) -> str:
        """The text of the whole help."""
        return "\n".join(_text(line) for line in self._lines)

    @property
    def place(self) -> tuple[int, int]:
        """The number of the page in sight and that of all pages, from 1."""
        pages = max(1, -(-self.line_count // self.page))
        at_end = self.scroll_offset.y >= self.max_scroll_y
        return (pages if at_end else self.top // self.page + 1, pages)

    def on_resize(self, event: Resize) -> None:
        """Lay the help out for the new size."""
        width = self.scrollable_content_region.width
        self._lines, _ = help_lines(self._keymap, self._config, max(20, width), self.page)
        self.set_line_count(len(self._lines))
        self.refresh()
        self.post_message(self.Scrolled())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell the page in sight."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    def find(self, words: str) -> bool:
        """Highlight the words and go to the first line with them. Returns False if there is
        none."""
        self.words, self._found_at = words.strip(), -1
        self.refresh()
        return self.seek(1)

    def seek(self, step: int) -> bool:
        """Go to the next (`step` 1) or previous (-1) line with the words, round the end."""
        wanted = self.words.lower()
        hits = [n for n, line in enumerate(self._lines) if wanted in _text(line).lower()]
        if not wanted or not hits:
            return False
        later = [n for n in hits if (n - self._found_at) * step > 0]
        self._found_at = (later or hits)[0 if step > 0 else -1]
        self.scroll_to_line(self._found_at)
        return True

    def render_line(self, y: int) -> Strip:
        """One line of the help."""
        line = self.top + y
        spans = self._lines[line] if line < len(self._lines) else ()
        return self.strip(highlight(spans, [self.words]), self.scrollable_content_region.width)


def _text(spans: Spans) -> str:
    return "".join(text for text, _ in spans)


class HelpScreen(PageModal[bool]):
    """The page that its own key opens and closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *SESSION_KEYS,
        BY_ID["console.help"].binding("close"),
        BY_ID["events.filter"].binding("find"),
        BY_ID["events.next_match"].binding("seek(1)"),
        BY_ID["events.previous_match"].binding("seek(-1)"),
        BY_ID["events.copy"].binding("copy"),
        *TEXT_KEYS,
    ]
    AUTO_FOCUS = "#help-page"

    def __init__(self, keymap: Mapping[str, str], config: str) -> None:
        super().__init__("Help")
        self._keymap, self._config = keymap, config
        self._missed = ""

    def body(self) -> ComposeResult:
        """Yield the lines and the line for words to find."""
        yield HelpPage(self._keymap, self._config)
        yield FindInput(id="find", compact=True, placeholder="words to find in the help")

    def facts(self) -> tuple[Spans, Spans]:
        """The page's number, and what was not found."""
        at, pages = self.query_one(HelpPage).place
        missed: Spans = [(f" nothing contains {self._missed!r} ", "warn")] if self._missed else ()
        return missed, [(f" {at} of {pages} ", "dim")]

    def keys(self) -> list[tuple[str, str, str]]:
        """The keys of this page."""
        return [
            (key_of("events.filter", self._keymap), "find", "screen.find"),
            ("PgDn", "commands by name", "screen.page(1)"),
            (key_of("events.copy", self._keymap), "copy", "screen.copy"),
            ("Esc", "close", "screen.close"),
        ]

    @on(HelpPage.Scrolled)
    def _show_place(self) -> None:
        self.show_title()

    def action_scroll(self, lines: int) -> None:
        """Scroll by this many lines, negative ones up."""
        page = self.query_one(HelpPage)
        page.scroll_to(y=min(max(0, page.top + lines), page.max_scroll_y), animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages, negative ones up."""
        self.action_scroll(pages * self.query_one(HelpPage).page)

    def action_find(self) -> None:
        """Open the line for words."""
        line = self.query_one("#find", Input)
        line.display = True
        self.set_focus(line)

    @on(FindInput.Left)
    def _close_find(self) -> None:
        """Close the line for words."""
        self.query_one("#find", Input).display = False
        self.set_focus(self.query_one(HelpPage))

    @on(Input.Submitted, "#find")
    def _find(self, event: Input.Submitted) -> None:
        found = self.query_one(HelpPage).find(event.value)
        self._missed = "" if found or not event.value.strip() else event.value.strip()
        self._close_find()
        self.show_title()

    def action_seek(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) line with the words."""
        if not self.query_one(HelpPage).seek(step) and not self.query_one(HelpPage).words:
            self.action_find()

    def action_copy(self) -> None:
        """Copy the text of the help."""
        self.app.copy_to_clipboard(self.query_one(HelpPage).text)

    def action_close(self) -> None:
        """Close the page."""
        self.dismiss(False)
