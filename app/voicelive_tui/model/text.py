"""Text from the wire, made safe to show: it may hold anything, and a terminal obeys control codes."""

import unicodedata

_NAMED = {"\n": "\n", "\t": "    "}
# Direction marks can make a line read differently from what it says.
_HIDDEN = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff")


def printable(text: str, *, newlines: bool = False) -> str:
    """The same text with every control character written out (`\\x1b`), and line ends as spaces unless `newlines`.

    Accents, emoji and joiners stay as they are; lone surrogates and direction overrides are written out too.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char, newlines) for char in text.replace("\r\n", "\n"))


def one_line(text: str, longest: int) -> str:
    """Text for the middle of a sentence: on one line, without control codes, cut at so many characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _shown(char: str, newlines: bool) -> str:
    if char in _NAMED:
        return _NAMED[char] if newlines or char != "\n" else " "
    if char in _HIDDEN or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
        code = ord(char)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return char
