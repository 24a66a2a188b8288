"""The keys of commands in the user's own keymap: on the screen, in sentences, and in the config
file."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from textual.keys import KEY_NAME_REPLACEMENTS, Keys
from voicelive_common.printable import printable

from voicelive_tui.tui.commands import BY_ID, COMMANDS

DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({})
"""The keymap of a user who changed no key."""

_NAMED = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_KEY_NAMES = frozenset(
    {*(key.value for key in Keys), *KEY_NAME_REPLACEMENTS.values(), "space", "backspace"}
)

_SHOWN = {
    "slash": "/", "question_mark": "?", "plus": "+", "minus": "-",
    "equals_sign": "=", "enter": "Enter", "escape": "Esc",
    "backspace": "Backspace", "tab": "Tab", "shift+tab": "Shift+Tab", "pagedown": "PgDn",
    "pageup": "PgUp", "up": "Up", "down": "Down", "left": "Left", "right": "Right",
    "home": "Home", "end": "End", "comma": ",", "left_square_bracket": "[",
    "right_square_bracket": "]", "left_parenthesis": "(", "right_parenthesis": ")",
    "f1": "F1", "upper_n": "N",
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


@dataclass(frozen=True, slots=True)
class KeymapFault:
    """An entry of `[keys]` that cannot be used. command_id: the entry's name, empty for the table
    as a whole. text: a clause without a full stop."""

    command_id: str
    text: str


def check_keymap(table: object) -> tuple[dict[str, str], tuple[KeymapFault, ...]]:
    """The usable entries of a config file's `[keys]` table, and a fault for each unusable one.

    A value is one key, or several separated by commas (`"f5"`, `"x,ctrl+x"`). If two commands share
    a key, the one that the table names gets it; if the table names both, the first in the help.
    """
    if not isinstance(table, dict):
        wrong = KeymapFault("", '[keys] must be a table of command = "key"')
        return {}, (wrong,) if table is not None else ()
    keymap: dict[str, str] = {}
    faults: list[KeymapFault] = []
    for name, keys in _flat(table):
        if fault := _entry_fault(name, keys):
            faults.append(KeymapFault(name, fault))
        else:
            keymap[name] = str(keys)
    return keymap, (*faults, *_clashes(keymap))


def _entry_fault(name: str, keys: object) -> str:
    """Why an entry cannot be used; empty if it can."""
    if name not in BY_ID:
        return f'[keys] names no command "{printable(name)}"; the help lists the commands'
    if not isinstance(keys, str) or not keys.strip():
        return f'[keys] {name} must be a key such as "f5"'
    wrong = next((key.strip() for key in keys.split(",") if not is_key(key.strip())), None)
    return "" if wrong is None else f'[keys] {name}: there is no key "{printable(wrong)}"'


def is_key(name: str) -> bool:
    """Whether this is one of Textual's names of keys, such as `f5`, `ctrl+x` or `question_mark`."""
    *modifiers, key = name.split("+")
    if not key or not set(modifiers) <= _MODIFIERS:
        return name == "+"
    return len(key) == 1 or key in _KEY_NAMES or _is_character_name(key)


def _is_character_name(key: str) -> bool:
    try:
        unicodedata.lookup(key.removeprefix("upper_").replace("_", " "))
    except KeyError:
        return key.startswith("upper_") and len(key) == len("upper_") + 1
    return True


def _flat(table: dict[str, object]) -> list[tuple[str, object]]:
    """Join nested names: TOML reads `session.toggle = "f5"` as nested tables."""
    out: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            out += [(f"{name}.{inner}", member) for inner, member in _flat(value)]
        else:
            out.append((name, value))
    return out


def _clashes(keymap: dict[str, str]) -> list[KeymapFault]:
    """A fault for each pair of commands with keys in common, whatever the number of the keys."""
    owners: dict[str, str] = {}
    lost: dict[tuple[str, str], list[str]] = {}
    for command in sorted(COMMANDS, key=lambda command: command.id not in keymap):
        for key in keymap.get(command.id, command.keys).split(","):
            owner = owners.setdefault(key.strip(), command.id)
            if owner != command.id:
                lost.setdefault((command.id, owner), []).append(shown_key(key))
    return [_clash(loser, owner, keys) for (loser, owner), keys in lost.items()]


def _clash(loser: str, owner: str, keys: list[str]) -> KeymapFault:
    named = f"the key{'s' if len(keys) > 1 else ''} {' and '.join(keys)}"
    return KeymapFault(owner, f'"{loser}" has lost {named}, which "{owner}" has')
