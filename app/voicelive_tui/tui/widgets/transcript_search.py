"""Finds words in transcript entries and marks them in their rows. Pure functions of the entries."""

import re
from collections.abc import Mapping

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.keymap import DEFAULT_KEYS
from voicelive_tui.tui.widgets.highlight import highlight_ranges
from voicelive_tui.tui.widgets.spans import Span, Spans
from voicelive_tui.tui.widgets.tool_text import call_text
from voicelive_tui.tui.widgets.transcript_lines import GAP, cause_text

KINDS = "cut, unheard, false start, typed, greeting, empty, failed, waits, slowest"
"""What a search may be for besides words: the kinds of lines that the title counts, and others."""


class TranscriptSearch:
    """A search for words, in any case, or for a kind of lines."""

    def __init__(self, query: str, keymap: Mapping[str, str] = DEFAULT_KEYS) -> None:
        self.query = query.strip()
        self._keymap = keymap
        words = r"\s+".join(re.escape(word) for word in self.query.split())
        self._pattern = re.compile(words, re.IGNORECASE) if words else None
        self._kind = self.query.lower().removesuffix("s")

    def matches(self, line: TranscriptLine) -> bool:
        """Whether the entry has the words, or is of the kind that is looked for."""
        if self._pattern is None:
            return False
        if any(kind.removesuffix("s") == self._kind for kind in kinds_of(line)):
            return True
        return any(map(self._pattern.search, self._texts(line)))

    def _texts(self, line: TranscriptLine) -> tuple[str, ...]:
        if line.call is not None:
            return call_text(line.call), line.call.output or ""
        if line.rule is not None:
            return f"{line.rule.head} {line.rule.tail}", *line.rule.details
        return line.text, cause_text(line, self._keymap)

    def marked(self, rows: list[list[Span]]) -> list[list[Span]]:
        """The rows with the words in the look of a match, also those that a row's end divides."""
        if self._pattern is None:
            return rows
        texts = ["".join(text for text, _ in _without_right(row)) for row in rows]
        found = [match.span() for match in self._pattern.finditer("\n".join(texts))]
        if not found:
            return rows
        start, result = 0, []
        for row, text in zip(rows, texts, strict=True):
            end = start + len(text)
            inside = [
                (max(0, first - start), min(last, end) - start)
                for first, last in found
                if first < end and last > start
            ]
            result.append(highlight_ranges(row, inside))
            start = end + 1
        return result


def _without_right(row: Spans) -> Spans:
    """The row without what stands in the right column."""
    gap = next((at for at, (_, look) in enumerate(row) if look == GAP), len(row))
    return row[:gap]


def kinds_of(line: TranscriptLine) -> tuple[str, ...]:
    """The kinds of lines that this one belongs to."""
    kinds = [line.mark.replace("_", " ")] if line.mark else []
    if line.is_cut:
        kinds.append("cut")
    if line.state == "failed":
        kinds.append("failed")
    if line.state == "waiting" or (line.call is not None and line.state == "partial"):
        kinds.append("waits")
    if line.slowest:
        kinds.append("slowest")
    return tuple(kinds)
