"""The keys that the footer shows on the pages of the settings."""

from collections.abc import Mapping

from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.keymap import key_of, shown_key

Key = tuple[str, str, str]
"""A key as shown, the word behind it, and the action of a click; an empty action for none."""


def settings_keys(keymap: Mapping[str, str], *, takes_back: bool) -> list[Key]:
    """The keys of the settings page. takes_back: Esc takes a change back instead of leaving."""
    words = [
        ("tune.undo", "undo"),
        ("tune.save", "save"),
        ("session.restart", "restart"),
        ("tune.in_force", "in force"),
        ("tune.settings", "close"),
    ]
    return [
        (f"{shown_key('left')} {shown_key('right')}", "change", ""),
        (shown_key("enter"), "type", ""),
        (shown_key("escape"), "take back" if takes_back else "back", ""),
        *((key_of(name, keymap), word, BY_ID[name].full_action) for name, word in words),
    ]


def sessions_keys(keymap: Mapping[str, str]) -> list[Key]:
    """The keys of the page of recorded sessions. Those with another meaning on it cannot be
    clicked."""
    local = (
        ("move.open", "open"),
        ("session.go_on", "go on"),
        ("events.filter", "filter"),
    )
    return [
        *((key_of(name, keymap), word, "") for name, word in local),
        ("< >", "sort", ""),
        ("d", "delete", ""),
        (key_of("console.sessions", keymap), "close", BY_ID["console.sessions"].full_action),
    ]


def in_force_keys(keymap: Mapping[str, str]) -> list[Key]:
    """The keys of the page with the settings in force. Those with another meaning on it cannot be
    clicked."""
    local = (
        ("move.open", "to the field"),
        ("session.on_air", "all keys"),
        ("events.copy", "copy as TOML"),
    )
    tabs = f"{key_of('tab.previous', keymap)} {key_of('tab.next', keymap)}"
    words = (("tune.save", "save into the file"), ("tune.in_force", "close"))
    return [
        *((key_of(name, keymap), word, "") for name, word in local),
        (tabs, "tab", ""),
        *((key_of(name, keymap), word, BY_ID[name].full_action) for name, word in words),
    ]
