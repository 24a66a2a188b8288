"""The page of all notices, in the place of the panes: times, levels, whole texts, newest first."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.tui.commands import BY_ID, CURSOR_KEYS
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.notice_history import NoticeHistory, PastNotice
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, wrap

_AT_CELLS, _KIND_CELLS = 8, 10
_TEXT_AT = 3 + _AT_CELLS + _KIND_CELLS
_LOOKS = {"info": "accent", "warning": "warn", "error": "bad"}
HEADINGS: Spans = [(f"   {'at':<{_AT_CELLS}}{'kind':<{_KIND_CELLS}}what", "dim")]
EMPTY: Spans = [
    ("  No notices yet: what goes wrong, and what a key could not do, stands here.", "dim")
]


def notice_lines(notice: PastNotice, width: int, tab: str = "") -> list[list[Span]]:
    """The lines of a notice, at most `width` cells wide, its text whole. tab: the tab that it is
    about, empty if that need not be said."""
    times = [(f" ({plural(notice.count, 'time')})", "dim")] if notice.count > 1 else []
    about = [(f"{printable(tab)}: ", "dim")] if tab else []
    text = " ".join(printable(notice.text).split())
    first, *more = wrap([*about, (text, ""), *times], width - _TEXT_AT - 1)
    head: list[Span] = [
        (f"   {notice.at:<{_AT_CELLS}}", "dim"),
        (f"{notice.level:<{_KIND_CELLS}}", _LOOKS[notice.level]),
    ]
    return [[*head, *first], *([(" " * _TEXT_AT, ""), *line] for line in more)]


def notice_text(notice: PastNotice) -> str:
    """A notice as it is copied."""
    times = f" ({plural(notice.count, 'time')})" if notice.count > 1 else ""
    return " ".join(f"{notice.at} {notice.level} {notice.text}{times}".split())


class NoticeList(LineView):
    """The notices with a cursor on one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CURSOR_KEYS,
        BY_ID["move.open"].binding("open"),
        BY_ID["move.back"].binding("close"),
        BY_ID["events.copy"].binding("copy(False)"),
        BY_ID["events.copy_turn"].binding("copy(True)"),
    ]

    class Closed(Message):
        """The user is done with the page. key: the tab to show; empty for the same as before."""

        def __init__(self, key: str = "") -> None:
            super().__init__()
            self.key = key

    class Copied(Message):
        """The user copies a text. name: what it is."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name, self.text = name, text

    def __init__(self, history: NoticeHistory) -> None:
        super().__init__(id="notices")
        self.following = False
        self._history = history
        self._tab_of: Callable[[str], str] = str
        self._notices: Sequence[PastNotice] = ()
        self._cursor = ""
        """The text of the notice under the cursor; empty for the newest one."""
        self._lines: list[tuple[int, Spans]] = []
        """Each line with the position of its notice."""
        self._drawn_for: tuple[int, int] = (-1, 0)

    @property
    def position(self) -> int:
        """The position of the notice under the cursor."""
        found = (at for at, each in enumerate(self._notices) if each.text == self._cursor)
        return next(found, 0)

    def sync(self, tab_of: Callable[[str], str]) -> None:
        """Show the current notices. tab_of: the name of the tab with this key, empty if it need not
        be said."""
        self._tab_of = tab_of
        width = self.scrollable_content_region.width
        if not width or self._drawn_for == (self._history.serial, width):
            return
        self._drawn_for = (self._history.serial, width)
        self._notices = self._history.newest_first()
        self._lines = [
            (at, line)
            for at, notice in enumerate(self._notices)
            for line in notice_lines(notice, width, tab_of(notice.key) if notice.key else "")
        ] or [(-1, EMPTY)]
        self.set_line_count(len(self._lines))
        self._show_cursor()

    def on_resize(self, event: Resize) -> None:
        """Wrap for the new width."""
        self.sync(self._tab_of)

    def render_line(self, y: int) -> Strip:
        """One line, marked if its notice is under the cursor."""
        line, width = self.top + y, self.scrollable_content_region.width
        if line >= len(self._lines):
            return self.strip((), width)
        at, spans = self._lines[line]
        if at != self.position:
            return self.strip(spans, width)
        first = line == 0 or self._lines[line - 1][0] != at
        marked = [(" ▸ " + spans[0][0][3:], spans[0][1]), *spans[1:]] if first else spans
        return self.strip(
            marked, width, self.look("cursor" if self.has_focus else "cursor-blurred")
        )

    def on_click(self, event: Click) -> None:
        """Put the cursor on the notice that was clicked."""
        line = self.top + event.y
        if line < len(self._lines):
            self.action_step(self._lines[line][0] - self.position)

    def action_step(self, notices: int) -> None:
        """Move the cursor by this many notices, negative ones to newer ones."""
        if self._notices:
            position = min(max(0, self.position + notices), len(self._notices) - 1)
            self._cursor = self._notices[position].text if position else ""
            self._show_cursor()

    def action_page(self, pages: int) -> None:
        """Move the cursor by this many pages, to another notice in any case."""
        line = next((i for i, (at, _) in enumerate(self._lines) if at == self.position), 0)
        target = min(max(0, line + pages * max(1, self.page - 1)), len(self._lines) - 1)
        self.action_step((self._lines[target][0] - self.position) or pages)

    def _show_cursor(self) -> None:
        at = [line for line, (position, _) in enumerate(self._lines) if position == self.position]
        if at:
            self.scroll_to_line(at[-1])
            self.scroll_to_line(at[0])
        self.refresh()

    def action_copy(self, everything: bool) -> None:
        """Copy the notice under the cursor, or all of them."""
        if not self._notices:
            return
        chosen = self._notices if everything else [self._notices[self.position]]
        name = plural(len(chosen), "notice") if everything else "the notice"
        self.post_message(self.Copied(name, "\n".join(notice_text(each) for each in chosen)))

    def action_open(self) -> None:
        """Go to the tab that the notice is about."""
        self.post_message(self.Closed(self._notices[self.position].key if self._notices else ""))

    def action_close(self) -> None:
        """Close the page."""
        self.post_message(self.Closed())


class NoticesPage(Vertical):
    """The page: title, headings and notices."""

    def __init__(self, history: NoticeHistory, keymap: Mapping[str, str]) -> None:
        super().__init__(id="notices-page")
        self._history, self._keymap = history, keymap
        self._title, self._headings = PaneTitle(id="notices-title"), SingleLine()
        self.list = NoticeList(history)

    def compose(self) -> ComposeResult:
        """Yield title, headings and list."""
        yield self._title
        yield self._headings
        yield self.list

    def on_mount(self) -> None:
        """Give the list the keys."""
        self._headings.show(HEADINGS)
        self.list.focus()

    def sync(self, tab_of: Callable[[str], str]) -> None:
        """Show the current notices, which are read with that. tab_of: as in `NoticeList.sync`."""
        self._history.mark_read()
        notices = self._history.newest_first()
        errors = sum(notice.level == "error" for notice in notices)
        facts = f"{len(notices)}" + (f", {plural(errors, 'error')}" if errors else "")
        keys = with_keys("{events.copy} copy  {console.notices} close", self._keymap)
        right = [(f" {keys} ", "dim")]
        if self.size.width < cells(right) + 30:
            right = []
        self._title.sync("Notices", [(facts, "dim")], right, focused=self.list.has_focus)
        self.list.sync(tab_of)
