"""The keys of commands in the user's own keymap: on the screen, in sentences, and in the config
file."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from voicelive_tui.tui.commands import BY_ID, COMMANDS

DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({})
"""The keymap of a user who changed no key."""

_NAMED = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")

_SHOWN = {
    "slash": "/", "question_mark": "?", "plus": "+", "enter": "Enter", "escape": "Esc",
    "backspace": "Backspace", "tab": "Tab", "shift+tab": "Shift+Tab", "pagedown": "PgDn",
    "pageup": "PgUp", "up": "Up", "down": "Down", "home": "Home", "end": "End",
    "left_square_bracket": "[", "right_square_bracket": "]", "f1": "F1", "upper_n": "N",
}  # fmt: skip


def shown_key(key: str) -> str:
    """A key as it is labelled on the keyboard: `slash` is `/`, `ctrl+p` is `^p`."""
    key = key.strip()
    if key in _SHOWN:
        return _SHOWN[key]
    if key.startswith("upper_"):
        return key.removeprefix("upper_").upper()
    return "^" + key.removeprefix("ctrl+") if key.startswith("ctrl+") and len(key) == 6 else key


def keys_of(command_id: str, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command as shown, in the user's own keymap. Empty if the user gave all of them
    to other commands."""
    own = keymap.get(command_id)
    if own is not None:
        return tuple(shown_key(key) for key in own.split(","))
    taken = {key.strip() for keys in keymap.values() for key in keys.split(",")}
    return tuple(shown_key(key) for key in BY_ID[command_id].keys.split(",") if key not in taken)


def key_of(command_id: str, keymap: Mapping[str, str]) -> str:
    """The first key of a command as shown; the command's id if it has no key."""
    return next(iter(keys_of(command_id, keymap)), command_id)


def with_keys(sentence: str, keymap: Mapping[str, str]) -> str:
    """Replace each command that a sentence names in braces by its key: "{session.toggle} starts
    it." becomes "s starts it.".

    Invariant: the sentence is a constant of this program, never text from the service, a profile or
    a file, whose braces name no commands.
    """
    return _NAMED.sub(lambda found: key_of(found[1], keymap), sentence)


def check_keymap(table: object) -> tuple[dict[str, str], tuple[str, ...]]:
    """The usable entries of a config file's `[keys]` table, and a sentence for each unusable one.

    A value is one key, or several separated by commas (`"f5"`, `"x,ctrl+x"`). If two commands share
    a key, the one that the table names gets it; if the table names both, the first in the help.
    """
    if not isinstance(table, dict):
        return {}, (
            '[keys] in the config file must be a table of command = "key".',
        ) if table is not None else ()
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for name, keys in _flat(table):
        if name not in BY_ID:
            problems.append(f"[keys] names no command {name!r}; the help lists the commands.")
        elif not isinstance(keys, str) or not keys.strip():
            problems.append(f'[keys] {name} must be a key such as "f5".')
        else:
            keymap[name] = keys
    return keymap, (*problems, *_clashes(keymap))


def _flat(table: dict[str, object]) -> list[tuple[str, object]]:
    """Join nested names: TOML reads `session.toggle = "f5"` as nested tables."""
    out: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            out += [(f"{name}.{inner}", member) for inner, member in _flat(value)]
        else:
            out.append((name, value))
    return out


def _clashes(keymap: dict[str, str]) -> list[str]:
    owners: dict[str, str] = {}
    problems = []
    for command in sorted(COMMANDS, key=lambda command: command.id not in keymap):
        for key in keymap.get(command.id, command.keys).split(","):
            owner = owners.setdefault(key.strip(), command.id)
            if owner != command.id:
                problems.append(
                    f"[keys] {command.id} and {owner} share the key {shown_key(key)!r}; {owner} "
                    "has it."
                )
    return problems
