"""Finds words that are cut off at the end of a text."""

from collections.abc import Iterable


class PartialWords:
    """Finds the longest end of a text that is the beginning of one of the words. The cost hardly
    grows with the number of words."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(words)
        self._longest = max(map(len, self.words), default=1)
        self._by_first: dict[str, list[str]] = {}
        for word in self.words:
            self._by_first.setdefault(word[0], []).append(word)

    def find(self, text: str) -> int:
        """The index at which a cut-off word begins, or the text's length when there is none. A
        complete word is not cut off."""
        for at in range(max(0, len(text) - self._longest + 1), len(text)):
            for word in self._by_first.get(text[at], ()):
                if len(word) > len(text) - at and word.startswith(text[at:]):
                    return at
        return len(text)
