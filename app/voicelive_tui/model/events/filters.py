"""The event filter: which rows of the event list are shown.

    append            the type contains "append"; `a|b` means either; case does not matter
    -append           the type does not contain "append"; also `-a|b`,
                      `-"text"`, `-item:ID`, `-error`, `-<`
    >  <  =           sent, received, local; several of them mean any of these
    error             the event reports a failure
    item:ID           the event names this item, call, response or other id
    "two words"       the event's JSON contains this text

Terms stand side by side with spaces between them, and all of them must hold. An empty filter shows
everything.
"""

import json
import re
from dataclasses import dataclass
from typing import Final, Literal

from voicelive_tui.model.events.record import Direction

_DIRECTIONS: Final[dict[str, Direction]] = {">": "sent", "<": "received", "=": "local"}
_TERM: Final = re.compile(
    r'(?P<minus>-?)(?:(?P<quote>")(?P<text>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))(?=\s|$)|(?P<junk>\S+)'
)


@dataclass(frozen=True, slots=True)
class FilterError:
    """An error in a filter expression; the message is one sentence."""

    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a filter.

    words: the type holds any of them. needles: the journal's line holds any of these bytes, which
    are in lower case.
    """

    what: Literal["type", "text", "error"]
    words: tuple[str, ...] = ()
    needles: tuple[bytes, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter expression. directions: the directions that are shown; empty for all."""

    expression: str = ""
    directions: frozenset[Direction] = frozenset()
    terms: tuple[Term, ...] = ()

    @property
    def needs_text(self) -> bool:
        """Whether a term must be searched for in the text of an event."""
        return any(term.what == "text" for term in self.terms)

    def matches(
        self, direction: Direction, type_name: str, *, error: bool = False, line: str | bytes = ""
    ) -> bool:
        """Return whether the filter shows this event. line: its journal line, which is read only
        when `needs_text`."""
        if not self.matches_kind(direction, type_name, error):
            return False
        haystack = (
            (line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line).lower()
            if self.needs_text
            else b""
        )
        return all(
            any(needle in haystack for needle in term.needles) != term.negated
            for term in self.terms
            if term.what == "text"
        )

    def matches_kind(self, direction: Direction, type_name: str, error: bool) -> bool:
        """Return whether direction, type and error pass the filter; terms that search the text are
        ignored."""
        if self.directions and direction not in self.directions:
            return False
        lowered = type_name.lower()
        for term in self.terms:
            if term.what == "type" and any(word in lowered for word in term.words) == term.negated:
                return False
            if term.what == "error" and error == term.negated:
                return False
        return True


EVERYTHING: Final = Filter()


def parse_filter(expression: str) -> Filter | FilterError:
    """Parse a filter expression; see the module's docstring for the grammar."""
    included: set[Direction] = set()
    excluded: set[Direction] = set()
    terms: list[Term] = []
    for match in _TERM.finditer(expression):
        negated = bool(match["minus"])
        if match["junk"]:
            return FilterError(
                f"The filter cannot read `{match['junk']}`: put spaces around quoted text."
            )
        if match["quote"]:
            if not match["end"]:
                return FilterError(
                    f'The filter has text without a closing quote: "{match["text"]}.'
                )
            terms.append(_text_term(match["text"], negated))
        elif match["word"] in _DIRECTIONS:
            (excluded if negated else included).add(_DIRECTIONS[match["word"]])
        else:
            term = _word_term(match["word"], negated)
            if isinstance(term, FilterError):
                return term
            terms.append(term)
    directions = (included or set(_DIRECTIONS.values())) - excluded
    if not directions:
        return FilterError("The filter excludes every direction: leave one of > < = in.")
    is_unrestricted = len(directions) == len(_DIRECTIONS)
    return Filter(
        expression.strip(), frozenset() if is_unrestricted else frozenset(directions), tuple(terms)
    )


def _word_term(word: str, negated: bool) -> Term | FilterError:
    if word == "error":
        return Term("error", negated=negated)
    if word == "-":
        return FilterError(
            "The filter has a minus without a word: write it right before one, as in -append."
        )
    if word.lower().startswith("item:"):
        identifier = word[len("item:") :]
        if not identifier:
            return FilterError("The filter has item: without an id: write item:ID.")
        return Term("text", needles=(f'"{identifier}"'.lower().encode(),), negated=negated)
    words = tuple(part for part in word.lower().split("|") if part)
    return (
        Term("type", words=words, negated=negated)
        if words
        else FilterError("The filter has a | without a word beside it.")
    )


def _text_term(text: str, negated: bool) -> Term:
    """Return a term that finds the text as it is and with JSON's escapes."""
    spellings = (
        json.dumps(text, ensure_ascii=ascii_only)[1:-1].lower() for ascii_only in (False, True)
    )
    return Term(
        "text",
        needles=tuple(dict.fromkeys(each.encode("utf-8", "surrogatepass") for each in spellings)),
        negated=negated,
    )
