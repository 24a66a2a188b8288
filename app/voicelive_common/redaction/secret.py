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

import html
import itertools
import json
import re
import weakref
from base64 import b64encode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

from voicelive_common.redaction.beginnings import Beginnings
from voicelive_common.redaction.escaped_text import (
    has_escapes,
    meanings,
    meanings_with_places,
    without_escapes,
)
from voicelive_common.redaction.protocol_words import is_protocol_word

SHORTEST = 8
"""A shorter value is part of too many ordinary texts to be hidden in all of them."""
LONGEST = 16_384
"""No header carries a longer value, and every text is searched for each value."""
MOST = 200
"""The most secrets that one source may name: whoever keeps them must bound their number."""

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(?:\.[0-9]+)?)(?:[eE][+-]?[0-9]+)?")
_EXACT_DIGITS: Final = 15
"""The digits of a number that a float keeps unchanged."""
_MOST_OF_A_LETTER: Final = 24
"""The most characters that the escape of one letter takes in text that arrives in pieces."""
_MOST_UNFINISHED: Final = 4
"""The most letters that an unfinished escape at the end of a piece stands for."""

_serials = itertools.count()
_versions = itertools.count(1)


class _Spellings:
    """The ways in which one value may be written.

    forms: searched for literally. bare: searched for in decoded text, which has no backslashes.
    digits: of a value that is a number, without leading zeros; empty for any other value.
    """

    def __init__(self, value: str) -> None:
        self.value = value
        self.forms = frozenset(_plain_forms(value))
        self.bare = value.replace("\\", "")
        number = _NUMBER.fullmatch(value)
        self.digits = number[1].replace(".", "").lstrip("0") if number else ""


_living: dict[int, _Spellings] = {}
_version = 0
"""Changes after every change of `_living`, whichever thread made it."""


class _Searched(NamedTuple):
    """The texts to search for, as of one version. sizes: the negated lengths of `forms`."""

    version: int = 0
    forms: tuple[str, ...] = ()
    """The longest first, because one secret may contain another."""
    sizes: tuple[int, ...] = ()
    digits: tuple[str, ...] = ()
    formed: Beginnings = Beginnings()
    meant: Beginnings = Beginnings()


_searched = _Searched()


class Secret:
    """A value that no repr, log or traceback shows."""

    __slots__ = ("__weakref__", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        if not why_shown(value):
            serial = next(_serials)
            _living[serial] = _Spellings(value)
            _changed()
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
    searched = _now()
    for form in searched.forms[bisect_left(searched.sizes, -len(text)) :]:
        if form in text:
            text = text.replace(form, hidden)
    return _hide_escaped(text, hidden) if has_escapes(text) else text


def _hide_escaped(text: str, hidden: str) -> str:
    """Hide the spellings that are too many to list: any letter may be escaped, as services do with
    quotes and angle brackets."""
    words = _now().meant.words
    if not any(word in meaning for meaning in meanings(text) for word in words):
        return text
    clean: list[str] = []
    end = 0
    for start, stop in sorted(_places_of(words, text, goes_on=False)):
        if start >= end:
            # The backslashes before the first letter belong to that letter.
            clean += (text[end:start].rstrip("\\"), hidden)
        end = max(end, stop)
    return "".join([*clean, text[end:]])


def _places_of(words: tuple[str, ...], text: str, *, goes_on: bool) -> Iterator[tuple[int, int]]:
    """Yield the places in the text that decode to one of the words: the indices of its first letter
    and of the end of its last."""
    for meaning, places in meanings_with_places(text, goes_on=goes_on):
        for word in words:
            at = meaning.find(word)
            while at >= 0:
                start, stop = places[at], places[at + len(word)]
                # The backslashes after the last letter belong to the next one.
                yield (start, start + len(text[start:stop].rstrip("\\")))
                at = meaning.find(word, at + len(word))


def is_secret_number(number: float) -> bool:
    """Whether a number's digits contain those of a living secret, as far as a float keeps them."""
    wanted = _now().digits
    return bool(wanted) and _holds_digits(number, wanted)


def _holds_digits(number: float, wanted: tuple[str, ...]) -> bool:
    if isinstance(number, float):
        mantissa, _, exponent = repr(number).partition("e")
        digits = mantissa.replace(".", "") + ("0" * _EXACT_DIGITS if exponent else "")
        return any(form in digits for each in wanted for form in _float_forms(each))
    try:
        digits = str(number)
    except ValueError:
        return True  # more digits than Python converts to text, so nobody can tell
    return any(each in digits for each in wanted)


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


class Begun(NamedTuple):
    """The end of a text that arrives in pieces, where a secret may begin, and how many letters of
    the secret it contains.

    escaped: an escape occurred earlier, so a backslash may belong to the secret.
    """

    text: str = ""
    letters: int = 0
    escaped: bool = False


def hide_piece(begun: Begun, piece: str, hidden: str) -> tuple[str, Begun]:
    """Hide the part of the next piece of a text that continues a secret begun earlier, or that
    begins one which may go on, in any spelling.

    begun: the value that this function returned last; `Begun()` at first. Returns the piece to show
    and the new `begun`. A beginning of fewer letters than `SHORTEST` is shown, because it may be
    any word.
    """
    if not _now().forms:
        return piece, Begun()
    text = begun.text + piece
    shown_to = len(begun.text)
    escaped = begun.escaped or has_escapes(text)
    # A secret that is complete within the piece was hidden before, unless the earlier text gives
    # the piece its meaning.
    whole = [found for found in _found(text, escaped) if found[1] > shown_to] if begun.text else []
    start, end = (min(whole)[0], max(stop for _, stop in whole)) if whole else (0, 0)
    rest = text[end or shown_to :]
    again = _beginning(text[end:], escaped)
    before = "" if begun.letters >= SHORTEST else hidden  # shown once for the whole secret
    shown = "" if not whole else before if start < shown_to else text[shown_to:start] + hidden
    if again.letters < SHORTEST:
        return shown + rest, again
    if len(again.text) <= len(rest):
        return shown + rest[: len(rest) - len(again.text)] + hidden, again
    return shown + before, again


def _found(text: str, escaped: bool) -> Iterator[tuple[int, int]]:
    """Yield the places of complete spellings: their start and end indices."""
    searched = _now()
    for form in searched.forms:
        if (at := text.find(form)) >= 0:
            yield at, at + len(form)
    if escaped:
        yield from _places_of(searched.meant.words, text, goes_on=True)


def _beginning(text: str, escaped: bool) -> Begun:
    """The longest end of the text that is an incomplete spelling of a secret."""
    searched = _now()
    start = searched.formed.start(text)
    letters = len(text) - start
    if searched.forms and escaped:
        for meaning, places in meanings_with_places(text, goes_on=True):
            at = searched.meant.start(meaning)
            read = len(meaning) - at
            if len(text) - places[at] <= _MOST_OF_A_LETTER * (read + _MOST_UNFINISHED):
                # The unfinished escape may be the last letter, even if nothing follows that
                # completes it.
                read += read > 0 and places[-1] < len(text)
                start, letters = min(start, places[at]), max(letters, read)
    return Begun(text[start:], letters, escaped)


def _plain_forms(value: str) -> Iterator[str]:
    """Yield the value in plain text, in base64 and in hexadecimal. A value that itself looks
    escaped is also given in each notation, because a mixture of notations cannot be decoded."""
    yield value
    data = value.encode("utf-8", "surrogatepass")
    yield from (data.hex(), data.hex().upper())
    for encode in (b64encode, urlsafe_b64encode):
        # Base64 encodes three bytes in four letters, so the letters depend on the bytes before the
        # value, such as the user's name and a colon.
        for before, mixed in enumerate((0, 2, 3)):
            whole = (before + len(data)) * 8 // 6
            yield encode(bytes(before) + data).decode()[mixed:whole]
    if " " in value or not value.isprintable() or without_escapes(value) != value:
        yield from _escaped_forms(value)


def _escaped_forms(value: str) -> Iterator[str]:
    in_json, in_url = (
        json.dumps(value)[1:-1],
        (quote(value, safe=""), quote(value), quote_plus(value)),
    )
    yield from (
        in_json,
        in_json.replace("/", "\\/"),
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
    )
    yield from in_url
    yield from map(_lower_escapes, in_url)
    yield from (html.escape(value), html.escape(value, quote=False))


def _lower_escapes(url: str) -> str:
    first, *rest = url.split("%")
    return "%".join([first, *(each[:2].lower() + each[2:] for each in rest)])


def _forget(serial: int) -> None:
    _living.pop(serial, None)
    _changed()


def _changed() -> None:
    global _version
    _version = next(_versions)


def _now() -> _Searched:
    global _searched
    found = _searched
    if found.version != _version:
        # The version is read first: a concurrent change makes another version, and the next caller
        # builds the terms again.
        version, living = _version, list(_living.values())
        forms = sorted({form for each in living for form in each.forms}, key=len, reverse=True)
        digits = tuple({each.digits for each in living if len(each.digits) >= SHORTEST})
        meant = {each.bare for each in living if not why_shown(each.bare)}
        sizes = tuple(-len(form) for form in forms)
        found = _Searched(
            version, tuple(forms), sizes, digits, Beginnings(forms), Beginnings(meant)
        )
        _searched = found
    return found
