"""Values that are secret: as long as one lives in this process, its text is hidden wherever `redact` looks.

Invariant: whoever reads a secret from its source makes a `Secret` of it at once and keeps it as long as the value is used.
"""

import html
import itertools
import json
import weakref
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SHORTEST = 8
"""A shorter value is part of too many ordinary texts to be hidden in all of them."""

_serials = itertools.count()
_versions = itertools.count(1)
_spelt: dict[int, tuple[str, ...]] = {}
"""The spellings of each living secret."""
_version = 0
"""Another number after every change of `_spelt`, whichever thread made it."""
_longest_first: tuple[int, tuple[str, ...]] = (0, ())
"""All spellings, as of a version; the longest first, because a secret may hold another."""


class Secret:
    """A value that no repr, log or traceback shows."""

    __slots__ = ("__weakref__", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= SHORTEST:
            serial = next(_serials)
            _spelt[serial] = tuple(_spellings(value))
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


def hide_secrets(text: str, hidden: str) -> str:
    """The same text with `hidden` in place of every spelling of every living secret; the same object when there is none."""
    for spelling in _all_spellings():
        if spelling in text:
            text = text.replace(spelling, hidden)
    return text


def _all_spellings() -> tuple[str, ...]:
    global _longest_first
    version, spellings = _longest_first
    if version != _version:
        # The version is read first: a change that comes meanwhile makes another one, and the next caller builds anew.
        version = _version
        spellings = tuple(sorted({each for of_one in list(_spelt.values()) for each in of_one}, key=len, reverse=True))
        _longest_first = (version, spellings)
    return spellings


def _spellings(value: str) -> Iterator[str]:
    """The value as it stands in plain text, JSON, URLs, HTML and Python's reprs."""
    in_json = json.dumps(value)[1:-1]
    in_url = (quote(value, safe=""), quote(value), quote_plus(value))
    yield from {
        value,
        in_json,
        in_json.replace("/", "\\/"),
        json.dumps(value, ensure_ascii=False)[1:-1],
        *in_url,
        *(_lower_escapes(each) for each in in_url),
        html.escape(value),
        html.escape(value, quote=False),
        repr(value)[1:-1],
    }


def _lower_escapes(url: str) -> str:
    first, *rest = url.split("%")
    return "%".join([first, *(each[:2].lower() + each[2:] for each in rest)])


def _forget(serial: int) -> None:
    _spelt.pop(serial, None)
    _changed()


def _changed() -> None:
    global _version
    _version = next(_versions)
