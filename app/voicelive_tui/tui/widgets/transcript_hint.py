"""What an empty transcript says, in rows."""

from collections.abc import Sequence

from voicelive_tui.tui.widgets.spans import Spans, hanging_indent, wrap

_INDENT = "  "
_MOST_ABOVE = 2
"""The empty rows above the text where there is room."""


def hint_row(hint: Sequence[Spans], y: int, width: int, page: int) -> Spans:
    """Row `y` of the `page` rows, in `width` cells. hint: the paragraphs."""
    rows = [row for each in hint for row in hint_lines(each, width - 2 * len(_INDENT))]
    above = max(0, min(_MOST_ABOVE, page - len(rows)))
    return [(_INDENT, ""), *rows[y - above]] if above <= y < above + len(rows) else []


def hint_lines(paragraph: Spans, width: int) -> list[Spans]:
    """A paragraph of the hint, wrapped. A first span that ends with two spaces is a label, below
    which nothing is written."""
    if len(paragraph) > 1 and paragraph[0][0].endswith("  "):
        return hanging_indent(paragraph, width)
    return [*wrap(paragraph, width)] if paragraph else [[]]
