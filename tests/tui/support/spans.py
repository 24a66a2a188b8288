"""Spans as plain text."""

from voicelive_tui.tui.widgets.spans import Spans


def text_of(spans: Spans) -> str:
    """The text of the spans without their looks."""
    return "".join(text for text, _ in spans)
