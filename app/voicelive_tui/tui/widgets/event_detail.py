"""The details of one event: all of it as indented JSON."""

from collections.abc import Mapping

from textual.events import Resize
from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.formatting import amount
from voicelive_tui.tui.keymap import DEFAULT_KEYS, key_of
from voicelive_tui.tui.widgets.abridge import beginning
from voicelive_tui.tui.widgets.json_lines import json_lines
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Span, Spans, wrap

LONGEST_RAW = 20_000
"""Characters of a malformed frame that are shown; a frame may have 16 MiB."""
MOST_RAW_LINES = 1_000


class EventDetail(LineView):
    """The JSON of a record, wrapped to the pane."""

    def __init__(
        self,
        keymap: Mapping[str, str] = DEFAULT_KEYS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._export_key = key_of("events.export", keymap)
        self.record: Record | None = None
        self.hint: Spans = ()
        self._lines: list[list[Span]] = []
        self._width = 0

    def show(self, record: Record | None, hint: Spans = ()) -> None:
        """Show this record from its first line; without one, the hint."""
        if record is self.record and hint == self.hint:
            return
        self.record, self.hint = record, hint
        self._wrap()
        self.scroll_to(y=0, animate=False)

    def _wrap(self) -> None:
        self._width = self.scrollable_content_region.width
        room = max(8, self._width - 2)
        self._lines = []
        if self.record is None:
            self._lines = wrap(self.hint, room)
        else:
            if self.record.raw:
                self._lines += _raw_lines(self.record, room, self._export_key)
            event = self.record.event
            for line in json_lines(event, self._export_key) if event else ():
                indent = len(line[0][0]) - len(line[0][0].lstrip(" "))
                first, *rest = _hanging_indent(line, indent, room)
                self._lines += [first, *rest]
        self.set_line_count(len(self._lines))
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Wrap again for the new width."""
        if self._width != self.scrollable_content_region.width:
            self._wrap()

    def step(self, lines: int) -> None:
        """Scroll by this many lines."""
        self.scroll_to(y=self.top + lines, animate=False)

    def follow(self) -> None:
        """Show the last lines."""
        self.to_end()

    def render_line(self, y: int) -> Strip:
        """One line of JSON."""
        width = self.scrollable_content_region.width
        line = self.top + y
        return self.strip([(" ", ""), *self._lines[line]] if line < len(self._lines) else (), width)


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


def _hanging_indent(line: list[Span], indent: int, room: int) -> list[list[Span]]:
    """Wrap one line of JSON, its continuations indented deeper than its key."""
    if sum(len(text) for text, _ in line) <= room // 2:
        return [line]
    body: list[Span] = [(line[0][0][indent:], line[0][1]), *line[1:]]
    parts = wrap(body, max(8, room - indent - 2))
    pads = [" " * indent, *[" " * (indent + 2)] * (len(parts) - 1)]
    return [[(pad, ""), *part] for pad, part in zip(pads, parts, strict=True)]
