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
        (b"\x1b[?2048h\x1b[?2048$p", b"\0\0"),
        (b"\x1b[?02048h\x1b[?69h\x1b[?0069;0001000h", b"\0\0\x1b[?1000h"),
        (b"\x1b[?01049h", b"\x1b7\x1b[?6l\x1b[24;1H\x1b[0m\x1b[2K\x1b8\x1b[?1049h" + REGION),
        (b"\x1b[?2048;1000h", b"\x1b[?1000h"),
        (b"\x1b[38;2;1;2;3mx\x1b[0m", b"\x1b[38;2;1;2;3mx\x1b[0m"),
        (b"\x1b]0;title\x07\x1b]52;c;YQ==\x1b\\", b"\x1b]0;title\x07\x1b]52;c;YQ==\x1b\\"),
        (b"\x1b[9\x089;1Hx", b"\0[9\x089;1Hx"),
        (b"\xc2\x9b99;1H", b"\x0099;1H"),
        # What is left out must not join its neighbours to an 8-bit control.
        (b"\xc2\xc2\x80\x9b99;1H", b"\xc2\0\x9b99;1H"),
        (b"\xc2\x1b\x9b99;1H", b"\xc2\0\x9b99;1H"),
        (b"\xc2\x1b[?2048h\x9b99;1H", b"\xc2\0\x9b99;1H"),
        (b"\x1b]0;\xc2\xc2\x80\x9c\x07", b"\x1b]0;\xc2\0\x9c\x07"),
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


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        # Colours, in which the row could be made unreadable; questions about them are allowed.
        (b"\x1b]4;1;rgb:ff/ff/ff\x07", b"\0"),
        (b"\x1b]4;1;?\x07\x1b]11;?\x07", b"\x1b]4;1;?\x07\x1b]11;?\x07"),
        (b"\x1b]10;red\x1b\\", b"\0\x1b\\"),
        # Images, fonts, keys with other meanings, and what starts a program in some terminals.
        (b"\x1b_Ga=T,f=24,s=9,v=900;AAAA\x1b\\", b"\0\x1b\\"),
        (b"\x1bPq#0;2;0;0;0#0~~\x1b\\", b"\0\x1b\\"),
        (b"\x1bP0;1;0{ @\x1b\\", b"\0\x1b\\"),
        (b"\x1b]1337;File=inline=1:AAAA\x07", b"\0"),
        (b"\x1b]9;7;notepad\x07", b"\0"),
        (b"\x1bP+q544e\x1b\\\x1bP$q q\x1b\\", b"\x1bP+q544e\x1b\\\x1bP$q q\x1b\\"),
        # Another encoding, the printer, a self-test, a status line, the keyboard, the window.
        (b"\x1b%@\x1b%G", b"\0\x1b%G"),
        (b"\x1b[5i\x1b[?5i\x1b[4;1y", b"\0\0\0"),
        (b'\x1b[1$}\x1b[2$~\x1b[61"p', b"\0\0\0"),
        (b"\x1b[2h\x1b[12;4h", b"\0\x1b[4h"),
        (b"\x1b[8;2;80t\x1b[2t\x1b[18t", b"\0\0\x1b[18t"),
    ],
)
def test_nothing_hides_the_row_or_takes_the_keyboard(sent: bytes, shown: bytes) -> None:
    assert passed(sent) == shown
    assert passed(*(bytes([byte]) for byte in sent)) == shown


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\", b"\x18"])
def test_a_string_without_end_is_not_kept_and_what_follows_it_is_shown(end: bytes) -> None:
    output = UpperRows(ROWS)
    shown = output.pass_on(b"\x1b]0;")
    shown += b"".join(output.pass_on(b"a" * 100_000) for _ in range(12))
    assert shown == b""
    assert len(output._withheld) < 2_000_000
    assert output.pass_on(end + b"text").endswith(b"text")


def test_a_sequence_without_end_is_not_kept() -> None:
    output = UpperRows(ROWS)
    assert output.pass_on(b"\x1b[" + b"0" * 1_000) == b""
    shown = b"".join(output.pass_on(b"0" * 100_000) for _ in range(12))
    assert shown == b"\0[" + b"0" * 1_201_000
    assert output.pass_on(b";99Htext") == b";99Htext"


def test_endless_modes_are_not_kept() -> None:
    output = UpperRows(ROWS)
    for number in range(500):
        output.pass_on(b"\x1b[?%dh\x1b[?%09dh\x1b[>1u" % (number, number))
    assert len(output.restore()) < 1_000


@pytest.mark.parametrize("sent", [b"\x1b[2J", b"\x1b[J", b"\x1b[?2J", b"\x1b#8", b"\x1b[1;1;9;9$z"])
def test_what_may_erase_the_row_is_noted(sent: bytes) -> None:
    output = UpperRows(ROWS)
    output.touched = False
    output.pass_on(b"text\x1b[2;2H\x1b[K")
    assert not output.touched
    output.pass_on(sent)
    assert output.touched


STARTS = [b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\xc2\x9b", b"24", b"99", b";", b"?1049"]
HALVES = [b"\xc2", b"\x9b"]
ENDS = [b"H", b"r", b"d", b"h", b"\x07", b"\x1b\\", b"\x18", b"\xe2\x94\x80", b"a", b"\n", b"!p"]
PIECES = st.lists(st.sampled_from([*STARTS, *HALVES, *ENDS]), max_size=40).map(b"".join)


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
    assert not re.search(rb"\xc2[\x80-\x9f]", shown)


def test_the_terminal_is_left_as_a_shell_expects_it() -> None:
    output = UpperRows(ROWS)
    output.pass_on(b"\x1b[?1049h\x1b[?25l\x1b[?1006h\x1b[?2004h\x1b[>1u\x1b[?1003h\x1b[?1003l")
    output.pass_on(b"\x1b[?7l\x1b[>4;2m\x1b[5 q\x1b]12;red\x07\x1b[=5u\x1b(0\x1b[4h")
    restored = output.restore()
    for sequence in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[<1u"):
        assert sequence in restored
    for sequence in (
        b"\x1b[?7h",
        b"\x1b[>4m",
        b"\x1b[0 q",
        b"\x1b]112\x07",
        b"\x1b[=0u",
        b"\x1b(B",
    ):
        assert sequence in restored
    assert b"\x1b[?1003l" not in restored
    assert b"\x1b[r" in restored


def test_a_screen_that_was_not_entered_is_not_left() -> None:
    assert b"1049" not in UpperRows(ROWS).restore()
