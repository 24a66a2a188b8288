"""The key that mutes at this machine, as terminals report it."""

import pytest
from voicelive_tui.ssh.mute_key import split_keys


@pytest.mark.parametrize(
    "key",
    [
        b"\x1c",
        b"\x1b[92;5u",
        b"\x1b[92;5:1u",
        b"\x1b[92;5:2u",
        b"\x1b[92;69u",  # caps lock
        b"\x1b[92;133u",  # num lock
        b"\x1b[92:124;5u",  # with the letter of shift
        b"\x1b[92::92;5;92u",  # with the letter of another layout, and with the text
        b"\x1b[27;5;92~",
        b"\x1b[27;133;92~",
    ],
)
def test_each_form_of_the_key_is_found_among_others(key: bytes) -> None:
    assert split_keys(b"a" + key + b"b") == (1, b"ab")


@pytest.mark.parametrize(
    "keys", [b"", b"\\", b"\x1b[92;1u", b"\x1b[92;7u", b"\x1b[27;3;92~", b"\x1b[93;5u", b"\x1b["]
)
def test_other_keys_are_left_to_the_program(keys: bytes) -> None:
    assert split_keys(keys) == (0, keys)


def test_its_release_is_no_second_press() -> None:
    assert split_keys(b"\x1b[92;5:1u\x1b[92;5:3u") == (1, b"")
