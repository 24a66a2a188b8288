"""The transcript: entries in the order of speaking, updated while they grow.

Invariant: only changed entries are wrapped again, and of many changed ones only those in view. The
fold reuses unchanged entries, so that their identity tells.
"""

from collections.abc import Mapping, Sequence

from rich.style import Style
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.keymap import DEFAULT_KEYS, key_of
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Spans, hanging_indent, wrap
from voicelive_tui.tui.widgets.transcript_layout import TranscriptLayout


class TranscriptView(LineView):
    """A list of entries with a cursor on one of them or on none."""

    class Chosen(Message):
        """The user wants to see the events of this entry."""

        def __init__(self, line: TranscriptLine) -> None:
            super().__init__()
            self.line = line

    class Moved(Message):
        """The cursor has moved to another entry or to none."""

    def __init__(
        self,
        keymap: Mapping[str, str] = DEFAULT_KEYS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.hint: tuple[Spans, ...] = ()
        self.selected: str | None = None
        self._selected_at = 0
        """The position of the selected entry when it was last looked up."""
        self._entry_layout = TranscriptLayout(key_of("events.export", keymap))

    @property
    def entries(self) -> Sequence[TranscriptLine]:
        """The shown entries."""
        return self._entry_layout.entries

    def bind(self) -> None:
        """Prepare for another session: reset position and cursor."""
        self.following, self.selected = True, None
        self.scroll_to(y=0, animate=False)

    def sync(self, entries: Sequence[TranscriptLine], hint: tuple[Spans, ...] = ()) -> None:
        """Show these entries; without any, the hint."""
        layout = self._entry_layout
        if entries is not self.entries or hint != self.hint or layout.width != self._text_width:
            as_before = bool(entries and self.entries) and layout.width == self._text_width
            self.hint = hint
            first = layout.show(entries, self._text_width)
            self._count_lines(first if as_before else self.top)
        if self.following and self.scroll_offset.y != self.max_scroll_y:
            self.to_end()
        self._wrap_visible()

    @property
    def _text_width(self) -> int:
        return self.scrollable_content_region.width

    def _count_lines(self, first: int) -> None:
        """Take over the number of lines, and repaint the visible ones from `first` on."""
        stop = max(self.line_count, self._entry_layout.line_count)
        self.set_line_count(self._entry_layout.line_count)
        if first <= self.top:
            self.refresh()
            return
        stop = min(stop, self.top + self.page)
        if first < stop:
            self.refresh_lines(first, stop - first)

    def _wrap_visible(self) -> None:
        """Wrap the entries in view. The first of them keeps its place on the screen, or the end
        does while the view follows."""
        layout = self._entry_layout
        if not self.entries:
            return
        if layout.settle_lines(self.top, self.top + self.page):
            self._count_lines(self.top)
            if self.following:
                self.to_end()

    def on_resize(self, event: Resize) -> None:
        """Wrap again for the new width."""
        self.sync(self.entries, self.hint)

    @property
    def cursor(self) -> int | None:
        """The position of the selected entry; None without one."""
        if self.selected is None:
            return None
        position = self._selected_at
        if position >= len(self.entries) or self.entries[position].item_id != self.selected:
            position = next(
                (i for i, line in enumerate(self.entries) if line.item_id == self.selected), -1
            )
            self._selected_at = max(0, position)
        return position if position >= 0 else None

    @property
    def current(self) -> TranscriptLine | None:
        """The selected entry."""
        cursor = self.cursor
        return None if cursor is None else self.entries[cursor]

    def select(self, entry: int) -> None:
        """Put the cursor on this entry and show all of it if it fits."""
        if not self.entries:
            return
        entry = min(max(0, entry), len(self.entries) - 1)
        self.selected, self._selected_at = self.entries[entry].item_id, entry
        self.following = False
        layout = self._entry_layout
        if layout.settle_lines(
            layout.start(entry) - self.page, layout.start(entry + 1) + self.page
        ):
            self._count_lines(self.top)
        self.scroll_to_line(layout.start(entry + 1) - 1)
        self.scroll_to_line(layout.start(entry))
        self.refresh()
        self.post_message(self.Moved())

    def select_record(self, n: int) -> bool:
        """Put the cursor on the entry of record `n`. Returns False if it belongs to none."""
        inside = [i for i, line in enumerate(self.entries) if line.first_n <= n <= line.last_n]
        if not inside:
            return False
        self.select(min(inside, key=lambda i: self.entries[i].last_n - self.entries[i].first_n))
        return True

    def step(self, entries: int) -> None:
        """Move the cursor by this many entries. Moving down from the last one starts to follow."""
        cursor = self.cursor
        if cursor is None:
            self.select(len(self.entries) - 1)
        elif entries > 0 and cursor >= len(self.entries) - 1:
            self.follow()
        else:
            self.select(cursor + entries)

    def follow(self) -> None:
        """Follow the newest entry."""
        self.following, self.selected = True, None
        self.to_end()
        self.refresh()
        self.post_message(self.Moved())

    def choose(self) -> None:
        """Ask for the events of the selected entry."""
        if line := self.current:
            self.post_message(self.Chosen(line))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Start to follow when the user scrolls back to the end and no entry is selected."""
        super().watch_scroll_y(old_value, new_value)
        if self.selected is None and round(new_value) >= self.max_scroll_y:
            self.following = True

    def render_line(self, y: int) -> Strip:
        """One line of an entry; of the hint while there are no entries."""
        width = self._text_width
        if not self.entries:
            return self._hint_line(y, width)
        position, layout = self.top + y, self._entry_layout
        if position >= layout.line_count:
            return self.strip((), width)
        entry = layout.entry_at(position)
        line, lines, nth = self.entries[entry], layout.lines(entry), position - layout.start(entry)
        spans = lines[nth] if nth < len(lines) else []
        if line.item_id != self.selected:
            return self.strip(spans, width)
        cursor = self.look("cursor" if self.has_focus else "cursor-blurred")
        if not nth:
            spans = [("▸", "mark"), *spans[1:]]
        return self.strip(spans, width, Style(bgcolor=cursor.bgcolor))

    def _hint_line(self, y: int, width: int) -> Strip:
        lines: list[Spans] = []
        for paragraph in self.hint:
            lines += hint_lines(paragraph, width - 4)
        top = max(0, min(2, self.page - len(lines)))
        if not top <= y < top + len(lines):
            return self.strip((), width)
        return self.strip([("  ", ""), *lines[y - top]], width)

    async def on_click(self, event: Click) -> None:
        """Select the clicked entry; a second click shows its events."""
        line = self.top + event.y
        if self.entries and line < self._entry_layout.line_count:
            entry = self._entry_layout.entry_at(line)
            again = entry == self.cursor
            self.select(entry)
            if again:
                self.choose()


def hint_lines(paragraph: Spans, width: int) -> list[Spans]:
    """A paragraph of the hint, wrapped. A first span that ends with two spaces is a label, below
    which nothing is written."""
    if len(paragraph) > 1 and paragraph[0][0].endswith("  "):
        return hanging_indent(paragraph, width)
    return [*wrap(paragraph, width)] if paragraph else [[]]
