"""Finds words in a JSON text, whichever way it spells them, and marks them on a row."""

import json
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from voicelive_tui.tui.widgets.spans import Span, Spans

MOST_MATCHES: Final = 10_000
"""Matches that are counted and stepped through."""


@dataclass(frozen=True, slots=True)
class JsonSearch:
    """Where some words are in a text: `offsets` ascend. complete: there are no more of them."""

    words: str
    offsets: tuple[int, ...]
    complete: bool = True

    def nearest(self, start: int, end: int, step: int) -> int | None:
        """The number of the first match after `end` (step 1) or the last before `start` (-1),
        beginning again at the other side; None without a match."""
        if not self.offsets:
            return None
        found = (
            bisect_left(self.offsets, end)
            if step > 0
            else bisect_right(self.offsets, start - 1) - 1
        )
        return found % len(self.offsets)


def search_json(text: str, words: str) -> JsonSearch:
    """Search for words without regard to case. A text may spell letters as escapes, and put space
    behind a colon or not."""
    found = [match.start() for match in islice(_pattern(words).finditer(text), MOST_MATCHES + 1)]
    return JsonSearch(words, tuple(found[:MOST_MATCHES]), len(found) <= MOST_MATCHES)


def _pattern(words: str) -> "re.Pattern[str]":
    spellings = dict.fromkeys(
        [
            words,
            json.dumps(words, ensure_ascii=False)[1:-1],
            json.dumps(words)[1:-1],
        ]
    )
    spelled = (re.escape(each).replace(r":\ ", r":\s*") for each in spellings)
    return re.compile("|".join(spelled), re.IGNORECASE)


def marked(spans: Spans, words: str) -> list[Span]:
    """The spans with each place that holds these words in the look of a match."""
    line = "".join(text for text, _ in spans)
    places = [found.span() for found in re.finditer(re.escape(words), line, re.IGNORECASE)]
    if not words or not places:
        return list(spans)
    out: list[Span] = []
    at = 0
    for text, look in spans:
        cuts = sorted(
            {0, len(text)}
            | {edge - at for place in places for edge in place if 0 < edge - at < len(text)}
        )
        for first, end in pairwise(cuts):
            inside = any(start <= at + first < stop for start, stop in places)
            out.append((text[first:end], "match" if inside else look))
        at += len(text)
    return out
