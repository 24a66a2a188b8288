"""The page that explains the filter, at the widths that a pane can have."""

import pytest
from voicelive_tui.tui.panes.filter_help import filter_help_lines
from voicelive_tui.tui.widgets.spans import hanging_indent

from tests.tui.support.spans import text_of


@pytest.mark.parametrize("width", [40, 51, 79])
def test_every_wrapped_line_stands_under_the_one_before(width: int) -> None:
    lines = [row for line in filter_help_lines("H") for row in hanging_indent(line, width)]
    texts = [text_of(line) for line in lines]
    assert all(text.startswith(" ") and len(text.rstrip()) <= width for text in texts)
    assert "H shades the rest instead of hiding it." in " ".join(" ".join(texts).split())
