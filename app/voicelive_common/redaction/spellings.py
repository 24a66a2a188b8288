"""The ways in which a secret value may be written in a text."""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from voicelive_common.redaction.escaped_text import without_escapes

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(?:\.[0-9]+)?)(?:[eE][+-]?[0-9]+)?")


class Spellings:
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
