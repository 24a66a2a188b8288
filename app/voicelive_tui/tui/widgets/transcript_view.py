"""The conversation in the order in which people spoke, growing while they speak.

Invariant: only entries whose value changed are wrapped again, and of many only those in view; the
fold reuses the others, so identity tells.
"""

from collections.abc import Mapping, Sequence

from rich.style import Style
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.commands import DEFAULT_KEYS, key_of
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Span, Spans, wrap
from voicelive_tui.tui.widgets.transcript_layout import TranscriptLayout


class TranscriptView(LineView):
    """Entries of a transcript, a cursor on one of them or on none."""

    class Chosen(Message):
        """The user wants to see the events of this entry."""

        def __init__(self, line: TranscriptLine) -> None:
            super().__init__()
            self.line = line

    class Moved(Message):
        """The cursor stands on another entry, or on none."""

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
        """Where the selected entry stood when it was last looked for."""
        self._layout_of = TranscriptLayout(key_of("events.export", keymap))

    @property
    def entries(self) -> Sequence[TranscriptLine]:
        """What is shown."""
        return self._layout_of.entries

    def bind(self) -> None:
        """Another session follows: forget position and cursor."""
        self.following, self.selected = True, None
        self.scroll_to(y=0, animate=False)

    def sync(self, entries: Sequence[TranscriptLine], hint: tuple[Spans, ...] = ()) -> None:
        """Show these entries; with none, the hint that says what to do next."""
        layout = self._layout_of
        if entries is not self.entries or hint != self.hint or layout.width != self._room:
            self.hint = hint
            layout.show(entries, self._room)
            self._count_lines()
        if self.following and self.scroll_offset.y != self.max_scroll_y:
            self.to_end()
        self._wrap_visible()

    @property
    def _room(self) -> int:
        return self.scrollable_content_region.width

    def _count_lines(self) -> None:
        self.set_line_count(self._layout_of.line_count)
        self.refresh()

    def _wrap_visible(self) -> None:
        """Entries in view get their true heights; the first one in view stays where it is, or the
        end does."""
        layout = self._layout_of
        if not self.entries:
            return
        if layout.settle_lines(self.top, self.top + self.page):
            self._count_lines()
            if self.following:
                self.to_end()

    def on_resize(self, event: Resize) -> None:
        """Wrap again for the new width."""
        self.sync(self.entries, self.hint)

    @property
    def cursor(self) -> int | None:
        """The place of the selected entry."""
        if self.selected is None:
            return None
        at = self._selected_at
        if at >= len(self.entries) or self.entries[at].item_id != self.selected:
            at = next(
                (i for i, line in enumerate(self.entries) if line.item_id == self.selected), -1
            )
            self._selected_at = max(0, at)
        return at if at >= 0 else None

    @property
    def current(self) -> TranscriptLine | None:
        """The selected entry."""
        cursor = self.cursor
        return None if cursor is None else self.entries[cursor]

    def select(self, entry: int) -> None:
        """Put the cursor on an entry and show all of it if it fits."""
        if not self.entries:
            return
        entry = min(max(0, entry), len(self.entries) - 1)
        self.selected, self._selected_at = self.entries[entry].item_id, entry
        self.following = False
        layout = self._layout_of
        if layout.settle_lines(
            layout.start(entry) - self.page, layout.start(entry + 1) + self.page
        ):
            self._count_lines()
        self.scroll_to_line(layout.start(entry + 1) - 1)
        self.scroll_to_line(layout.start(entry))
        self.refresh()
        self.post_message(self.Moved())

    def select_record(self, n: int) -> bool:
        """Put the cursor on the entry that record `n` belongs to; False when it belongs to none."""
        inside = [i for i, line in enumerate(self.entries) if line.first_n <= n <= line.last_n]
        if not inside:
            return False
        self.select(min(inside, key=lambda i: self.entries[i].last_n - self.entries[i].first_n))
        return True

    def step(self, entries: int) -> None:
        """Move the cursor; down from the last entry follows again."""
        cursor = self.cursor
        if cursor is None:
            self.select(len(self.entries) - 1)
        elif entries > 0 and cursor >= len(self.entries) - 1:
            self.follow()
        else:
            self.select(cursor + entries)

    def follow(self) -> None:
        """Back to what is being said now."""
        self.following, self.selected = True, None
        self.to_end()
        self.refresh()
        self.post_message(self.Moved())

    def choose(self) -> None:
        """Ask for the events of the selected entry."""
        if line := self.current:
            self.post_message(self.Chosen(line))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling back to the end with the wheel follows again, unless the cursor holds an
        entry."""
        super().watch_scroll_y(old_value, new_value)
        if self.selected is None and round(new_value) >= self.max_scroll_y:
            self.following = True

    def render_line(self, y: int) -> Strip:
        """One line of an entry, or of the hint when nothing was said yet."""
        width = self._room
        if not self.entries:
            return self._hint_line(y, width)
        at, layout = self.top + y, self._layout_of
        if at >= layout.line_count:
            return self.strip((), width)
        entry = layout.entry_at(at)
        line, lines, nth = self.entries[entry], layout.lines(entry), at - layout.start(entry)
        spans = lines[nth] if nth < len(lines) else []
        if line.item_id != self.selected:
            return self.strip(spans, width)
        cursor = self.look("cursor" if self.has_focus else "cursor-blurred")
        if not nth:
            spans = [("▸", "mark"), *spans[1:]]
        return self.strip(spans, width, Style(bgcolor=cursor.bgcolor))

    def _hint_line(self, y: int, width: int) -> Strip:
        lines: list[list[Span]] = []
        for paragraph in self.hint:
            lines += wrap(paragraph, width - 4) if paragraph else [[]]
        top = max(0, min(2, self.page - len(lines)))
        if not top <= y < top + len(lines):
            return self.strip((), width)
        return self.strip([("  ", ""), *lines[y - top]], width)

    async def on_click(self, event: Click) -> None:
        """A click selects an entry; a second one shows its events."""
        at = self.top + event.y
        if self.entries and at < self._layout_of.line_count:
            entry = self._layout_of.entry_at(at)
            again = entry == self.cursor
            self.select(entry)
            if again:
                self.choose()
