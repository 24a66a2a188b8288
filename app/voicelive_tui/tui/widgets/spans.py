"""Spans: pieces of text with the name of a look, and their conversion to Textual's strips.

Invariant: text from the service, a file or a device goes through `printable` before it becomes a
span.
"""

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.dom import DOMNode
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from voicelive_tui.tui.glyphs import ASCII_CLASS, to_ascii, with_match_marks

Span = tuple[str, str]
"""Text and the name of its look. An empty name is the widget's own style."""

Spans = Sequence[Span]

LOOKS = frozenset((
    "dim", "faint", "strong", "accent", "good", "warn", "bad", "sent",
    "received", "local", "you", "agent", "tool", "note", "partial", "unspoken",
    "key", "string", "number", "literal", "punct", "reference", "mark", "cursor",
    "cursor-blurred", "title", "title-focus", "rule", "badge", "on-air", "tab", "tab-active",
    "lasting-mark", "service", "state-warn", "meter-faint", "meter-low", "meter-mid", "meter-high",
    "meter-off", "meter-hold", "clip", "hint",
    "keycap", "not-recording", "match", "call", "slow", "gap", "time-cursor",
))  # fmt: skip

_PREFIX = "look--"


class SpanWidget(Widget):
    """A widget that is drawn from spans. The stylesheet gives each look its colours."""

    ALLOW_SELECT = False

    def __init__(self, *args: Any, **more: Any) -> None:
        self._looks: dict[str, Style] = {}
        self._plain: tuple[bool, bool] | None = None
        """Whether only ASCII is drawn, and whether without colours; None until the first line."""
        self._drawn: tuple[Region, list[Strip]] | None = None
        """What `render_lines` returned last; None if it may not be returned again."""
        super().__init__(*args, **more)

    def look(self, name: str) -> Style:
        """The style of a look over this widget's background. It is computed on first use and kept
        until the stylesheet changes. Raises KeyError for a name that is not in `LOOKS`.

        As Textual's component classes, all looks of all widgets would be computed before the first
        paint and at each change of a class, and the used ones again after each repaint.
        """
        style = self._looks.get(name)
        if style is None:
            style = self._looks[name] = (
                self._computed_look(name) if name else self.visual_style.rich_style
            )
        return style

    def _computed_look(self, name: str) -> Style:
        if name not in LOOKS:
            raise KeyError(name)
        inside = DOMNode(classes=_PREFIX + name)
        inside._attach(self)  # as Textual does for component classes; no public way leads there
        self.app.stylesheet.apply(inside, animate=False)
        return inside.rich_style

    def notify_style_update(self) -> None:
        """Draw with new looks, because the stylesheet or the theme has changed."""
        self._looks.clear()
        super().notify_style_update()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The widget's lines, the same until something changes: for each frame, Textual asks every
        widget for its lines, whichever of them has changed."""
        if self._drawn is None or self._drawn[0] != crop:
            self._drawn = (crop, super().render_lines(crop))
        return self._drawn[1]

    def _set_dirty(self, *regions: Region) -> None:
        # Textual's own name for the one way in which lines become old. pyproject.toml holds Textual
        # to one minor version.
        self._drawn = None
        super()._set_dirty(*regions)

    def strip(self, spans: Spans, width: int, over: Style | None = None) -> Strip:
        """The spans as a Strip of exactly `width` cells. over: a style for all of them, such as the
        cursor's background."""
        segments = [
            Segment(text, self.look(name) + over if over else self.look(name))
            for text, name in self._drawable(spans)
        ]
        blank = self.look("") + over if over else self.look("")
        return Strip(segments).adjust_cell_length(width, blank)

    def _drawable(self, spans: Spans) -> Spans:
        """The spans in the glyphs that this screen has, each as wide as before."""
        if self._plain is None:
            self._plain = (self.app.has_class(ASCII_CLASS), self.app.no_color)
        only_ascii, no_color = self._plain
        if no_color:
            spans = with_match_marks(spans)
        return [(to_ascii(text), name) for text, name in spans] if only_ascii else spans


def cells(spans: Iterable[Span]) -> int:
    """The width of the spans in terminal cells."""
    return sum(cell_len(text) for text, _ in spans)


def fit(text: str, width: int) -> str:
    """Text cut to `width` cells. An ellipsis in the last cell marks a cut."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def fit_middle(text: str, width: int) -> str:
    """Text cut to `width` cells in its middle: the end of an event type says more than its
    middle."""
    if cell_len(text) <= width or width < 5:
        return fit(text, width)
    tail = (width - 1) // 2
    return text[: width - 1 - tail] + "…" + text[-tail:]


@lru_cache(maxsize=1)
def _console() -> Console:
    return Console(file=io.StringIO(), width=80, color_system=None)


def wrap(spans: Spans, width: int) -> list[list[Span]]:
    """The spans broken into lines of at most `width` cells, at spaces where possible. Looks are
    kept."""
    text = Text(end="")
    for part, name in spans:
        text.append(part, style=name or None)
    lines = text.wrap(_console(), max(2, width), overflow="fold", tab_size=4)
    return [_spans_of(line) for line in lines] or [[]]


def _spans_of(line: Text) -> list[Span]:
    plain, out, position = line.plain, [], 0
    for span in line.spans:
        if span.start > position:
            out.append((plain[position : span.start], ""))
        out.append((plain[span.start : span.end], str(span.style)))
        position = span.end
    if position < len(plain):
        out.append((plain[position:], ""))
    return out


def hanging_indent(line: Spans, width: int) -> list[Spans]:
    """Wrap a line, its continuations indented to the second span. The first span is a key, a number
    or a label."""
    label, *body = line
    if not body or cells([label]) > width // 2:
        return list(wrap(line, width))
    indent: Span = (" " * cells([label]), "")
    first, *rest = wrap(body, width - cells([label]))
    return [[label, *first], *([indent, *more] for more in rest)]
