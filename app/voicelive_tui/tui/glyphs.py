"""The drawn characters, and those of ASCII that stand for them where a terminal has no others.

Invariant: each is one cell wide and is replaced by one cell, so that no width changes. The mark of
a cut is therefore `~` and not three dots. Text fields and lists of Textual draw their text
themselves.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

Glyphs = Literal["auto", "unicode", "ascii"]
"""The values of `glyphs` in the config file."""

GLYPHS: Final[tuple[Glyphs, ...]] = ("auto", "unicode", "ascii")
ASCII_CLASS: Final = "-ascii"
"""The class of the app whose stylesheet and lines draw only ASCII."""

_TWINS: Final = {
    "●": "*", "▶": ">", "■": "#", "▸": ">", "▲": "^", "◆": "*", "◇": "o",
    "▌": "|", "▏": "|", "│": "|", "┃": "|", "║": "|", "╎": ":",
    "─": "-", "━": "-", "═": "=", "┴": "+", "┬": "+", "├": "+", "┤": "+", "┼": "+",
    "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+", "┐": "+", "└": "+", "┘": "+",
    "╳": "x", "✗": "x", "✓": "v", "·": ".", "░": ".", "≈": "~", "«": "<", "»": ">",  # noqa: RUF001
    "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "*", "▆": "#", "▇": "%", "█": "@", "…": "~",
    "→": ">", "←": "<", "↑": "^", "↓": "v", "–": "-", "—": "-", "×": "x",  # noqa: RUF001
}  # fmt: skip
_TABLE: Final = str.maketrans(_TWINS)


def to_ascii(text: str) -> str:
    """The text with each drawn character replaced. Letters of any script stay as they are."""
    return text if text.isascii() else text.translate(_TABLE)


def shows_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the terminal shows more than ASCII: its locale is UTF-8, and it is not the text
    console of Linux, whose font has no marks and eighths of blocks."""
    named = (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next(filter(None, named), "UTF-8").lower().replace("-", "")
    return "utf8" in locale and environment.get("TERM") != "linux"


def glyphs_fault(value: object) -> str:
    """Why the config file's value cannot be used, as a clause; empty if it can."""
    if value in GLYPHS:
        return ""
    return f"glyphs must be {', '.join(GLYPHS[:-1])} or {GLYPHS[-1]}; {GLYPHS[0]} is used"


def chosen_glyphs(configured: Glyphs, environment: Mapping[str, str]) -> Glyphs:
    """`unicode` or `ascii`: what was configured, else what suits the terminal."""
    if configured != "auto":
        return configured
    return "unicode" if shows_unicode(environment) else "ascii"


def with_match_marks(spans: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The spans with `« »` in the blanks around each match, for a screen without colour. No width
    changes: a match without a blank beside it has no mark there."""
    out = list(spans)
    for position, (_, look) in enumerate(out):
        if look != "match":
            continue
        if position and out[position - 1][0].endswith(" "):
            text, before = out[position - 1]
            out[position - 1] = (f"{text[:-1]}«", before)
        if position + 1 < len(out) and out[position + 1][0].startswith(" "):
            text, after = out[position + 1]
            out[position + 1] = (f"»{text[1:]}", after)
    return out
