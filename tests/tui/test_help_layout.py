"""The lines of the help at several widths, in any keymap."""

import pytest
from voicelive_tui.tui.command_words import NUMBERED, WORDS, in_groups, words_of
from voicelive_tui.tui.commands import COMMANDS
from voicelive_tui.tui.help_layout import help_lines, key_columns, sign_lines
from voicelive_tui.tui.widgets.spans import cells

from tests.tui.support.spans import text_of

CONFIG = "/home/somebody/.config/voicelive-tui/config.toml"
SIZES = [(79, 17), (99, 23), (199, 43)]


@pytest.mark.parametrize(("width", "height"), [*SIZES, (39, 8), (139, 33)])
@pytest.mark.parametrize("keymap", [{}, {c.id: f"ctrl+shift+f{n}" for n, c in enumerate(COMMANDS)}])
def test_no_line_is_wider_than_the_page(width: int, height: int, keymap: dict[str, str]) -> None:
    lines, _ = help_lines(keymap, CONFIG, width, height)
    assert [text_of(line) for line in lines if cells(line) > width] == []


@pytest.mark.parametrize(("width", "columns", "rows"), [(79, 2, 21), (99, 3, 13), (199, 6, 9)])
def test_the_keys_stand_in_columns_by_the_width(width: int, columns: int, rows: int) -> None:
    lines = key_columns({}, width)
    heads = text_of(lines[0]).split()
    assert len(heads) == columns and heads[0] == "TALK"
    assert len(lines) <= rows + 4


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_names_begin_at_the_top_of_a_page(width: int, height: int) -> None:
    lines, names_at = help_lines({}, CONFIG, width, height)
    assert "commands by name" in text_of(lines[names_at])
    if width >= 139:
        assert names_at == height


def test_every_command_is_in_the_list_with_its_keys_its_name_and_its_sentence() -> None:
    lines, names_at = help_lines({}, CONFIG, 199, 43)
    names = [text_of(line) for line in lines[names_at:]]
    for command in COMMANDS:
        (line,) = [line for line in names if f" {command.id} " in line]
        assert command.help in line
    assert CONFIG in " ".join(names)


def test_every_command_has_words_of_its_own() -> None:
    listed = [command for commands in in_groups().values() for command in commands]
    assert sorted(each.id for each in listed) == sorted(each.id for each in COMMANDS)
    names = [words_of(command).name for command in COMMANDS]
    assert len(names) == len(set(names))
    assert {each.id for each in COMMANDS} - set(NUMBERED) - set(WORDS) == set()


def test_the_tabs_are_one_range_until_one_of_them_is_remapped() -> None:
    assert any("[ ] 1-9" in text_of(line) for line in key_columns({}, 99))
    assert not any("1-9" in text_of(line) for line in key_columns({"tab.4": "f4"}, 99))


@pytest.mark.parametrize("width", [79, 99, 199])
@pytest.mark.parametrize(
    "word", ["> sent", "● on air", "▌ heard up to here", "≈ like what was playing", "◆ your mark",
             "heard after", "p50 p95", "tok", "drops", "gaps", "rec", "expires", "dBFS", "sound"],
)  # fmt: skip
def test_the_words_of_the_status_and_meter_rows_are_explained(width: int, word: str) -> None:
    assert word in "\n".join(text_of(line) for line in sign_lines(width))
