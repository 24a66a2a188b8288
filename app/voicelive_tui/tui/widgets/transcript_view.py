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
from voicelive_tui.tui.keymap import DEFAULT_KEYS
from voicelive_tui.tui.limits import NO_LIMITS, Limits
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Spans
from voicelive_tui.tui.widgets.transcript_entries import entry_of_record, slowest_entry
from voicelive_tui.tui.widgets.transcript_hint import hint_row
from voicelive_tui.tui.widgets.transcript_layout import TranscriptLayout
from voicelive_tui.tui.widgets.transcript_lines import margin
from voicelive_tui.tui.widgets.transcript_search import TranscriptSearch

TIMES_FROM = 120
"""The width of the screen, in cells, from which on the entries show their times."""


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
        limits: Limits = NO_LIMITS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.hint: tuple[Spans, ...] = ()
        self.selected: str | None = None
        self._selected_at = 0
        """The position of the selected entry when it was last looked up."""
        self._keymap = keymap
        self._shown_width = (-1, False)
        self._shown_page = 1
        """The lines that were visible before the last resize."""
        self._entry_layout = TranscriptLayout(keymap, limits)

    @property
    def entries(self) -> Sequence[TranscriptLine]:
        """The shown entries."""
        return self._entry_layout.entries

    def bind(self) -> None:
        """Prepare for another session: reset position and cursor."""
        self.following, self.selected = True, None
        self.search_for("")
        self.scroll_to(y=0, animate=False)

    def sync(self, entries: Sequence[TranscriptLine], hint: tuple[Spans, ...] = ()) -> None:
        """Show these entries; without any, the hint."""
        layout, width = self._entry_layout, (self._text_width, self.screen.size.width >= TIMES_FROM)
        if entries is not self.entries or hint != self.hint or width != self._shown_width:
            columns, is_new = layout.columns, not (entries and self.entries)
            self.hint, self._shown_width = hint, width
            first = layout.show(entries, width[0], with_time=width[1])
            self._count_lines(self.top if is_new or columns != layout.columns else first)
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
        """Wrap again for the new width. An entry under the cursor that was in view stays in view:
        a notice may take the rows below."""
        cursor, behind = self.cursor, self.top + self._shown_page
        self._shown_page = self.page
        in_view = cursor is not None and self.top <= self._entry_layout.start(cursor) < behind
        self.sync(self.entries, self.hint)
        if cursor is not None and in_view:
            self._show_entry(cursor)

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
        self._show_entry(entry)
        self.refresh()
        self.post_message(self.Moved())

    def _show_entry(self, entry: int) -> None:
        """Scroll as little as possible to show all of an entry, or its beginning."""
        self.scroll_to_line(self._entry_layout.start(entry + 1) - 1)
        self.scroll_to_line(self._entry_layout.start(entry))

    def select_record(self, n: int) -> bool:
        """Put the cursor on the entry of record `n`. Returns False if it belongs to none."""
        entry = entry_of_record(self.entries, n)
        if entry is None:
            return False
        self.select(entry)
        return True

    def select_slowest(self) -> int | None:
        """Put the cursor on the answer that was heard latest. Returns the number of its turn; None
        when no answer was heard."""
        entry = slowest_entry(self.entries)
        if entry is None:
            return None
        self.select(entry)
        return self._entry_layout.margins[entry].turns

    def line_of_record(self, n: int) -> TranscriptLine | None:
        """The entry of record `n`; None if it belongs to none."""
        entry = entry_of_record(self.entries, n)
        return None if entry is None else self.entries[entry]

    def step(self, entries: int) -> None:
        """Move the cursor by this many entries. Moving down from the last one starts to follow."""
        cursor = self.cursor
        if cursor is None:
            self.select(len(self.entries) - 1)
        elif entries > 0 and cursor >= len(self.entries) - 1:
            self.follow()
        else:
            self.select(self._visible_from(cursor + entries, 1 if entries > 0 else -1))

    def _visible_from(self, entry: int, step: int) -> int:
        """The first entry from this one on that is not left out, in the direction of step."""
        while 0 < entry < len(self.entries) - 1 and not self._entry_layout.height(entry):
            entry += step
        return entry

    def follow(self) -> None:
        """Follow the newest entry."""
        self.following, self.selected = True, None
        self.to_end()
        self.refresh()
        self.post_message(self.Moved())

    def turn_number(self, entry: int) -> int:
        """The number of the turn that this entry has, or that the entry before it has."""
        return self._entry_layout.margins[entry].turns

    # Finding, and leaving out

    @property
    def search_query(self) -> str:
        """What is looked for; empty without a search."""
        return self._entry_layout.search.query

    @property
    def matches(self) -> tuple[int, int]:
        """The place of the selected entry among the matches, counted from 1, 0 when it is none; and
        the number of matches."""
        margins, cursor = self._entry_layout.margins, self.cursor
        found = margins[cursor].found if cursor is not None and margins.found(cursor) else 0
        return found, margins.last.found

    def search_for(self, query: str) -> None:
        """Look for these words, or for a kind of lines; nothing for an empty text."""
        layout = self._entry_layout
        if query.strip() == layout.search.query:
            return
        layout.search = TranscriptSearch(query, self._keymap)
        layout.margins.is_match = layout.search.matches
        self._rearrange()

    def seek_match(self, step: int, *, from_here: bool = False) -> bool:
        """Go to the next (`step` 1) or previous (-1) match, and on from the other end. Returns
        whether the search went over an end. from_here: the selected entry counts, too."""
        margins, count = self._entry_layout.margins, len(self.entries)
        cursor = self.cursor
        if cursor is None:
            start = count if step > 0 else count - 1
        else:
            start = cursor + (0 if from_here else step)
        order = range(start, count) if step > 0 else range(start, -1, -1)
        rest = range(0, min(start, count)) if step > 0 else range(count - 1, max(-1, start), -1)
        for entries, is_over in ((order, False), (rest, True)):
            found = next((at for at in entries if 0 <= at < count and margins.found(at)), None)
            if found is not None:
                self.select(found)
                return is_over and cursor is not None
        return False

    def reselect(self, item_id: str | None) -> None:
        """Put the cursor on the entry of this item; follow the newest without one."""
        self.selected = item_id
        if (cursor := self.cursor) is not None:
            self.select(cursor)
        else:
            self.follow()

    def toggle_notes(self) -> bool:
        """Leave out the system notes, or show them again. Returns whether they are left out."""
        layout = self._entry_layout
        layout.hides_notes = not layout.hides_notes
        self._rearrange()
        return layout.hides_notes

    def _rearrange(self) -> None:
        self._entry_layout.rearrange()
        self._shown_width = (-1, False)
        if self.is_mounted:
            self.sync(self.entries, self.hint)
            self.refresh()

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
            return self.strip(hint_row(self.hint, y, width, self.page), width)
        position, layout = self.top + y, self._entry_layout
        if position >= layout.line_count:
            return self.strip((), width)
        entry = layout.entry_at(position)
        line, lines, nth = self.entries[entry], layout.lines(entry), position - layout.start(entry)
        if layout.search.query and layout.margins.found(entry):
            lines = layout.search.marked(lines)
        is_selected, totals = line.item_id == self.selected, layout.margins[entry]
        spans = [
            *margin(
                line, layout.columns, totals.turns, totals.t_s, first=not nth, cursor=is_selected
            ),
            *(lines[nth] if nth < len(lines) else ()),
        ]
        if not is_selected:
            return self.strip(spans, width)
        cursor = self.look("cursor" if self.has_focus else "cursor-blurred")
        return self.strip(spans, width, Style(bgcolor=cursor.bgcolor))

    async def on_click(self, event: Click) -> None:
        """Select the clicked entry; a second click shows its events."""
        line = self.top + event.y
        if self.entries and line < self._entry_layout.line_count:
            entry = self._entry_layout.entry_at(line)
            again = entry == self.cursor
            self.select(entry)
            if again:
                self.choose()
