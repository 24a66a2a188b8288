"""The palette's entries, and which of them are meant by what somebody types. Pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.command_words import (
    CONSOLE,
    NUMBERED,
    TALK,
    TUNE,
    in_groups,
    words_of,
)
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.keymap import keys_of
from voicelive_tui.tui.widgets.spans import Span, fit

GROUP_CELLS: Final = 11
NAME_CELLS: Final = 36
KEY_CELLS: Final = 12
HELP_FROM: Final = 90
"""The narrowest row, in cells, that has room for the sentence behind a name."""

_NOT_LISTED: Final = frozenset({
    "console.palette", "move.down", "move.up", "move.page_down", "move.page_up", "move.top",
    "move.bottom", "move.back", "move.next_pane", "move.previous_pane",
})  # fmt: skip
_NEEDS_CONNECTION: Final = frozenset(
    {"talk.toggle", "talk.interrupt", "talk.again", "session.on_air", "session.restart"}
)
_LOOKS_AT_RECORDED: Final = frozenset({"profile.show"})


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """What can be chosen. id: the command's, as in the config file. key: as shown, empty without
    one. action: with its namespace. words: more words to find it by."""

    id: str
    group: str
    name: str
    key: str
    action: str
    help: str
    words: str = ""


_MORE: Final = (
    PaletteEntry(
        "console.theme", CONSOLE, "Theme...", "", "app.choose_theme",
        "Choose the colours, which are kept for the next run",
        "colour color dark light contrast appearance style",
    ),
    PaletteEntry(
        "console.screenshot", CONSOLE, "Screenshot", "", "app.save_screenshot",
        "Save a picture of the screen (SVG) in the state folder",
        "picture image svg capture save print",
    ),
)  # fmt: skip
"""What has no key of its own."""

_PROFILE: Final = (
    PaletteEntry(
        "profile.save_as",
        TUNE,
        "Save the profile as...",
        "",
        "app.save_profile_as",
        "Write the profile into a new file, which this tab has from then on",
        "copy new name duplicate profile toml file starter",
    ),
    PaletteEntry(
        "profile.revert",
        TUNE,
        "Take back unsaved changes...",
        "",
        "app.revert_profile",
        "Give this tab the settings that are in the profile's file",
        "undo discard reset revert profile settings",
    ),
    PaletteEntry(
        "profile.changes",
        TUNE,
        "Unsaved changes",
        "",
        "app.show_profile_changes",
        "Show what saving would change in the profile's file",
        "difference diff compare profile settings",
    ),
)
"""What is done with a profile that was changed; the page of settings has keys for some of it."""


def all_entries(keymap: Mapping[str, str]) -> list[PaletteEntry]:
    """Every entry, group by group."""
    entries = [
        PaletteEntry(
            command.id, group, words_of(command).name, " ".join(keys_of(command.id, keymap)),
            command.full_action, command.help, words_of(command).others,
        )
        for group, commands in in_groups().items()
        for command in commands
        if command.id not in _NOT_LISTED
    ]  # fmt: skip
    return [*entries, *_PROFILE, *_MORE]


def window_entries() -> list[PaletteEntry]:
    """What can be done over a window that the commands do not act on."""
    return list(_MORE)


def theme_entries(names: Iterable[str], current: str) -> list[PaletteEntry]:
    """An entry for each theme."""
    return [
        PaletteEntry(
            name, "Theme", name, "in use" if name == current else "",
            f"app.use_theme({name!r})", "",
        )
        for name in sorted(names)
    ]  # fmt: skip


def usable_entries(
    entries: Sequence[PaletteEntry], session: SessionSnapshot | None
) -> list[PaletteEntry]:
    """The entries that have an effect on the session now, to be listed before anything is typed.
    Whether one really has is for the engine to say: the others are found by their words."""
    return [entry for entry in entries if _is_usable(entry, session)]


def _is_usable(entry: PaletteEntry, session: SessionSnapshot | None) -> bool:
    if entry.id in NUMBERED:
        return False
    if session is None:
        return entry.group == CONSOLE or entry.id == "tab.open" or entry.id == "console.notices"
    if session.state is SessionState.RECORDED:
        return entry.group not in (TALK, TUNE) or entry.id in _LOOKS_AT_RECORDED
    return session.state in RUNNING or entry.id not in _NEEDS_CONNECTION


def found_entries(entries: Sequence[PaletteEntry], typed: str) -> list[PaletteEntry]:
    """The entries that every typed word means, the best first. Letters in their order are enough
    only if no word is found."""
    tokens = typed.lower().split()
    return _ranked(entries, tokens, _word_distance) or _ranked(entries, tokens, _letter_distance)


def _ranked(
    entries: Sequence[PaletteEntry],
    tokens: Sequence[str],
    distance: Callable[[PaletteEntry, str], int | None],
) -> list[PaletteEntry]:
    """The entries that have a distance to each of the tokens, the nearest first."""
    found: list[tuple[int, PaletteEntry]] = []
    for entry in entries:
        each = [distance(entry, token) for token in tokens]
        near = [number for number in each if number is not None]
        if len(near) == len(each):
            found.append((sum(near), entry))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _word_distance(entry: PaletteEntry, token: str) -> int | None:
    """How far the token is from being the entry's name, from 0; None if no word begins with it."""
    places = (
        entry.name.lower(), entry.words, entry.id.replace(".", " ").replace("_", " "),
        entry.group.lower(), entry.help.lower(),
    )  # fmt: skip
    if token in (entry.id, entry.key.lower()):
        return 0
    if "." in token and entry.id.startswith(token):
        return 1
    for rank, place in enumerate(places):
        words = [word.strip("(),.;:'$") for word in place.split()]
        if token in words:
            return 2 * rank
        if any(word.startswith(token) for word in words):
            return 2 * rank + 1
    return None


def _letter_distance(entry: PaletteEntry, token: str) -> int | None:
    """The letters of the name between those of the token; None if it has not all of them in their
    order."""
    rest = entry.name.lower()
    first = at = rest.find(token[0])
    for letter in token[1:]:
        at = rest.find(letter, at + 1) if at >= 0 else -1
    return None if at < 0 or len(token) < 2 else at - first


def entry_spans(entry: PaletteEntry, group: str, width: int, *, chosen: bool) -> list[Span]:
    """One row: the group, empty where it is that of the row above, the name, the key at the right
    edge."""
    key = fit(entry.key, max(0, width // 3)).rjust(KEY_CELLS)
    left: list[Span] = [
        (" ▸ " if chosen else "   ", "mark"),
        (fit(group.upper(), GROUP_CELLS - 1).ljust(GROUP_CELLS), "dim"),
    ]
    room = width - 3 - GROUP_CELLS - len(key) - 4
    name = fit(entry.name, max(0, room))
    if width >= HELP_FROM and entry.help:
        name = f"{fit(name, NAME_CELLS - 1):{NAME_CELLS}}"
        rest = fit(entry.help, max(0, room - len(name)))
        text: list[Span] = [(name, ""), (rest.ljust(max(0, room - len(name))), "dim")]
    else:
        text = [(name.ljust(max(0, room)), "")]
    return [*left, *text, (f" {key}   ", "keycap")]
