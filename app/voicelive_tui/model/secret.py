"""Values that are secret: as long as one lives in this process, its text is hidden wherever `redact` looks.

Invariant: whoever reads a secret from its source makes a `Secret` of it at once and keeps it as long as the value is used.
"""

import html
import itertools
import json
import re
import weakref
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

from voicelive_tui.model.beginnings import Beginnings
from voicelive_tui.model.escaped_text import every_spelling, has_escapes, read_with_places, without_escapes
from voicelive_tui.model.protocol_words import is_protocol_word

SHORTEST = 8
"""A shorter value is part of too many ordinary texts to be hidden in all of them."""
LONGEST = 16_384
"""No header carries a longer one, and every text is searched for all of them."""
MOST = 200
"""Of what one source names: whoever holds them bounds how many there are."""

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(?:\.[0-9]+)?)(?:[eE][+-]?[0-9]+)?")
_EXACT_DIGITS: Final = 15
"""So many digits of a number come through a float unchanged."""
_MOST_OF_A_LETTER: Final = 12
"""Characters that the escape of one letter takes, in what comes in pieces."""

_serials = itertools.count()
_versions = itertools.count(1)


class _Spellings:
    """How one value may be written.

    forms: what is looked for as it is. bare: the value as it is in a text that went through `without_escapes`. digits: of a value
    that is a number, without leading zeros; else empty. escapable: whether `bare` says as much as the value, so that it can be
    looked for in what a text means.
    """

    def __init__(self, value: str) -> None:
        self.value = value
        self.forms = frozenset(_plain_forms(value))
        self.bare = without_escapes(value)
        self.escapable = len(self.bare) >= SHORTEST and self.bare == value.replace("\\", "")
        number = _NUMBER.fullmatch(value)
        self.digits = number[1].replace(".", "").lstrip("0") if number else ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every way to escape it. Made on use: compiling it for a long token takes a tenth of a second."""
        return every_spelling(self.value)


_living: dict[int, _Spellings] = {}
_version = 0
"""Another number after every change of `_living`, whichever thread made it."""


class _Searched(NamedTuple):
    """What is looked for, as of a version; the longest first, because a secret may hold another."""

    version: int = 0
    forms: tuple[str, ...] = ()
    values: tuple[_Spellings, ...] = ()
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
    """Why a value is not hidden though somebody calls it a secret, as a phrase; empty when it is hidden."""
    if len(value) < SHORTEST:
        return f"shorter than {SHORTEST} characters"
    if len(value) > LONGEST:
        return f"longer than {LONGEST:,} characters"
    return "a word of the protocol" if is_protocol_word(value) else ""


def hide_secrets(text: str, hidden: str) -> str:
    """The same text with `hidden` in place of every spelling of every living secret; the same object when there is none."""
    for form in _now().forms:
        if form in text:
            text = text.replace(form, hidden)
    return _hide_escaped(text, hidden) if has_escapes(text) else text


def _hide_escaped(text: str, hidden: str) -> str:
    """The spellings that are too many to be listed: any letter may be escaped, as services do with quotes and angle brackets."""
    values = _now().values
    meaning = without_escapes(text) if values else ""
    for spellings in values:
        if spellings.bare in meaning:
            clean, count = spellings.pattern.subn(lambda _: hidden, text)
            text = clean if count else text
    return text


def is_secret_number(number: float) -> bool:
    """Whether a number's digits are those of a living secret, or hold them; as far as a float keeps them."""
    wanted = _now().digits
    return bool(wanted) and _holds_digits(number, wanted)


def _holds_digits(number: float, wanted: tuple[str, ...]) -> bool:
    if isinstance(number, float):
        mantissa, _, exponent = repr(number).partition("e")
        digits = mantissa.replace(".", "") + ("0" * _EXACT_DIGITS if exponent else "")
        return any(each[:_EXACT_DIGITS] in digits for each in wanted)
    try:
        digits = str(number)
    except ValueError:
        return True  # more digits than Python spells, so that nobody can tell
    return any(each in digits for each in wanted)


class Begun(NamedTuple):
    """The end of a text that comes in pieces, with which a secret may begin, and how many letters of the secret it is."""

    text: str = ""
    letters: int = 0


def hide_piece(begun: Begun, piece: str, hidden: str) -> tuple[str, Begun]:
    """Hide what the next piece of a text adds to a secret that began before, or begins in it and may go on, in any spelling.

    begun: as this function returned it; `Begun()` at first. Returns the piece to show and the new `begun`. A beginning of fewer
    letters than `SHORTEST` is shown, for it may be any word.
    """
    text = begun.text + piece
    whole = max((end for start, end in _found(text) if start < len(begun.text) < end), default=0) if begun.text else 0
    rest = text[whole or len(begun.text) :]
    again = _beginning(text[whole:])
    before = "" if begun.letters >= SHORTEST else hidden  # shown once for the whole secret
    shown = before if whole else ""
    if again.letters < SHORTEST:
        return shown + rest, again
    if len(again.text) <= len(rest):
        return shown + rest[: len(rest) - len(again.text)] + hidden, again
    return shown + before, again


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Where the first of every spelling that is whole begins and ends."""
    searched = _now()
    for form in searched.forms:
        if (at := text.find(form)) >= 0:
            yield at, at + len(form)
    if has_escapes(text):
        meaning, places = read_with_places(text)
        for bare in searched.meant.words:
            if (at := meaning.find(bare)) >= 0:
                yield places[at], places[at + len(bare)]


def _beginning(text: str) -> Begun:
    """The longest end of the text with which a spelling of a secret begins, but for a whole one."""
    searched = _now()
    start = searched.formed.start(text)
    letters = len(text) - start
    if searched.values and has_escapes(text):
        meaning, places = read_with_places(text)
        at = searched.meant.start(meaning)
        if len(text) - places[at] <= _MOST_OF_A_LETTER * (len(meaning) - at + 1):
            start, letters = min(start, places[at]), max(letters, len(meaning) - at)
    return Begun(text[start:], letters)


def _plain_forms(value: str) -> Iterator[str]:
    """The value in plain text and in base64; one that looks escaped itself also in each notation, as a mixture cannot be read."""
    yield value
    for encode in (b64encode, urlsafe_b64encode):
        yield encode(value.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    if " " in value or not value.isprintable() or without_escapes(value) != value:
        yield from _escaped_forms(value)


def _escaped_forms(value: str) -> Iterator[str]:
    in_json, in_url = json.dumps(value)[1:-1], (quote(value, safe=""), quote(value), quote_plus(value))
    yield from (in_json, in_json.replace("/", "\\/"), json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
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
        # The version is read first: a change that comes meanwhile makes another one, and the next caller builds anew.
        version, living = _version, list(_living.values())
        forms = sorted({form for each in living for form in each.forms}, key=len, reverse=True)
        values = tuple(sorted(living, key=lambda each: len(each.value), reverse=True))
        digits = tuple({each.digits for each in living if len(each.digits) >= SHORTEST})
        meant = Beginnings(each.bare for each in values if each.escapable)
        found = _Searched(version, tuple(forms), values, digits, Beginnings(forms), meant)
        _searched = found
    return found
