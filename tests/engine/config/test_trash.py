"""The trash on a real disk, and between two of them: nothing is lost and nothing overwritten."""

import os
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from voicelive_tui.engine.config.trash import (
    ORIGIN,
    TrashedItem,
    TrashError,
    bring_back,
    move_to_trash,
    trash_folder,
)

from tests.support.small_disks import SmallDisk, mounted_disk

NOW = datetime(2026, 3, 1, 12, 0, 7)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "profiles" / "desk.toml"
    path.parent.mkdir()
    path.write_text("mine\n")
    return path


def files_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_file_is_in_the_trash_with_the_path_that_it_had(file: Path, state: Path) -> None:
    item = move_to_trash(file, state, NOW)
    assert not file.exists()
    assert item == TrashedItem(state / "trash" / "2026-03-01T12-00-07" / "desk.toml", file)
    assert item.path.read_text() == "mine\n"
    assert (item.path.parent / ORIGIN).read_text() == f"{file}\n"
    assert trash_folder(state).stat().st_mode & 0o077 == 0, "only its owner may look into it"


def test_what_is_brought_back_is_where_it_was_and_leaves_nothing_behind(
    file: Path, state: Path
) -> None:
    item = move_to_trash(file, state, NOW)
    file.parent.rmdir()  # its folder is made again
    bring_back(item)
    assert file.read_text() == "mine\n" and list(trash_folder(state).iterdir()) == []


def test_two_deletions_in_a_second_do_not_meet(file: Path, state: Path) -> None:
    first = move_to_trash(file, state, NOW)
    file.write_text("another\n")
    second = move_to_trash(file, state, NOW)
    assert (first.path.read_text(), second.path.read_text()) == ("mine\n", "another\n")


def test_a_folder_is_moved_with_everything_in_it(tmp_path: Path, state: Path) -> None:
    folder = tmp_path / "sessions" / "one"
    (folder / "sound").mkdir(parents=True)
    (folder / "events.jsonl").write_text("{}\n")
    (folder / "sound" / "mic.wav").write_text("RIFF")
    before = files_below(folder)
    item = move_to_trash(folder, state, NOW)
    assert not folder.exists() and files_below(item.path) == before
    bring_back(item)
    assert files_below(folder) == before


def test_nothing_is_brought_back_over_something_else(file: Path, state: Path) -> None:
    item = move_to_trash(file, state, NOW)
    file.write_text("new\n")
    with pytest.raises(TrashError, match=r"because there is another .*desk\.toml now"):
        bring_back(item)
    assert file.read_text() == "new\n" and item.path.read_text() == "mine\n"
    item.path.unlink()
    file.unlink()
    with pytest.raises(TrashError, match="no longer in the trash"):
        bring_back(item)


def test_a_link_stays_and_so_does_what_is_behind_it(file: Path, state: Path) -> None:
    link = file.parent / "link.toml"
    link.symlink_to(file)
    with pytest.raises(TrashError, match="because it is a link"):
        move_to_trash(link, state, NOW)
    assert link.is_symlink() and file.exists() and not state.exists()


@pytest.mark.parametrize(
    ("protected", "why"), [("file", "it is read-only"), ("folder", "its folder is read-only")]
)
def test_what_is_read_only_stays(file: Path, state: Path, protected: str, why: str) -> None:
    path = file if protected == "file" else file.parent
    path.chmod(0o444 if protected == "file" else 0o555)
    try:
        with pytest.raises(TrashError, match=f"desk.toml was not deleted, because {why}"):
            move_to_trash(file, state, NOW)
        assert file.read_text() == "mine\n"
    finally:
        path.chmod(0o755)


def test_what_is_gone_says_so(file: Path, state: Path) -> None:
    file.unlink()
    with pytest.raises(TrashError, match="no longer there"):
        move_to_trash(file, state, NOW)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(file: Path, state: Path) -> None:
    pipe = file.parent / "pipe.toml"
    os.mkfifo(pipe)
    with pytest.raises(TrashError, match="neither a file nor a folder"):
        move_to_trash(pipe, state, NOW)


def test_a_file_in_place_of_the_trash_folder_deletes_nothing(file: Path, state: Path) -> None:
    state.mkdir()
    trash_folder(state).write_text("")
    with pytest.raises(TrashError, match=r"the trash folder .* cannot be written"):
        move_to_trash(file, state, NOW)
    assert file.read_text() == "mine\n"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted_disk(tmp_path / "small", "64k") as found:
        yield found


def test_another_disk_takes_file_and_folder_and_gives_them_back(
    file: Path, disk: SmallDisk
) -> None:
    file.chmod(0o640)
    folder = file.parent / "one"
    folder.mkdir()
    (folder / "events.jsonl").write_text("{}\n")
    for path, name in ((file, "desk.toml"), (folder, "one")):
        item = move_to_trash(path, disk.root, NOW)
        assert not path.exists() and item.path.name == name
        bring_back(item)
    assert file.read_text() == "mine\n" and file.stat().st_mode & 0o777 == 0o640
    assert files_below(folder) == {"events.jsonl": "{}\n"}


def test_a_full_trash_deletes_nothing(file: Path, disk: SmallDisk) -> None:
    file.write_text("mine\n" * 2_000)
    folder = file.parent / "one"
    folder.mkdir()
    (folder / "events.jsonl").write_text("{}\n" * 5_000)
    before = files_below(file.parent)
    trash_folder(disk.root).mkdir()
    disk.fill()
    for path in (file, folder):
        with pytest.raises(TrashError, match="was not deleted") as refused:
            move_to_trash(path, disk.root, NOW)
        assert "[(" not in str(refused.value), "a sentence has no list of Python"
    assert files_below(file.parent) == before
    assert list(trash_folder(disk.root).iterdir()) == []


def test_a_file_that_is_larger_than_the_memory_is_copied_in_pieces(
    file: Path, disk: SmallDisk
) -> None:
    size_bytes = 2**30
    os.truncate(file, size_bytes)
    tracemalloc.start()
    try:
        with pytest.raises(TrashError, match="the disk is full"):
            move_to_trash(file, disk.root, NOW)
        assert tracemalloc.get_traced_memory()[1] < 2**25
    finally:
        tracemalloc.stop()
    assert file.stat().st_size == size_bytes
