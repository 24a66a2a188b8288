"""Filters that one letter makes of the row under the cursor. Pure functions."""

import re
from typing import Final

from voicelive_tui.model.events.filters import CursorIds
from voicelive_tui.tui.widgets.spans import Spans

FAMILIES: Final[dict[str, tuple[str, str]]] = {
    "a": ("audio", "type:.audio.|output_audio.|audio_buffer|audio.turn|playback|video|underrun"),
    "w": ("words", "type:transcript|.text|input_text|annotation|content_part|timestamp"),
    "s": ("session", "type:session|rate_limits|warning|connected|closed|retry|carried"),
    "b": ("buffer", "type:buffer|speech_"),
    "f": ("functions", "type:arguments|_call|mcp|tool"),
    "l": ("local", "="),
}
"""The name of each family of events, and its filter."""
_PLAIN: Final = re.compile(r"[\w.\-]+")
_ID: Final = re.compile(r'(?!\.\Z)[^\s"()*]+')


def filter_from(letter: str, type_name: str, ids: CursorIds, expr: str) -> str | None:
    """The expression that a letter stands for, an empty one to clear the filter; None for a letter
    that means nothing here.

    type_name, ids: those of the row under the cursor. expr: the filter in use.
    """
    plain = _PLAIN.search(type_name)
    word = plain.group() if plain else ""
    match letter:
        case "h" if word:
            return f"{expr} -type:{word}".strip()
        case "o" if word:
            return f"type:{word}"
        case "r" if _can_be_typed(ids.resp):
            return f"resp:{ids.resp}"
        case "i" if _can_be_typed(ids.item):
            return f"item:{ids.item}"
        case "t" if ids.turn is not None:
            return f"turn:{ids.turn}"
        case "-":
            return ""
        case _ if letter in FAMILIES:
            return FAMILIES[letter][1]
    return None


def _can_be_typed(identifier: str) -> bool:
    """Whether a filter can name this id, which the service may have made of anything."""
    return identifier.isprintable() and _ID.fullmatch(identifier) is not None


def choices(type_name: str, ids: CursorIds) -> list[Spans]:
    """The letters that mean something for this row, each with its word. type_name: as the row shows
    it."""
    offered = [
        ("h", f"hide {type_name}"),
        ("o", "only it"),
        ("r", "response" if _can_be_typed(ids.resp) else ""),
        ("i", "item" if _can_be_typed(ids.item) else ""),
        ("t", f"turn {ids.turn}" if ids.turn is not None else ""),
        *((letter, name) for letter, (name, _) in FAMILIES.items()),
        ("-", "clear"),
        ("Esc", "back"),
    ]
    return [[(letter, "keycap"), (f" {word}", "dim")] for letter, word in offered if word]
