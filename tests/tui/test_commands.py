"""The table of commands and the keys that a user gives them."""

from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.commands import COMMANDS
from voicelive_tui.tui.keymap import check_keymap, keys_of
from voicelive_tui.tui.screens.console import ConsoleScreen


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
