"""Secrets of every shape, the notations in which a service may repeat them, and what may stand around them: for properties."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

from hypothesis import strategies as st
from voicelive_tui.model.secret import SHORTEST, why_shown

PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=SHORTEST, max_size=40).filter(
    lambda value: not why_shown(value)
)
"""What a header can carry."""
LIKE_ESCAPES = st.lists(
    st.sampled_from(["%41", "%25", "%ff", "&lt;", "&amp;", "&#65;", "\\u0041", "\\", "%", "&", '"', "a", "B", "1", "+"]),
    min_size=SHORTEST,
).map("".join)
"""Letters that could be taken for the escape of another."""
AROUND = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
SPELLINGS = [
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
]
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
    html.escape,
]
