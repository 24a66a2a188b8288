"""Text within the escapes of JSON, URLs and HTML: what it means, and how a value may be written in it."""

import html
import re
from typing import Final
from urllib.parse import unquote

_HEX: Final = "[0-9A-Fa-f]"
_ESCAPE: Final = re.compile(
    rf"[\\%&](?:(?<=\\)u{_HEX}{{4}}(?:\\u{_HEX}{{4}})*|(?<=%){_HEX}{{2}}(?:%{_HEX}{{2}})*"
    rf"|(?<=&)(?:\#[0-9]{{1,8}}|\#[xX]{_HEX}{{1,8}}|quot|amp|lt|gt|apos);)"
)
"""It begins with a set of letters, which `re` looks for fast."""
_UNFINISHED: Final = re.compile(
    rf"(?:(?<!\\)\\++(?:u{_HEX}{{0,3}})?|%{_HEX}?|&(?:\#(?:[0-9]{{0,8}}|[xX]{_HEX}{{0,8}})|[a-z]{{0,4}}))\Z"
)
"""What may be the beginning of an escape at the end of a text."""
_UNITS: Final = {"\\": 6, "%": 3}
"""The length of one escape where several are read as one."""
_DEEPEST: Final = 4
_NAMED: Final = {'"': "quot", "&": "amp", "<": "lt", ">": "gt", "'": "apos"}
_RUN: Final = re.compile(r"\\+|[^\\]", re.DOTALL)
_BACKSLASHES: Final = r"\\{0,8}+"
"""Bounded and possessive, so that a text of backslashes is searched in linear time."""


def has_escapes(text: str) -> bool:
    """Whether anything in this text can be an escape; fast."""
    return "\\" in text or "%" in text or "&" in text


def without_escapes(text: str) -> str:
    """What a text with escapes means, also one that was escaped twice; without backslashes, for those of JSON within JSON cannot
    be told from real ones.
    """
    for _ in range(_DEEPEST):
        before, text = text, _ESCAPE.sub(_meaning, text)
        if text == before:
            break
    return text.replace("\\", "")


def read_with_places(text: str) -> tuple[str, list[int]]:
    """What a text means that may go on, as `without_escapes`, and where each letter of it begins in the text.

    One place more than letters: where the unfinished escape at the text's end begins, or that end.
    """
    places = list(range(len(text) + 1))
    for _ in range(_DEEPEST):
        if unfinished := _UNFINISHED.search(text):
            text = text[: unfinished.start()]
            places = places[: unfinished.start() + 1]
        before = text
        text, places = _read_once(text, places)
        if text == before:
            break
    kept = [at for at, char in enumerate(text) if char != "\\"]
    return "".join(text[at] for at in kept), [*(places[at] for at in kept), places[-1]]


def _read_once(text: str, places: list[int]) -> tuple[str, list[int]]:
    read: list[str] = []
    read_places: list[int] = []
    at = 0
    for found in _ESCAPE.finditer(text):
        start, meaning = found.start(), _meaning(found)
        unit = _UNITS.get(found[0][0], len(found[0]))
        # Letters beyond ASCII take several bytes or units, and which is whose does not matter: all begin with the first.
        unit = unit if unit * len(meaning) == len(found[0]) else 0
        read += (text[at:start], meaning)
        read_places += places[at:start]
        read_places += (places[start + unit * number] for number in range(len(meaning)))
        at = found.end()
    return "".join([*read, text[at:]]), read_places + places[at:]


def _meaning(found: re.Match[str]) -> str:
    if found[0][0] == "\\":
        return bytes.fromhex(found[0].replace("\\u", "")).decode("utf-16-be", "replace")
    return unquote(found[0]) if found[0][0] == "%" else html.unescape(found[0])


def every_spelling(value: str) -> re.Pattern[str]:
    """A pattern for the value with any of its letters in an escape of JSON, of a URL or of HTML, mixed in any way."""
    return re.compile("".join(map(_spellings_of, _RUN.findall(value))))


def _spellings_of(run: str) -> str:
    """A pattern for one letter, or for backslashes in a row."""
    char, code = run[0], ord(run[0])
    in_url = "".join(map("%{:02x}".format, char.encode("utf-8", "surrogatepass")))
    in_html = [rf"&\#0{{0,7}}{code};", rf"&\#x0{{0,7}}{code:x};", *([f"&{_NAMED[char]};"] if char in _NAMED else [])]
    plain = r"\\" if char == "\\" else _BACKSLASHES + re.escape(char)
    one = f"(?:{plain}|{_in_json(char)}|(?i:{'|'.join([in_url, *in_html])}))"
    return f"{one}{{{len(run)},{8 * len(run)}}}+" if char == "\\" else one


def _in_json(char: str) -> str:
    """Its escape, or two of a pair; a backslash of it may have been taken for the end of the letter before."""
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"{_BACKSLASHES}u(?i:{units[at : at + 4]})" for at in range(0, len(units), 4))
