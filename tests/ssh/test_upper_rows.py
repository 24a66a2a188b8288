"""The output of the console for a terminal whose last row is ours."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.ssh.upper_rows import UpperRows

ROWS = 23
REGION = b"\x1b7\x1b[1;23r\x1b8"


def passed(*chunks: bytes) -> bytes:
    output = UpperRows(ROWS)
    return b"".join(map(output.pass_on, chunks))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"plain \xe2\x94\x80 text\r\n\t", b"plain \xe2\x94\x80 text\r\n\t"),
        (b"\x1b[5;7H", b"\x1b[5;7H"),
        (b"\x1b[H", b"\x1b[1;1H"),
        (b"\x1b[24;7H", b"\x1b[23;7H"),
        (b"\x1b[999;999f", b"\x1b[23;999H"),
        (b"\x1b[99999999999d", b"\x1b[1d"),
        (b"\x1b[30d", b"\x1b[23d"),
        (b"\x1b[40e", b"\x1b[40B"),
        (b"\x1b[r", b"\x1b[1;23r"),
        (b"\x1b[3;24r", b"\x1b[3;23r"),
        (b"\x1bc", b"\x1bc" + REGION),
        (b"\x1b[!p", b"\x1b[!p" + REGION),
        (b"\x1b[?1049l", b"\x1b[?1049l" + REGION),
        (b"\x1b[?2048h\x1b[?2048$p", b""),
        (b"\x1b[?2048;1000h", b"\x1b[?1000h"),
        (b"\x1b[38;2;1;2;3mx\x1b[0m", b"\x1b[38;2;1;2;3mx\x1b[0m"),
        (b"\x1b]0;title\x07\x1b]52;c;YQ==\x1b\\", b"\x1b]0;title\x07\x1b]52;c;YQ==\x1b\\"),
        (b"\x1b[9\x089;1Hx", b"[9\x089;1Hx"),
        (b"\xc2\x9b99;1H", b"99;1H"),
    ],
)
def test_nothing_is_positioned_below_the_programs_rows(sent: bytes, shown: bytes) -> None:
    assert passed(sent) == shown
    assert passed(*(bytes([byte]) for byte in sent)) == shown


@pytest.mark.parametrize(
    "unfinished",
    [b"\x1b", b"\x1b[", b"\x1b[38;5", b"\x1b(", b"\x1b]0;ti", b"\x1b]0;ti\x1b", b"\xe2\x94"],
)
def test_an_unfinished_end_is_withheld(unfinished: bytes) -> None:
    assert passed(b"x" + unfinished) == b"x"


def test_an_endless_sequence_does_not_grow_without_end() -> None:
    output = UpperRows(ROWS)
    shown = sum(len(output.pass_on(b"\x1b]" + b"a" * 100_000)) for _ in range(30))
    assert shown > 1_000_000


@pytest.mark.parametrize("sent", [b"\x1b[2J", b"\x1b[J", b"\x1b[?2J", b"\x1b#8", b"\x1b[1;1;9;9$z"])
def test_what_may_erase_the_row_is_noted(sent: bytes) -> None:
    output = UpperRows(ROWS)
    output.touched = False
    output.pass_on(b"text\x1b[2;2H\x1b[K")
    assert not output.touched
    output.pass_on(sent)
    assert output.touched


STARTS = [b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\xc2\x9b", b"24", b"99", b";", b"?1049"]
ENDS = [b"H", b"r", b"d", b"h", b"\x07", b"\x1b\\", b"\x18", b"\xe2\x94\x80", b"a", b"\n", b"!p"]
PIECES = st.lists(st.sampled_from([*STARTS, *ENDS]), max_size=40).map(b"".join)


@given(PIECES, st.lists(st.integers(0, 120), max_size=6))
def test_where_the_output_is_cut_makes_no_difference_to_what_is_positioned(
    sent: bytes, cuts: list[int]
) -> None:
    edges = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    shown = passed(*(sent[a:b] for a, b in pairwise(edges)))
    for found in re.finditer(rb"\x1b\[(\d*)(?:;\d*)?[Hfd]", shown):
        # 24: our own, which erases the row before the other screen is shown.
        own = shown[: found.start()].endswith(b"\x1b[?6l")
        assert own or int(found[1] or b"1") <= ROWS
    assert b"\xc2\x9b" not in shown


def test_the_terminal_is_left_as_a_shell_expects_it() -> None:
    output = UpperRows(ROWS)
    output.pass_on(b"\x1b[?1049h\x1b[?25l\x1b[?1006h\x1b[?2004h\x1b[>1u\x1b[?1003h\x1b[?1003l")
    restored = output.restore()
    for sequence in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[<u"):
        assert sequence in restored
    assert b"\x1b[?1003l" not in restored
    assert b"\x1b[r" in restored


def test_a_screen_that_was_not_entered_is_not_left() -> None:
    assert b"1049" not in UpperRows(ROWS).restore()
