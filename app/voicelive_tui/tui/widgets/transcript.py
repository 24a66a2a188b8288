"""The conversation in the order in which people spoke, growing while they speak.

Invariant: only entries whose value changed are wrapped again; the fold reuses the others, so identity tells.
"""

from bisect import bisect_right
from collections.abc import Sequence

from rich.style import Style
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.paint import Span, Spans, wrap
from voicelive_tui.tui.widgets.transcript_lines import transcript_spans


class TranscriptView(LineView):
    """Entries of a transcript, a cursor on one of them or on none."""

    class Chosen(Message):
        """The person wants to see the events of this entry."""

        def __init__(self, line: TranscriptLine) -> None:
            super().__init__()
            self.line = line

    class Moved(Message):
        """The cursor stands on another entry, or on none."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.entries: Sequence[TranscriptLine] = ()
        self.hint: tuple[Spans, ...] = ()
        self.selected: str | None = None
        self._wrapped: list[tuple[TranscriptLine, list[list[Span]]]] = []
        self._starts: list[int] = [0]
        self._width = 0

    def bind(self) -> None:
        """Another session follows: forget position and cursor."""
        self.following, self.selected = True, None
        self.scroll_to(y=0, animate=False)

    def beat(self, entries: Sequence[TranscriptLine], hint: tuple[Spans, ...] = ()) -> None:
        """Show these entries; with none, the hint that says what to do next."""
        if entries is not self.entries or hint != self.hint or self._width != self._room:
            self.entries, self.hint = entries, hint
            self._rewrap()
        if self.following and self.scroll_offset.y != self.max_scroll_y:
            self.to_end()

    @property
    def _room(self) -> int:
        return self.scrollable_content_region.width

    def _rewrap(self) -> None:
        width = self._room
        if width != self._width:
            self._wrapped, self._width = [], width
        first = self._first_changed()
        del self._wrapped[first:]
        del self._starts[first + 1 :]
        for line in self.entries[first:]:
            lines = transcript_spans(line, width)
            self._wrapped.append((line, lines))
            self._starts.append(self._starts[-1] + len(lines))
        self.set_line_count(self._starts[-1] if self.entries else 0)
        self.refresh()

    def _first_changed(self) -> int:
        first = 0
        for (old, _), new in zip(self._wrapped, self.entries, strict=False):
            if old is not new and old != new:
                break
            first += 1
        return first

    def on_resize(self, event: Resize) -> None:
        """Wrap again for the new width."""
        self.beat(self.entries, self.hint)

    @property
    def cursor(self) -> int | None:
        """The place of the selected entry."""
        if self.selected is None:
            return None
        return next((i for i, line in enumerate(self.entries) if line.item_id == self.selected), None)

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
        self.selected = self.entries[entry].item_id
        self.following = False
        self.scroll_to_line(self._starts[entry + 1] - 1)
        self.scroll_to_line(self._starts[entry])
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
        """Scrolling back to the end with the wheel follows again, unless the cursor holds an entry."""
        super().watch_scroll_y(old_value, new_value)
        if self.selected is None and round(new_value) >= self.max_scroll_y:
            self.following = True

    def render_line(self, y: int) -> Strip:
        """One line of an entry, or of the hint when nothing was said yet."""
        width = self._room
        if not self.entries:
            return self._hint_line(y, width)
        at = self.top + y
        if at >= self._starts[-1]:
            return self.strip((), width)
        entry = bisect_right(self._starts, at) - 1
        line, lines = self._wrapped[entry]
        spans = lines[at - self._starts[entry]]
        if line.item_id != self.selected:
            return self.strip(spans, width)
        cursor = self.look("cursor" if self.has_focus else "cursor-blurred")
        if at == self._starts[entry]:
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
        if self.entries and at < self._starts[-1]:
            entry = bisect_right(self._starts, at) - 1
            again = entry == self.cursor
            self.select(entry)
            if again:
                self.choose()
