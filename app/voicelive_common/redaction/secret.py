r"""Secret values: as long as a `Secret` exists in this process, `redact` hides its text.

Found are the value as it is, in base64 (at any offset in the encoded data) and in hexadecimal, and
any mixture of these escapes, up to four deep: \uXXXX, \u{X}, \UXXXXXXXX and \xXX, %XX, HTML
entities (numeric ones also without a semicolon), and any number of backslashes before any letter.
Text that arrives in pieces is searched as one text; only the first letters of a secret, fewer than
`SHORTEST`, are shown when they arrived in separate pieces.

Not found, and shown: a value shorter than `SHORTEST` or longer than `LONGEST`; one in octal (\101),
in quoted-printable (=41) or in an encoding other than UTF-8; one with something between its
letters, such as spaces, zero-width characters or the line ends of wrapped base64; one in other
letters (upper case, reversed, full width); base64 and hexadecimal that are encoded or escaped
again; escapes more than four deep, or two of them around a value that itself looks escaped; a part
of a value; and sound that contains its bytes. A service that was given a value can always find one
more way to write it: this module keeps echoes out of files, it does not hide a secret from those
who know it.

Invariant: code that reads a secret from its source makes a `Secret` of it at once and keeps it as
long as the value is used.
"""

import itertools
import weakref
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from voicelive_common.redaction.escaped_text import (
    decodings,
    decodings_with_indices,
    has_escapes,
)
from voicelive_common.redaction.partial_words import PartialWords
from voicelive_common.redaction.protocol_words import is_protocol_word
from voicelive_common.redaction.spellings import Spellings

SHORTEST = 8
"""A shorter value is part of too many ordinary texts to be hidden in all of them."""
LONGEST = 16_384
"""No header carries a longer value, and every text is searched for each value."""
MOST = 200
"""The most secrets that one source may name: whoever keeps them must bound their number."""

_EXACT_DIGITS: Final = 15
"""The digits of a number that a float keeps unchanged."""

_serials = itertools.count()
_versions = itertools.count(1)

_living_spellings: dict[int, Spellings] = {}
_version = 0
"""Changes after every change of `_living_spellings`, whichever thread made it."""


class SearchTerms(NamedTuple):
    """The texts to search for, as of one version. sizes: the negated lengths of `forms`."""

    version: int = 0
    forms: tuple[str, ...] = ()
    """The longest first, because one secret may contain another."""
    sizes: tuple[int, ...] = ()
    digits: tuple[str, ...] = ()
    partial_forms: PartialWords = PartialWords()
    partial_bare: PartialWords = PartialWords()


_cached_terms = SearchTerms()


class Secret:
    """A value that no repr, log or traceback shows."""

    __slots__ = ("__weakref__", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        if not why_shown(value):
            serial = next(_serials)
            _living_spellings[serial] = Spellings(value)
            _bump_version()
            weakref.finalize(self, _forget, serial).atexit = False

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def why_shown(value: str) -> str:
    """Why a value that is called a secret is not hidden, as a phrase; empty when it is hidden."""
    if len(value) < SHORTEST:
        return f"shorter than {SHORTEST} characters"
    if len(value) > LONGEST:
        return f"longer than {LONGEST:,} characters"
    return "a word of the protocol" if is_protocol_word(value) else ""


def hide_secrets(text: str, hidden: str) -> str:
    """Return the text with `hidden` in place of every spelling of every living secret; the same
    object when there is none."""
    terms = search_terms()
    for form in terms.forms[bisect_left(terms.sizes, -len(text)) :]:
        if form in text:
            text = text.replace(form, hidden)
    return _hide_escaped(text, hidden) if has_escapes(text) else text


def _hide_escaped(text: str, hidden: str) -> str:
    """Hide the spellings that are too many to list: any letter may be escaped, as services do with
    quotes and angle brackets."""
    words = search_terms().partial_bare.words
    if not any(word in decoded for decoded in decodings(text) for word in words):
        return text
    parts: list[str] = []
    end = 0
    for start, stop in sorted(spans_of(words, text, continues=False)):
        if start >= end:
            # The backslashes before the first letter belong to that letter.
            parts += (text[end:start].rstrip("\\"), hidden)
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def spans_of(words: tuple[str, ...], text: str, *, continues: bool) -> Iterator[tuple[int, int]]:
    """Yield the places in the text that decode to one of the words: the indices of its first letter
    and of the end of its last."""
    for decoded, indices in decodings_with_indices(text, continues=continues):
        for word in words:
            at = decoded.find(word)
            while at >= 0:
                start, stop = indices[at], indices[at + len(word)]
                # The backslashes after the last letter belong to the next one.
                yield (start, start + len(text[start:stop].rstrip("\\")))
                at = decoded.find(word, at + len(word))


def is_secret_number(number: float) -> bool:
    """Whether a number's digits contain those of a living secret, as far as a float keeps them."""
    secret_digits = search_terms().digits
    return bool(secret_digits) and _holds_digits(number, secret_digits)


def _holds_digits(number: float, secret_digits: tuple[str, ...]) -> bool:
    if isinstance(number, float):
        mantissa, _, exponent = repr(number).partition("e")
        digits = mantissa.replace(".", "") + ("0" * _EXACT_DIGITS if exponent else "")
        return any(form in digits for each in secret_digits for form in _float_forms(each))
    try:
        digits = str(number)
    except ValueError:
        return True  # more digits than Python converts to text, so nobody can tell
    return any(each in digits for each in secret_digits)


@lru_cache(maxsize=256)
def _float_forms(digits: str) -> frozenset[str]:
    """The ways in which these digits may begin in a float: cut off, or rounded where the shortest
    spelling of the float ends."""
    rounded = (
        str(round(int(digits), kept - len(digits)))[:kept]
        for kept in (_EXACT_DIGITS - 1, _EXACT_DIGITS)
    )
    return (
        frozenset((digits[:_EXACT_DIGITS], *rounded))
        if len(digits) > _EXACT_DIGITS
        else frozenset((digits,))
    )


def _forget(serial: int) -> None:
    _living_spellings.pop(serial, None)
    _bump_version()


def _bump_version() -> None:
    global _version
    _version = next(_versions)


def search_terms() -> SearchTerms:
    global _cached_terms
    terms = _cached_terms
    if terms.version != _version:
        # The version is read first: a concurrent change makes another version, and the next caller
        # builds the terms again.
        version, living = _version, list(_living_spellings.values())
        forms = sorted({form for each in living for form in each.forms}, key=len, reverse=True)
        digits = tuple({each.digits for each in living if len(each.digits) >= SHORTEST})
        bare = {each.bare for each in living if not why_shown(each.bare)}
        sizes = tuple(-len(form) for form in forms)
        terms = SearchTerms(
            version, tuple(forms), sizes, digits, PartialWords(forms), PartialWords(bare)
        )
        _cached_terms = terms
    return terms
