"""A `.env` file costs little, whoever wrote it."""

from pathlib import Path

import pytest
from voicelive_tui.engine.config.dotenv_file import MOST_CHARACTERS, read_dotenv
from voicelive_tui.engine.config.settings import SettingsError, load_settings, odd_dotenv_lines


def test_a_long_run_of_blanks_is_read_in_a_moment(tmp_path: Path) -> None:
    # The parser alone would take minutes for this.
    run = " " * (MOST_CHARACTERS - 100)
    (tmp_path / ".env").write_text(f"A=x{run}y\nAZURE_VOICELIVE_MODEL=m{' ' * 40}# c\n")
    bindings = read_dotenv(tmp_path / ".env")
    assert [binding.original.line for binding in bindings] == [1, 2]
    assert load_settings({}, folder=tmp_path).model == "m"


def test_a_file_that_is_too_large_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n" * (MOST_CHARACTERS // 4 + 1))
    with pytest.raises(SettingsError, match=r"larger than 128 KiB.*or remove it"):
        load_settings({}, folder=tmp_path)


def test_many_odd_lines_are_counted_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("=\n" * 30_000)
    odd = odd_dotenv_lines(load_settings({}))
    assert len(odd) == 6
    assert odd[-1] == ".env has 29995 more such lines."
