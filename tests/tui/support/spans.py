"""Styled text as a test reads it."""

from voicelive_tui.tui.widgets.spans import Spans


def text_of(spans: Spans) -> str:
    """The words of the spans, without their styles."""
    return "".join(text for text, _ in spans)
