"""The details of one event: a readable summary, and of a folded row the list of its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.event_facts import Fact
from voicelive_tui.model.events.event_types import summarize
from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.formatting import amount, gap, minutes
from voicelive_tui.tui.keymap import DEFAULT_KEYS, key_of
from voicelive_tui.tui.widgets.abridge import beginning
from voicelive_tui.tui.widgets.fact_lines import fact_lines
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Span, Spans, fit, wrap

LONGEST_RAW = 20_000
"""Characters of a malformed frame that are shown; a frame may have 16 MiB."""
MOST_RAW_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Details:
    """What the details show. stream: the numbers of a folded row's events in `index`; empty for a
    single event."""

    record: Record
    facts: Sequence[Fact]
    stream: Sequence[int] = ()
    index: EventIndex | None = None


class EventDetail(LineView):
    """The summary of a record, wrapped to the pane. Of a folded row, each event has a row below it,
    and one of them the cursor."""

    class JsonWanted(Message):
        """The user asks for the JSON of the event."""

    BINDINGS: ClassVar[list[BindingType]] = [
        BY_ID["move.open"].binding("want_json"),
        BY_ID["move.down"].binding("move(1)"),
        BY_ID["move.up"].binding("move(-1)"),
    ]

    def __init__(
        self,
        keymap: Mapping[str, str] = DEFAULT_KEYS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._export_key = key_of("events.export", keymap)
        self.details: Details | None = None
        self.hint: Spans = ()
        self._lines: list[list[Span]] = []
        self._cursor = -1
        """The event of a folded row that has the cursor; -1 for none."""
        self._width = 0

    @property
    def record(self) -> Record | None:
        """The record that is shown."""
        return self.details.record if self.details else None

    @property
    def chosen_n(self) -> int | None:
        """The number of the event whose JSON is asked for."""
        if self.details is None:
            return None
        in_stream = 0 <= self._cursor < len(self.details.stream)
        return self.details.stream[self._cursor] if in_stream else self.details.record.n

    def show(self, details: Details | None, hint: Spans = ()) -> None:
        """Show these details; without any, the hint. What is shown of the same event, or of a
        stream that has grown, stays where it is."""
        old, self.details = self.details, details
        if details is not None and old is not None and _is_same(old, details):
            return
        if details is None and old is None and hint == self.hint:
            return
        self.hint = hint
        self._wrap()
        if old is None or details is None or _first(old) != _first(details):
            self._cursor = -1
            self.scroll_to(y=0, animate=False)

    def _wrap(self) -> None:
        self._width = self.scrollable_content_region.width
        room = max(8, self._width - 2)
        details = self.details
        if details is None:
            self._lines = wrap(self.hint, room)
        else:
            raw = details.record.raw
            self._lines = _raw_lines(details.record, room, self._export_key) if raw else []
            if details.record.event or not raw:
                self._lines += fact_lines(details.facts, room)
        self.set_line_count(len(self._lines) + (len(details.stream) if details else 0))
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Wrap again for the new width."""
        if self._width != self.scrollable_content_region.width:
            self._wrap()

    def action_move(self, rows: int) -> None:
        """Move the cursor in the list of a folded row's events; scroll where there is none."""
        stream = self.details.stream if self.details else ()
        if not stream:
            self.scroll_to(y=self.top + rows, animate=False)
            return
        self._cursor = min(max(-1, self._cursor + rows), len(stream) - 1)
        self.scroll_to_line(len(self._lines) + self._cursor if self._cursor >= 0 else 0)
        self.refresh()

    def action_want_json(self) -> None:
        """Ask for the JSON of the event."""
        self.post_message(self.JsonWanted())

    async def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked event of a folded row; a second click asks for its JSON."""
        row = self.top + event.y - len(self._lines)
        if self.details is None or not 0 <= row < len(self.details.stream):
            return
        if row == self._cursor:
            self.action_want_json()
        self._cursor = row
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the summary, or one event of a folded row."""
        width = self.scrollable_content_region.width
        line = self.top + y
        if line < len(self._lines):
            return self.strip([(" ", ""), *self._lines[line]], width)
        at = line - len(self._lines)
        if self.details is None or at >= len(self.details.stream):
            return self.strip((), width)
        on_cursor = at == self._cursor
        over = Style(bgcolor=self.look("cursor").bgcolor) if on_cursor else None
        spans = [("▸" if on_cursor else " ", "mark"), *_stream_row(self.details, at, width - 2)]
        return self.strip(spans, width, over)


def _first(details: Details) -> int:
    return details.stream[0] if details.stream else details.record.n


def _is_same(old: Details, new: Details) -> bool:
    return (
        old.record.n == new.record.n
        and old.index is new.index
        and list(old.facts) == list(new.facts)
        and len(old.stream) == len(new.stream)
    )


def _stream_row(details: Details, at: int, width: int) -> list[Span]:
    """Number, time, gap and gist of one event of a folded row."""
    index, n = details.index, details.stream[at]
    if index is None:
        return []
    apart = gap(index.t_s(n) - index.t_s(details.stream[at - 1])) if at else ""
    head = f"{amount(n):>7} {minutes(index.t_s(n)):>9} {apart:>7}  "
    gist = printable(summarize(index.record(n).event))
    return [(head, "dim"), (fit(gist, max(0, width - len(head))), "")]


def _raw_lines(record: Record, room: int, export_key: str) -> list[list[Span]]:
    """The text of a malformed frame, for the lines before what could be read of it. export_key: the
    key that exports the whole frame, as shown."""
    shown = beginning(record.raw, LONGEST_RAW, MOST_RAW_LINES)
    spans: list[Span] = [(printable(shown, newlines=True), "string")]
    if len(record.raw) > len(shown):
        spans.append(
            (
                f" {amount(len(record.raw) - len(shown))} more characters; {export_key} writes the "
                "whole frame to a file",
                "note",
            )
        )
    lines = [
        *wrap([("The frame breaks the rules of JSON; as it came:", "bad")], room),
        *wrap(spans, room),
    ]
    return [*lines, *(wrap([("Read as:", "bad")], room) if record.event else ())]
