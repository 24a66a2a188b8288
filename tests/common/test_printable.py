"""The text that is sent to a terminal."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_common.printable import MOST_ACCENTS, MOST_MARKS, printable, single_line


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
        ("pay\u200bpal", "pay\\u200bpal"),
        ("pay\u200dpal", "pay\\u200dpal"),
        ("soft\xadhyphen", "soft\\xadhyphen"),
        ("\ufeffx\u2060\u2064", "\\ufeffx\\u2060\\u2064"),
        ("hi \U000e0068\U000e0069", "hi \\U000e0068\\U000e0069"),
        ("👍\U000e0141\U000e0142", "👍\\U000e0141\\U000e0142"),
        ("👍\ufe0f\ufe0f", "👍\ufe0f\\ufe0f"),
        ("x\ufe0f", "x\\ufe0f"),
        ("\u0915\u200d\u200d", "\u0915\\u200d\\u200d"),
        ("a\u3164b", "a\\u3164b"),
        ("🏴\U000e0068\U000e007f", "🏴\\U000e0068\\U000e007f"),
        ("a" + "\u0301" * 6, "a" + "\u0301" * 4 + "\\u0301" * 2),
        ("\u0e2a" + "\u0e47" * 9, "\u0e2a" + "\u0e47" * 8 + "\\u0e47"),
        ("\u1100" + "\u1161" * 9, "\u1100" + "\u1161" * 8 + "\\u1161"),
        ("\u093e x", "\u25cc\u093e x"),
        ('"\u0301', '"\u25cc\u0301'),
        ("a\n\u0301", "a \u0301"),
        ("\U0010ffff", "\\U0010ffff"),
    ],
)
def test_controls_are_written_out(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍🚒 ❤️‍🔥 🏳️‍🌈 1️⃣ #️⃣ ‼️ 〰️ 🇩🇪",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم کتاب\u200cها را",  # noqa: RUF001
        "ه\u200d مُحَمَّدٌ \u06dd١",  # noqa: RUF001
        "क्\u200dष ക്\u200d क्षत्रिय हिन्दी में",
        "שָׁלוֹם בְּרֵאשִׁ֖ית",
        "ไม่ได้น้ำ ที่นี่ ကျွန်ုပ် ខ្ញុំ ស្រី",
        "བསྒྲུབས ཀྵྨླྺྱཾ",
        unicodedata.normalize("NFD", "Việt Nam, ǘ, café, Åström, ἄ̓, 한국어 각 있다"),
        "葛\U000e0100城 ≨\ufe00 ᠠ\u180bᠮ",
        "a new emoji: \U0001fa77",
    ],
)
def test_what_honest_text_needs_stays(text: str) -> None:
    assert printable(text) == text


def test_a_line_in_a_sentence_hides_nothing_either() -> None:
    assert (
        single_line("a\x1b\u200bb\u3164\n" + "c" + "\u0301" * 5, 99)
        == "a b\\u3164 c" + "\u0301" * 4 + "\\u0301"
    )


def test_line_ends_stay_when_they_are_wanted() -> None:
    assert printable("one\r\ntwo\x07", newlines=True) == "one\ntwo\\x07"


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert shown.isascii() or shown.encode("utf-8")


INVISIBLE = st.sampled_from(
    [
        chr(code)
        for code in (
            0xAD,
            0x34F,
            0x61C,
            0x115F,
            0x17B4,
            0x180B,
            0x180E,
            0x3164,
            0xFEFF,
            0xFFA0,
            0xFFF9,
            0xE0001,
            0xE0100,
        )
    ]
    + [
        chr(code)
        for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
    ]
    + [chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0061, 0xE0080))]
)
MARK = st.sampled_from(
    "\u0301\u0327\u0488\u05b8\u064e\u0e47\u094d\u093e\u1161\u11a8\u20dd\u1dc0\U0001e8d0"
)
BASE = st.sampled_from(
    'a1#" '
    "\n.\u0627\u060c\u0915\u1820\u4e16\u2268\u1100\u2764\u203c\U0001f3f4\U0001f469\U0001f3fd\u25cc"
)
HOSTILE = st.lists(INVISIBLE | MARK | BASE | st.characters(), max_size=40).map("".join)
ALONE_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]"
)
UNSEEN = re.compile("[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")


@settings(max_examples=500)
@given(HOSTILE, st.booleans())
def test_nothing_hides_or_reorders_text(text: str, newlines: bool) -> None:
    shown = printable(text, newlines=newlines)
    tags_of_flags = re.sub("(?<=\U0001f3f4)[\U000e0061-\U000e007a]{5}\U000e007f", "", shown)
    assert not ALONE_UNSEEN.search(tags_of_flags)
    for found in UNSEEN.finditer(tags_of_flags):
        before = tags_of_flags[found.start() - 1 : found.start()]
        assert before and before != found[0]
        assert not before.isascii() or re.match(
            "[0-9#*]\ufe0f\u20e3", tags_of_flags[found.start() - 1 :]
        )


@settings(max_examples=500)
@given(HOSTILE)
def test_marks_stand_on_a_base_and_are_few(text: str) -> None:
    stack = accents = 0
    before = ""
    for char in printable(text):
        if unicodedata.category(char) in ("Mn", "Me", "Mc") or "\u1160" <= char <= "\u11ff":
            assert before, "a mark at the beginning would stand on what is shown before"
            stack, accents = stack + 1, accents + ("\u0300" <= char <= "\u036f")
        else:
            stack = accents = 0
        assert stack <= MOST_MARKS and accents <= MOST_ACCENTS
        before = char


@given(HOSTILE)
def test_what_is_shown_is_at_most_ten_cells_a_character_and_showing_it_again_changes_nothing(
    text: str,
) -> None:
    shown = printable(text)
    assert len(shown) <= 10 * len(text)
    assert printable(shown) == shown


def test_every_mark_is_counted_whatever_its_script() -> None:
    marks = [
        chr(code)
        for code in range(0x300, 0x110000)
        if unicodedata.category(chr(code)) in ("Mn", "Me")
    ]
    left = {mark for mark in marks if mark * (MOST_MARKS + 1) in printable("\u0915" + mark * 30)}
    assert left == set()
