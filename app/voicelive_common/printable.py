"""Makes text from the wire safe to show: it may contain anything, and a terminal obeys control
codes.

Written out, as `\\x1b`, `\\u200b` or `\\U000e0041`, are:

* control codes, lone surrogates, line and paragraph separators (categories Cc, Cs, Zl, Zp);
* characters that are invisible or change the direction of reading: every format character (Cf) and
  every code point that Unicode calls "default ignorable", such as zero-width spaces and joiners,
  word joiners, direction marks and overrides, soft hyphens, tags, variation selectors and Hangul
  fillers; noncharacters too;
* combining marks beyond `MOST_MARKS` on one base character, and general accents beyond
  `MOST_ACCENTS` (Vietnamese needs two, pointed Hebrew and Tibetan five or six). A mark without a
  base character, as at the beginning of a delta, is put on a dotted circle.

An invisible character is kept only where it changes how ordinary text looks, and never two of a
kind in a row:

* joiners between emoji, and after a letter or mark of the scripts that join (Arabic, Syriac, N'Ko,
  Mongolian, those of India and of South-East Asia), where both kinds are part of the spelling;
* one variation selector after an emoji, an ideograph, a mathematical sign or a Mongolian letter;
  the keycaps;
* the tags of the three flags that are made of tags: England, Scotland, Wales;
* the signs of Arabic and Kaithi that enclose a number: they are visible.

Letters of a right-to-left script still turn the direction of their own line, as they must. The
conversion is idempotent.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

MOST_MARKS: Final = 8
MOST_ACCENTS: Final = 4

_NAMED: Final = {"\n": "\n", "\t": "    "}
_LONE: Final = "\u25cc"

_EMOJI: Final = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001faff][\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?"
)
_FLAG_TAGS: Final = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("gbeng", "gbsct", "gbwls")
)
_JOINING: Final = (
    "[\u0600-\u061b\u061d-\u0dff\u0f00-\u109f\u1700-\u17b3\u17b6-\u180a\u1810-\u1aaf\u1b00-\u1c4f\ua840-\ua87f\ua8e0-\ua8ff\ua980-\uaadf\uabc0-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010d00-\U00010d3f\U00011000-\U00011fff]"
)
_HONEST: Final = (
    rf"{_EMOJI}(?:\u200d{_EMOJI})*+"
    r"|[0-9#*]\ufe0f\u20e3"
    rf"|(?<=\U0001f3f4)(?:{_FLAG_TAGS})\U000e007f"
    r"|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\ufe00-\ufe02\U000e0100-\U000e01ef]"
    r"|[\u2200-\u22ff\u2a00-\u2aff]\ufe00"
    r"|[\u1800-\u1809\u1810-\u18af][\u180b-\u180d\u180e\u180f]"
    rf"|(?<={_JOINING})[\u200c\u200d](?![\u200c\u200d])"
    r"|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]"
)
# The Unicode property Default_Ignorable_Code_Point, and the other format characters and separators.
_HIDDEN: Final = (
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
_HIDDEN_OR_HONEST: Final = re.compile(f"{_HONEST}|(?P<hidden>{_HIDDEN})")
_MAY_BE_MARK: Final = re.compile(
    "[\u0300-\u1cff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\u2c80-\u2dff\u302a-\u302f\u3099\u309a\ua000-\uabff\ud7b0-\ud7ff\ufb1e"
    "\ufe00-\ufe2f\U00010000-\U0001efff\U000e0000-\U000e0fff]"
)
_SELECTOR: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ACCENT: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)


def printable(text: str, *, newlines: bool = False) -> str:
    """Return the text with everything that a terminal would obey or not show written out. Line ends
    become spaces unless `newlines` is set.

    The module's docstring lists what is written out and what is kept.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\t", _NAMED["\t"])
    text = _HIDDEN_OR_HONEST.sub(_shown, text if newlines else text.replace("\n", " "))
    return "".join(_stacked(text)) if _MAY_BE_MARK.search(text) else text


def single_line(text: str, longest: int) -> str:
    """Return a text for the middle of a sentence: one line of at most `longest` characters, without
    anything that a terminal obeys or hides."""
    line = printable(
        " ".join("".join(char if char.isprintable() else " " for char in text).split())
    )
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _shown(found: re.Match[str]) -> str:
    return _written_out(found[0]) if found["hidden"] else found[0]


def _written_out(char: str) -> str:
    code = ord(char)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def _stacked(text: str) -> Iterator[str]:
    """Yield the characters of a text; marks beyond the limits for one base character are written
    out."""
    marks, accents, has_base = 0, 0, False
    for char in text:
        if not _is_mark(char):
            marks, accents, has_base = 0, 0, unicodedata.category(char)[0] not in "PC"
            yield char
            continue
        marks, accents = marks + 1, accents + bool(_ACCENT.match(char))
        is_joiner, is_selector = char in "\u200c\u200d", bool(_SELECTOR.match(char))
        if marks > MOST_MARKS or accents > MOST_ACCENTS or (is_joiner and not has_base):
            yield _written_out(char)
        else:
            # Selectors get here only after a character that takes one, and some of those characters
            # are punctuation.
            yield char if has_base or is_selector else _LONE + char
            has_base = True


def _is_mark(char: str) -> bool:
    """Whether the character combines with the one before it. Joiners and the later parts of a
    Korean syllable count as marks."""
    if char < "\u0300":
        return False
    return (
        unicodedata.category(char)[0] == "M"
        or char in "\u200c\u200d"
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7ff"
    )
