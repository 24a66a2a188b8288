"""The title of the settings: the file, what differs from it, and the keys that act on all of
them."""

from collections.abc import Mapping
from typing import Final

from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.setting_facts import SettingsFacts
from voicelive_tui.tui.widgets.pane_title import title_spans
from voicelive_tui.tui.widgets.spans import Span, cells

_NAME: Final = "Settings"
_KEYS: Final = (
    ("tune.save", "save"),
    ("tune.in_force", "in force"),
    ("session.restart", "restart"),
)


def page_title(
    facts: SettingsFacts, position: int, width: int, keymap: Mapping[str, str], *, focused: bool
) -> list[Span]:
    """The title of the page in `width` cells. position: that of the setting under the cursor."""
    words = _differing_words(facts)
    if facts.file:
        words = [facts.file + ("," if words else ""), *words]
    shown: list[Span] = [(" ".join(words), "dim")] if words else []
    if count := len(facts.settings):
        shown.append((f"  {position + 1} of {count}", "dim"))
    keys = _fitting_keys(width - cells(shown) - len(_NAME) - 10, keymap)
    return title_spans(_NAME, shown, keys, width, focused=focused)


def column_title(
    facts: SettingsFacts, width: int, keymap: Mapping[str, str], *, focused: bool
) -> list[Span]:
    """The title of the third column in `width` cells."""
    shown: list[Span] = [(words, "dim") for words in _differing_words(facts)]
    word = "close" if focused else "edit"
    key: list[Span] = [(f"{key_of('tune.settings', keymap)} {word}", "dim")]
    return title_spans(_NAME, shown, key, width, focused=focused)


def _differing_words(facts: SettingsFacts) -> list[str]:
    """How many settings differ from the file, if any do."""
    count = facts.differing
    return [f"{count} differ" if count != 1 else "1 differs"] if count else []


def _fitting_keys(room: int, keymap: Mapping[str, str]) -> list[Span]:
    """What the keys do, as many of them as fit into `room` cells."""
    words = [f"{key_of(name, keymap)} {word}" for name, word in _KEYS if name in BY_ID]
    while words and len("  ".join(words)) > room:
        words.pop()
    return [("  ".join(words), "dim")] if words else []
