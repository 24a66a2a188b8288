"""The list of recorded sessions: what it says without reading whole files, and which folders may be
removed."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_common.text_file import open_ordinary
from voicelive_tui.journal.in_use import (
    hold_to_show,
    hold_to_write,
    is_in_use,
    is_written,
)
from voicelive_tui.journal.pruning import NotRemoved, older_sessions, remove_session
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.recorded_sessions import (
    RecordedSession,
    newest_session,
    recorded_session,
    recorded_sessions,
)
from voicelive_tui.model.turns.token_usage import TokenUsage

from tests.support.recorded_folders import STARTED, record_folder


def test_a_session_is_listed_with_what_its_files_say(tmp_path: Path) -> None:
    folder = record_folder(tmp_path)
    (listed,) = recorded_sessions(tmp_path)
    assert (listed.folder, listed.title, listed.started) == (folder, "support", STARTED)
    assert (listed.length_s, listed.turns, listed.cut) == (62.5, 5, 1)
    assert (listed.p50_ms, listed.p95_ms, listed.errors) == (742.0, 1920.0, 0)
    assert listed.size_bytes == sum(path.stat().st_size for path in folder.iterdir())
    assert (listed.problem, listed.running) == ("", False)


@pytest.mark.parametrize(
    ("usage", "listed"),
    [
        ([], ()),
        ("much", ()),
        (
            [{"model": "gpt-4o", "input_text": 7, "output_audio": -1, "cached": "x"}, {}],
            (("gpt-4o", TokenUsage(input_text=7)), ("", TokenUsage())),
        ),
    ],
)
def test_tokens_are_listed_by_model(
    tmp_path: Path, usage: object, listed: tuple[tuple[str, TokenUsage], ...]
) -> None:
    assert recorded_session(record_folder(tmp_path, usage=usage)).usage == listed


def test_the_newest_session_comes_first_whatever_its_folder_is_called(tmp_path: Path) -> None:
    old = record_folder(tmp_path, started=STARTED - timedelta(days=2))
    new = record_folder(tmp_path, started=STARTED)
    os.rename(old, tmp_path / "zzz")
    assert [each.folder.name for each in recorded_sessions(tmp_path)] == [new.name, "zzz"]
    newest = newest_session(tmp_path)
    assert newest is not None and newest.folder == new


def _empty(folder: Path) -> None:
    (folder / "events.jsonl").write_bytes(b"")


def _garbage(folder: Path) -> None:
    (folder / "events.jsonl").write_bytes(b"\xff\0[[[\n{}\n[1]\n" * 40_000)


def _no_events(folder: Path) -> None:
    (folder / "events.jsonl").unlink()


def _linked_events(folder: Path) -> None:
    (folder / "events.jsonl").rename(folder.parent / "elsewhere.jsonl")
    (folder / "events.jsonl").symlink_to(folder.parent / "elsewhere.jsonl")


def _pipe(folder: Path) -> None:
    (folder / "events.jsonl").unlink()
    os.mkfifo(folder / "events.jsonl")


def _broken_meta(folder: Path) -> None:
    (folder / "meta.toml").write_text("[[[")


def _wrong_meta(folder: Path) -> None:
    (folder / "meta.toml").write_text(
        'title = 7\nstarted = "now"\nlength_s = nan\nturns = "many"\nended = 2026-01-01\n'
    )


def _huge_meta(folder: Path) -> None:
    (folder / "meta.toml").write_text("# " + "x" * 2**21)


@pytest.mark.parametrize(
    ("damage", "length_s", "problem"),
    [
        (_empty, None, "events.jsonl: it is empty"),
        (_no_events, None, "events.jsonl: No such file"),
        (_pipe, None, "events.jsonl: it is no ordinary file"),
        (_broken_meta, 62.5, "meta.toml: "),
        (_wrong_meta, 62.5, "not ended"),
        (_huge_meta, 62.5, "larger than 1 MiB"),
    ],
)
def test_a_damaged_session_is_listed_with_the_reason(
    tmp_path: Path, damage: Callable[[Path], None], length_s: float | None, problem: str
) -> None:
    folder = record_folder(tmp_path)
    damage(folder)
    (listed,) = recorded_sessions(tmp_path)
    assert listed.length_s == length_s
    assert problem in listed.problem
    assert listed.title == "support"


@pytest.mark.parametrize("damage", [_empty, _garbage, _no_events, _linked_events, _pipe])
def test_events_that_cannot_be_read_are_said(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = record_folder(tmp_path)
    (folder / "meta.toml").unlink()
    damage(folder)
    (listed,) = recorded_sessions(tmp_path)
    assert listed.length_s is None
    assert listed.problem.startswith("events.jsonl: ")
    assert listed.started == STARTED
    assert newest_session(tmp_path) is None


def test_a_session_whose_last_line_is_torn_has_the_time_of_the_line_before(tmp_path: Path) -> None:
    folder = record_folder(tmp_path)
    (folder / "meta.toml").unlink()
    with (folder / "events.jsonl").open("ab") as file:
        file.write(b'{"n": 2, "t": 99')
    assert recorded_session(folder).length_s == 62.5


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=st.binary(max_size=400), meta=st.binary(max_size=200))
def test_no_content_of_a_folder_raises(tmp_path: Path, events: bytes, meta: bytes) -> None:
    folder = tmp_path / "2026-11-29T12-41-07_support"
    folder.mkdir(exist_ok=True)
    (folder / "events.jsonl").write_bytes(events)
    (folder / "meta.toml").write_bytes(meta)
    assert isinstance(recorded_session(folder), RecordedSession)


def test_figures_that_no_session_can_have_are_unknown(tmp_path: Path) -> None:
    record_folder(tmp_path, length_s=9e15, turns=2**52, cut=-3, errors=-1)
    (listed,) = recorded_sessions(tmp_path)
    assert (listed.length_s, listed.turns, listed.cut, listed.errors) == (62.5, None, None, None)


def test_links_and_other_folders_are_not_sessions(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "sessions", tmp_path / "elsewhere"
    folder = record_folder(elsewhere)
    root.mkdir()
    (root / folder.name).symlink_to(folder)
    (root / "notes").mkdir()
    (root / "2026-11-29T12-41-07_file").write_text("no folder")
    assert recorded_sessions(root) == ()
    for name in (folder.name, "notes", "2026-11-29T12-41-07_file"):
        with pytest.raises(NotRemoved, match="not the folder of a session"):
            remove_session(root, root / name)
    with pytest.raises(NotRemoved):
        remove_session(root, root / ".." / "elsewhere" / folder.name)
    assert (folder / "events.jsonl").is_file()


def test_a_session_that_is_written_or_shown_is_in_use(tmp_path: Path) -> None:
    folder = record_folder(tmp_path)
    writer = open_ordinary(folder / "events.jsonl")
    hold_to_write(writer)
    assert is_written(folder) and is_in_use(folder)
    assert recorded_session(folder).running
    assert newest_session(tmp_path) is None
    assert read_folder(folder).being_written
    hold_to_show(writer)
    assert not is_written(folder) and is_in_use(folder)
    with pytest.raises(NotRemoved, match="a console uses it"):
        remove_session(tmp_path, folder)
    os.close(writer)
    assert not is_in_use(folder)


def test_a_session_is_removed_with_its_files_only(tmp_path: Path) -> None:
    folder, kept = record_folder(tmp_path), record_folder(tmp_path, title="kept")
    (kept / "notes.txt").write_text("mine")
    outside = tmp_path / "outside.wav"
    outside.write_bytes(b"RIFF")
    (folder / "mic-2.wav").symlink_to(outside)
    remove_session(tmp_path, folder)
    assert not folder.exists() and outside.read_bytes() == b"RIFF"
    with pytest.raises(NotRemoved, match=r"notes\.txt"):
        remove_session(tmp_path, kept)
    assert recorded_session(kept).turns == 5


def test_only_sessions_of_a_known_age_are_older(tmp_path: Path) -> None:
    record_folder(tmp_path, started=STARTED - timedelta(days=40), title="old")
    record_folder(tmp_path, started=STARTED - timedelta(days=20), title="young")
    shutil.copytree(recorded_sessions(tmp_path)[0].folder, tmp_path / "undated")
    (tmp_path / "undated" / "meta.toml").unlink()
    found = older_sessions(recorded_sessions(tmp_path), timedelta(days=30), STARTED)
    assert [each.title for each in found] == ["old"]
