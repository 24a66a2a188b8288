"""Finds words in a JSON text, whichever way it spells them."""

import json
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import Final

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
