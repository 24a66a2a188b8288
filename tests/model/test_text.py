"""What a terminal is given to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.text import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("Grüße, 世界 👩‍👩‍👧", "Grüße, 世界 👩‍👩‍👧"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\x9b2Jb\x7f", "a\\x9b2Jb\\x7f"),
        ("one\ntwo\r\nthree", "one two three"),
        ("a\tb", "a    b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("lone \ud83d", "lone \\ud83d"),
        ("a\u2028b", "a\\u2028b"),
    ],
)
def test_controls_are_written_out(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_line_ends_stay_when_they_are_wanted() -> None:
    assert printable("one\r\ntwo\x07", newlines=True) == "one\ntwo\\x07"


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert shown.isascii() or shown.encode("utf-8")
