"""Marks found text in spans. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from voicelive_tui.tui.widgets.spans import Span, Spans

MATCH = "match"
"""The look of found text."""


def highlight(spans: Spans, words: Sequence[str]) -> list[Span]:
    """The spans with these words in the look of found text, whatever their case, also where a word
    goes over the edge of two spans."""
    text = "".join(part for part, _ in spans)
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)
    found = re.finditer(pattern, text, re.IGNORECASE) if pattern else ()
    return highlight_ranges(spans, [match.span() for match in found])


def highlight_ranges(spans: Spans, ranges: Iterable[tuple[int, int]]) -> list[Span]:
    """The spans with these ranges of their whole text, [start, end) in characters, in the look of
    found text. Ranges ascend and do not overlap; what lies outside the text is ignored."""
    edges = [edge for found in ranges for edge in found]
    if not edges:
        return list(spans)
    out: list[Span] = []
    start = 0
    for part, look in spans:
        end = start + len(part)
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        for first, last in pairwise(cuts):
            is_found = _is_inside(edges, first)
            out.append((part[first - start : last - start], MATCH if is_found else look))
        start = end
    return [span for span in out if span[0]]


def _is_inside(edges: Sequence[int], at: int) -> bool:
    """Whether a position is within one of the ranges whose edges these are, in pairs."""
    return any(edges[i] <= at < edges[i + 1] for i in range(0, len(edges), 2))
