"""Text in rows: no word is broken but one that is longer than a row, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes
from voicelive_tui.tui.widgets.line_breaks import break_rows, wrapped
from voicelive_tui.tui.widgets.spans import cells

WORDS = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" \n▌日本語。「👩\u200d🇳🇴א"),
    max_size=80,
)


def rows(text: str, first: int, room: int) -> list[str]:
    return [text[start:end] for start, end in break_rows(text, first, room)]


@pytest.mark.parametrize(
    ("text", "first", "room", "expected"),
    [
        ("", 10, 10, [""]),
        ("one two three", 20, 20, ["one two three"]),
        ("one two three", 7, 9, ["one two", "three"]),
        ("one two three", 3, 9, ["one", "two three"]),
        ("one\n\ntwo", 9, 9, ["one", "", "two"]),
        ("a  b", 9, 9, ["a  b"]),
        (
            "see https://example.org/parcels now",
            12,
            12,
            ["see https://", "example.org/", "parcels now"],
        ),
        ("is 明日の天気です", 8, 10, ["is 明日", "の天気です"]),
        ("明日。明日。", 5, 8, ["明", "日。明", "日。"]),
        ("the driver▌has eleven", 11, 20, ["the driver▌", "has eleven"]),
        ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 3, 4, ["👩‍👩‍👧", "👩‍👩‍👧👩‍👩‍👧"]),
        ("שלום לכולם", 6, 6, ["שלום", "לכולם"]),
    ],
)
def test_rows_end_between_words(text: str, first: int, room: int, expected: list[str]) -> None:
    assert rows(text, first, room) == expected


@given(WORDS, st.integers(2, 40), st.integers(8, 40))
def test_nothing_is_lost_and_every_row_fits(text: str, first: int, room: int) -> None:
    shown = rows(text, min(first, room), room)
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert all(cell_len(row) <= room for row in shown)
    assert cell_len(shown[0]) <= min(first, room)


@given(WORDS, st.integers(8, 40))
def test_no_reader_s_character_is_cut_in_two(text: str, room: int) -> None:
    starts = {start for start, _ in break_rows(text, room, room)}
    for word_start, word in _words(text):
        inside = {word_start + first for first, _, _ in split_graphemes(word)[0]}
        assert {at for at in starts if word_start < at < word_start + len(word)} <= inside


@given(st.text("abc dé", max_size=60), st.integers(8, 30))
def test_a_word_that_fits_into_a_row_is_whole(text: str, room: int) -> None:
    whole = {word for row in rows(text, room, room) for word in row.split()}
    assert {word for word in text.split() if len(word) <= room} <= whole


@given(st.lists(st.tuples(WORDS, st.sampled_from("abc"))), st.integers(8, 40))
def test_every_letter_keeps_its_look(spans: list[tuple[str, str]], room: int) -> None:
    lines = wrapped(spans, room, room)
    letters = [(char, look) for text, look in spans for char in text if not char.isspace()]
    assert [
        (char, look) for row in lines for text, look in row for char in text if not char.isspace()
    ] == letters
    assert all(cells(row) <= 2 * room for row in lines)


def _words(text: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((at, word))
        at += len(word)
    return found
