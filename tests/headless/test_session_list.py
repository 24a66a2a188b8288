"""`voicelive-tui sessions`: the list, and the removal of old sessions after a question."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_common.text_file import open_ordinary
from voicelive_tui.headless.session_list import list_sessions, print_last, prune
from voicelive_tui.journal.in_use import hold_to_show

from tests.support.recorded_folders import record_folder

NOW = datetime.now(UTC)
MONTH = timedelta(days=30)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sessions older than a month and a young one."""
    root = tmp_path / "sessions"
    for days, title in ((50, "first"), (40, "second"), (1, "young")):
        record_folder(root, started=NOW - timedelta(days=days), title=title)
    return root


def titles(root: Path) -> list[str]:
    """The sessions in the folder, the oldest first."""
    return [path.name.partition("_")[2] for path in sorted(root.iterdir())]


def test_the_newest_session_stands_first_with_its_figures(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list_sessions(root) == ExitCode.OK
    out, err = capsys.readouterr()
    head, *rows = out.splitlines()
    assert head.split() == ["when", "profile", "length", "turns", "size", "folder"]
    assert [row.split()[2] for row in rows] == ["young", "second", "first"]
    assert rows[0].split()[3:5] == ["1:02", "5"]
    assert err.startswith("3 sessions, ")


def test_a_broken_session_is_listed_with_its_reason(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = next(path for path in root.iterdir() if path.name.endswith("second"))
    (broken / "events.jsonl").write_bytes(b"")
    list_sessions(root)
    row = next(line for line in capsys.readouterr().out.splitlines() if "second" in line)
    assert row.endswith("_second  events.jsonl: it is empty")


def test_an_empty_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_sessions(tmp_path / "none") == ExitCode.OK
    assert print_last(tmp_path / "none") == ExitCode.FOUND
    out, err = capsys.readouterr()
    assert out == ""
    assert "No session is recorded" in err and "No session that can be read" in err


def test_the_last_session_is_printed_for_scripts(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert print_last(root) == ExitCode.OK
    assert capsys.readouterr().out.strip().endswith("_young")


@pytest.mark.parametrize("answer", ["", "n\n", "no\n", "x\n"])
def test_nothing_is_removed_without_a_yes(
    root: Path, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return answer

    assert prune(root, MONTH, "30d", yes=False, ask=ask) == ExitCode.OK
    assert len(questions) == 1
    assert questions[0].startswith("2 sessions, ") and "older than 30d" in questions[0]
    assert titles(root) == ["first", "second", "young"]
    assert "Nothing was removed." in capsys.readouterr().err


@pytest.mark.parametrize(("yes", "ask"), [(True, None), (False, lambda question: "y\n")])
def test_old_sessions_are_removed_after_a_yes(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    yes: bool,
    ask: Callable[[str], str] | None,
) -> None:
    assert prune(root, MONTH, "30d", yes=yes, ask=ask) == ExitCode.OK
    assert titles(root) == ["young"]
    assert "Removed 2 sessions, " in capsys.readouterr().err


def test_where_nobody_can_be_asked_nothing_is_removed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prune(root, MONTH, "30d", yes=False, ask=None) == ExitCode.USAGE
    assert len(titles(root)) == 3
    assert "add --yes" in capsys.readouterr().err


def test_a_session_in_use_and_what_is_no_session_are_kept(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _ = sorted(root.iterdir())
    outside = record_folder(tmp_path / "outside", started=NOW - timedelta(days=90))
    (root / outside.name).symlink_to(outside)
    (root / "old-notes").mkdir()
    (second / "notes.txt").write_text("mine")
    shown = open_ordinary(first / "events.jsonl")
    hold_to_show(shown)
    assert prune(root, MONTH, "30d", yes=True, ask=None) == ExitCode.OK
    os.close(shown)
    err = capsys.readouterr().err
    assert "first is kept, because a console uses it." in err
    assert "notes.txt, which is no part of a session" in err
    assert len(list(root.iterdir())) == 5 and (outside / "events.jsonl").is_file()
