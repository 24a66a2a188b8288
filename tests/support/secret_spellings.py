"""Hypothesis strategies for secrets of every shape, the notations of a service that repeats them,
and the text around them."""

import base64
import html
import json
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, quote_plus, urlencode

from hypothesis import strategies as st
from voicelive_common.redaction.escaped_text import without_escapes
from voicelive_common.redaction.secret import SHORTEST, why_shown

PRINTABLE = st.text(
    st.characters(min_codepoint=33, max_codepoint=126), min_size=SHORTEST, max_size=40
).filter(lambda value: not why_shown(value))
"""Values that a header can carry."""
LIKE_ESCAPES = st.lists(
    st.sampled_from(
        [
            "%41",
            "%25",
            "%ff",
            "&lt;",
            "&amp;",
            "&#65;",
            "\\u0041",
            "\\",
            "%",
            "&",
            '"',
            "a",
            "B",
            "1",
            "+",
        ]
    ),
    min_size=SHORTEST,
).map("".join)
"""Values with characters that look like an escape of another one."""
AROUND = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
EVERY_LETTER: list[Callable[[str], str]] = [
    lambda char: f"\\x{ord(char):02x}",
    lambda char: f"\\U{ord(char):08x}",
    lambda char: f"\\u{{{ord(char):x}}}",
    lambda char: f"&#{ord(char)}",
    lambda char: f"&#x{ord(char):x}",
    lambda char: f"%25{ord(char):02X}",
    lambda char: f"%2525{ord(char):02X}",
    lambda char: f"&amp;#{ord(char)};",
]
"""Escapes that are ambiguous if an unescaped character follows."""
SPELLINGS: list[Callable[[str], str]] = [
    str,
    lambda value: json.dumps(value)[1:-1],
    lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    lambda value: json.dumps(value)[1:-1].replace("/", "\\/"),
    quote,
    quote_plus,
    lambda value: quote(value, safe=""),
    lambda value: urlencode({"ticket": value}),
    html.escape,
    lambda value: repr(value)[1:-1],
    lambda value: base64.b64encode(value.encode()).decode(),
    lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    lambda value: value.encode().hex(),
    lambda value: value.encode().hex().upper(),
]
DEEP_SPELLINGS: list[Callable[[str], str]] = [
    *(
        partial(lambda escape, value: "".join(map(escape, value)), escape)
        for escape in EVERY_LETTER
    ),
    lambda value: quote(quote(value, safe=""), safe=""),
    lambda value: html.escape(html.escape(value)),
    lambda value: json.dumps(json.dumps(json.dumps(json.dumps(value)))),
]
"""Spellings of a value that does not look escaped itself."""
ESCAPES: list[Callable[[str], str]] = [
    lambda char: json.dumps(char)[1:-1],
    lambda char: f"\\u{ord(char):04x}",
    lambda char: f"\\u{ord(char):04X}",
    lambda char: f"\\\\u{ord(char):04x}",
    lambda char: json.dumps(json.dumps(char)[1:-1])[1:-1],
    lambda char: f"%{ord(char):02x}",
    lambda char: f"%{ord(char):02X}",
    lambda char: f"&#{ord(char)};",
    lambda char: f"&#x{ord(char):X};",
    lambda char: f"\\x{ord(char):02x}",
    lambda char: f"\\U{ord(char):08X}",
    lambda char: f"\\u{{{ord(char):x}}}",
    lambda char: f"%25{ord(char):02X}",
    lambda char: f"%2525{ord(char):02x}",
    lambda char: f"&amp;#{ord(char)};",
    html.escape,
]
PLAIN = PRINTABLE.filter(
    lambda value: (
        without_escapes(value) == value.replace("\\", "") and sum(map(str.isalnum, value)) > 7
    )
)
"""Values that do not look escaped themselves, and are long enough without their backslashes."""
SPELT = st.tuples(PRINTABLE | LIKE_ESCAPES, st.sampled_from(SPELLINGS)) | st.tuples(
    PLAIN, st.sampled_from(DEEP_SPELLINGS)
)
"""A value, and a spelling in which it is found."""


def outside_marks(text: str) -> str:
    """The text that redaction left as it was. A mark counts as no text: with letters beside it, it
    can spell a secret by chance, as "0000000[hidden]" does for "0000000["."""
    return text.replace("[hidden]", "\0")
