"""The theme that was chosen in the palette, in the next run."""

from pathlib import Path

import pytest
from voicelive_tui.tui.kept_theme import keep_theme, kept_theme


def test_the_chosen_theme_is_used_again(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert kept_theme(state, "") == ""
    keep_theme(state, "nord", "")
    assert kept_theme(state, "") == "nord"


def test_the_newer_of_choice_and_config_file_wins(tmp_path: Path) -> None:
    keep_theme(tmp_path, "nord", "dracula")
    assert kept_theme(tmp_path, "dracula") == "nord"
    assert kept_theme(tmp_path, "monokai") == "monokai"
    assert kept_theme(tmp_path, "") == ""


@pytest.mark.parametrize("content", ["", "[]", '{"theme": 5}', '{"theme": "nord"}', "\0", "{" * 99])
def test_a_broken_file_changes_nothing(tmp_path: Path, content: str) -> None:
    keep_theme(tmp_path, "nord", "")
    (file,) = tmp_path.iterdir()
    file.write_text(content)
    assert kept_theme(tmp_path, "dracula") == "dracula"
