"""The table of commands and the keys that a user gives them."""

import pytest
from textual.binding import Binding
from textual.screen import Screen
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.commands import COMMANDS
from voicelive_tui.tui.keymap import check_keymap, keys_of
from voicelive_tui.tui.screens.console import ConsoleScreen
from voicelive_tui.tui.screens.help import HelpScreen
from voicelive_tui.tui.screens.palette import PaletteScreen
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile import ProfileScreen
from voicelive_tui.tui.screens.text_modal import TextModal

DESIGNED = {
    "session.toggle": "s", "talk.toggle": "t", "session.mute": "m", "talk.interrupt": "x",
    "talk.message": "i", "session.on_air": "a", "talk.answer": "r", "talk.again": "A",
    "talk.event": "colon", "move.next_pane": "tab", "move.previous_pane": "shift+tab",
    "move.down": "down,j", "move.up": "up,k", "move.page_down": "pagedown",
    "move.page_up": "pageup", "move.top": "g,home", "move.bottom": "G,end", "move.open": "enter",
    "move.back": "escape,backspace", "move.previous_turn": "left_parenthesis",
    "move.next_turn": "right_parenthesis", "move.slowest": "L", "events.follow": "f",
    "move.zoom": "z",
    "look.hear": "space", "console.notices": "v", "events.filter": "slash",
    "events.next_match": "n", "events.previous_match": "N", "events.next_error": "e",
    "events.previous_error": "E", "events.collapse": "c", "events.from_here": "F",
    "events.shade": "H", "events.pair": "P", "events.mark": "M", "events.mark_now": "b",
    "events.note": "B", "events.copy": "y", "events.copy_turn": "Y", "events.export": "w",
    "tune.settings": "comma", "tune.in_force": "D", "session.restart": "R", "tune.devices": "d",
    "profile.show": "p", "profile.edit": "ctrl+e", "measure.compare": "C", "measure.sweep": "W",
    "measure.tests": "T", "tab.open": "plus,o,ctrl+n", "tab.close": "ctrl+w",
    "tab.next": "right_square_bracket,ctrl+right", "tab.previous": "left_square_bracket,ctrl+left",
    **{f"tab.{n}": str(n) for n in range(1, 10)}, "console.sessions": "O",
    "console.help": "question_mark,f1", "console.palette": "ctrl+p", "console.suspend": "ctrl+z",
    "console.quit": "q,ctrl+q,ctrl+c",
}  # fmt: skip
"""The keys of the design's table, for the commands of later versions, too."""


def test_every_command_exists_and_has_a_key_of_its_own() -> None:
    assert check_keymap({}) == ({}, ())
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))
    for command in COMMANDS:
        namespace, _, action = command.full_action.partition(".")
        assert hasattr(
            ConsoleApp if namespace == "app" else ConsoleScreen, f"action_{action.split('(')[0]}"
        ), command.id


def test_a_keymap_is_taken_as_far_as_it_makes_sense() -> None:
    keymap, faults = check_keymap(
        {
            "session": {"toggle": "f5"},
            "events": {"folow": "x"},
            "talk.interrupt": 5,
            "session.mute": "t",
        }
    )
    assert keymap == {"session.toggle": "f5", "session.mute": "t"}
    assert [fault.command_id for fault in faults] == [
        "events.folow",
        "talk.interrupt",
        "session.mute",
    ]
    assert faults[-1].text == '"talk.toggle" has lost the key t, which "session.mute" has'
    assert keys_of("session.toggle", keymap) == ("f5",)
    assert check_keymap("no")[1]


def test_every_command_has_the_keys_of_the_design() -> None:
    given = {command.id: command.keys for command in COMMANDS}
    designed = {name: keys for name, keys in DESIGNED.items() if name in given}
    assert {name: given[name] for name in designed} == designed
    later = {key: name for name, keys in DESIGNED.items() for key in keys.split(",")}
    taken = {
        key: command.id
        for command in COMMANDS
        for key in command.keys.split(",")
        if later.get(key, command.id) != command.id
    }
    assert taken == {}, "keys that are meant for other commands"


@pytest.mark.parametrize("window", [HelpScreen, PaletteScreen, PickerScreen, ProfileScreen])
def test_no_two_commands_of_a_window_share_a_key(window: type[Screen[object]]) -> None:
    bindings = [
        binding
        for kind in (window, TextModal)
        if issubclass(window, kind)
        for binding in kind.BINDINGS
        if isinstance(binding, Binding)
    ]
    actions: dict[str, set[str]] = {}
    for binding in bindings:
        for key in binding.key.split(","):
            actions.setdefault(key, set()).add(binding.action)
    assert {key: named for key, named in actions.items() if len(named) > 1} == {}
