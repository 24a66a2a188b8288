"""Saving a profile into its file on a real disk, while others write it too."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine.config.profile_file import FileWatch
from voicelive_tui.engine.config.profile_store import ProfileStore, is_starter
from voicelive_tui.engine.config.profile_writer import (
    EditedProfile,
    SaveConflict,
    SavedProfile,
    UnsavedProfile,
    changed_text,
    save_profile,
    save_profile_as,
)
from voicelive_tui.model.profile.document_changes import changed_document
from voicelive_tui.model.profile.setting_values import REMOVED

from tests.support.small_disks import SmallDisk, mounted_disk

TEXT = """# mine
name = "Mine"

[service]
target = "simulator"   # here

[session.turn_detection]
type = "server_vad"
threshold = 0.5        # half
"""
THRESHOLD = "session.turn_detection.threshold"


def edited(path: Path, **changes: Any) -> EditedProfile:
    """The profile of TEXT with changes in memory; dots are written as `__`."""
    base = tomllib.loads(TEXT)
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    return EditedProfile(path, base, changed_document(base, dotted))


def louder(path: Path) -> EditedProfile:
    return edited(path, session__turn_detection__threshold=0.7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "mine.toml").write_text(TEXT)
    return folder / "mine.toml"


def only_file(path: Path) -> bool:
    """Whether nothing was left beside a file."""
    return list(path.parent.iterdir()) == [path]


def test_a_change_is_saved_and_nothing_else(path: Path) -> None:
    path.chmod(0o640)
    saved = save_profile(louder(path))
    assert isinstance(saved, SavedProfile) and saved.from_file == 0
    assert path.read_text() == TEXT.replace("0.5 ", "0.7 ")
    assert path.stat().st_mode & 0o777 == 0o640
    assert saved.entry.profile is not None and saved.entry == ProfileStore([]).load(str(path))
    assert only_file(path)


def test_line_ends_and_the_mark_at_the_beginning_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    saved = save_profile(louder(path))
    assert isinstance(saved, SavedProfile)
    assert (
        path.read_bytes()
        == b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").replace("0.5 ", "0.7 ").encode()
    )
    assert saved.entry.profile is not None
    assert saved.entry.profile.document == tomllib.loads(TEXT.replace("0.5", "0.7"))


def test_without_a_change_the_file_is_not_written(path: Path) -> None:
    before = path.stat()
    assert isinstance(save_profile(edited(path)), SavedProfile)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_stays_a_link(path: Path) -> None:
    link = path.parent / "link.toml"
    link.symlink_to("mine.toml")
    saved = save_profile(louder(link))
    assert isinstance(saved, SavedProfile) and saved.entry.path == str(link)
    assert link.is_symlink() and "0.7 " in path.read_text()


def test_what_the_file_got_meanwhile_is_merged_by_key(path: Path) -> None:
    path.write_text(TEXT.replace("# mine", "# ours") + "silence_duration_ms = 900 # long\n")
    saved = save_profile(louder(path))
    assert isinstance(saved, SavedProfile) and saved.from_file == 1
    assert path.read_text() == TEXT.replace("# mine", "# ours").replace("0.5 ", "0.7 ") + (
        "silence_duration_ms = 900 # long\n"
    )


@pytest.mark.parametrize(("choice", "threshold"), [("ours", "0.7"), ("theirs", "0.2")])
def test_what_both_changed_waits_for_a_choice(path: Path, choice: Any, threshold: str) -> None:
    theirs = TEXT.replace("0.5 ", "0.2 ")
    path.write_text(theirs)
    both = edited(
        path, session__turn_detection__threshold=0.7, session__turn_detection__prefix_padding_ms=9
    )
    assert save_profile(both) == SaveConflict((THRESHOLD,))
    assert path.read_text() == theirs
    assert isinstance(save_profile(both, choice), SavedProfile)
    assert path.read_text() == theirs.replace("0.2", threshold) + "prefix_padding_ms = 9\n"


def test_a_broken_file_is_left_and_its_line_named(path: Path) -> None:
    path.write_text("name = \n")
    with pytest.raises(UnsavedProfile, match="line 1: this is not TOML") as refused:
        save_profile(louder(path))
    assert path.read_text() == "name = \n" and "{profile.edit}" in refused.value.cure


def test_a_change_that_makes_the_profile_unusable_is_not_written(path: Path) -> None:
    with pytest.raises(UnsavedProfile, match=r"`service\.target` must be a string"):
        save_profile(edited(path, service__target=7))
    assert path.read_text() == TEXT


def test_a_file_that_is_gone_is_written_anew_only_on_request(path: Path) -> None:
    path.unlink()
    with pytest.raises(UnsavedProfile, match="no longer there") as refused:
        save_profile(louder(path))
    assert "Save it as a new file" in refused.value.cure and not path.exists()
    assert save_profile_as(louder(path), path).profile is not None
    assert tomllib.loads(path.read_text()) == tomllib.loads(TEXT.replace("0.5", "0.7"))


def test_a_read_only_file_stays_as_it_is(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(UnsavedProfile, match="read-only"):
        save_profile(louder(path))
    assert path.read_text() == TEXT and only_file(path)


def test_a_starter_stays_as_it_is_and_is_copied_with_its_comments(tmp_path: Path) -> None:
    starter = ProfileStore([]).load("support")
    assert starter.profile is not None and is_starter(Path(starter.path))
    before = Path(starter.path).read_text()
    document = changed_document(starter.profile.document, {THRESHOLD: 0.7})
    profile = EditedProfile(Path(starter.path), starter.profile.document, document)
    with pytest.raises(UnsavedProfile, match="starter"):
        save_profile(profile)
    target = tmp_path / "new" / "support.toml"
    entry = save_profile_as(profile, target)
    assert target.read_text() == before.replace("threshold = 0.5", "threshold = 0.7")
    assert entry == ProfileStore([target.parent]).load(str(target))
    assert Path(starter.path).read_text() == before


def test_the_profile_of_a_recorded_session_stays_as_it_is(path: Path) -> None:
    (path.parent / "events.jsonl").touch()
    with pytest.raises(UnsavedProfile, match="part of the record"):
        save_profile(louder(path))
    assert path.read_text() == TEXT


def test_save_as_takes_no_name_that_there_is(path: Path) -> None:
    other = path.parent / "other.toml"
    other.write_text("# theirs\n")
    with pytest.raises(UnsavedProfile, match="already"):
        save_profile_as(louder(path), other)
    assert other.read_text() == "# theirs\n"


def test_save_as_where_a_file_stands_in_place_of_the_folder_says_so(path: Path) -> None:
    with pytest.raises(UnsavedProfile, match="a file in place of its folder"):
        save_profile_as(louder(path), path / "copy.toml")
    with pytest.raises(UnsavedProfile, match="a file in place of its folder"):
        save_profile_as(louder(path), path / "folder" / "copy.toml")
    assert path.read_text() == TEXT


def test_save_as_of_a_broken_file_writes_what_is_in_memory(path: Path) -> None:
    path.write_text("name = \n")
    save_profile_as(louder(path), path.parent / "other.toml")
    written = tomllib.loads((path.parent / "other.toml").read_text())
    assert written == louder(path).document


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted_disk(tmp_path / "small", "64k") as found:
        yield found


def test_on_a_full_disk_the_file_stays_and_the_sentence_says_so(disk: SmallDisk) -> None:
    path = disk.root / "mine.toml"
    path.write_text(TEXT)
    disk.fill()
    with pytest.raises(UnsavedProfile, match="the disk is full; your changes stay"):
        save_profile(louder(path))
    with pytest.raises(UnsavedProfile, match="the disk is full"):
        save_profile_as(louder(path), disk.root / "new.toml")
    assert path.read_text() == TEXT
    assert {each.name for each in disk.root.iterdir()} == {"mine.toml", "ballast"}
    disk.make_room()
    assert isinstance(save_profile(louder(path)), SavedProfile)


def test_the_difference_is_what_saving_would_change(path: Path) -> None:
    path.write_text(TEXT + "silence_duration_ms = 900\n")
    removed = edited(path, name=REMOVED, session__turn_detection__silence_duration_ms=200)
    before, after = changed_text(removed)
    assert before == path.read_text()
    assert after == before.replace('name = "Mine"\n', "").replace("900", "200")


def test_a_file_has_changed_when_its_bytes_have(path: Path) -> None:
    watch = FileWatch()
    assert watch.changed(path) and not watch.changed(path)
    os.utime(path, ns=(1, 1))
    assert not watch.changed(path)
    path.write_text(TEXT + "# more\n")
    assert watch.changed(path) and not watch.changed(path)
    path.unlink()
    assert watch.changed(path) and not watch.changed(path)
    path.write_text(TEXT)
    assert watch.changed(path)
