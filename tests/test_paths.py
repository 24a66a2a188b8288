"""Paths as a user reads them."""

from pathlib import Path

import pytest
from voicelive_tui.paths import DEMO, recording_folder, short_path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that contains the current folder."""
    (tmp_path / "home" / "here").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "home" / "here")
    return tmp_path / "home"


def test_a_path_is_relative_to_the_current_folder_else_to_the_home_folder(home: Path) -> None:
    assert short_path(home / "here" / "profiles" / "a.toml") == str(Path("profiles/a.toml"))
    assert short_path(str(home / "here" / ".env")) == ".env"
    assert short_path(home / "there" / "a.toml") == f"~/{Path('there/a.toml')}"
    assert short_path(home.parent / "a.toml") == str(home.parent / "a.toml")


def test_a_path_below_the_root_keeps_its_slash(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("HOME", "/")
    assert short_path(home) == str(home)


def test_a_current_folder_that_is_gone_is_no_error(home: Path) -> None:
    (home / "here").rmdir()
    assert short_path(home / "a.toml") == "~/a.toml"
    assert short_path("a.toml") == "a.toml"


def test_demo_is_the_recording_of_the_program_unless_there_is_such_a_folder(home: Path) -> None:
    assert (recording_folder(DEMO) / "events.jsonl").is_file()
    Path(DEMO).mkdir()
    assert recording_folder(DEMO) == Path(DEMO)
    assert recording_folder("~/there") == home / "there"
