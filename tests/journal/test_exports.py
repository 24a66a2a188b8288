"""Exports into a folder that somebody else has prepared."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.journal.exports import (
    ExportCancelled,
    ExportError,
    write_copy,
    write_zip,
)

TEXTS = {"transcript.txt": "You said \udc80 ä\n", "events.txt": "# filter: -append\n"}
NAMES = st.one_of(
    st.sampled_from(
        [
            "..",
            ".",
            "",
            "/",
            "a/b",
            "../../up",
            "C:\\up",
            "-",
            "...",
            "2026-03-01T12-00-00_chat",
            "é" * 300,
        ]
    ),
    st.text(max_size=40),
)
OBSTACLES = st.sampled_from(
    [
        "nothing",
        "file",
        "folder",
        "folder with links",
        "link to folder",
        "link to file",
        "dangling link",
        "loop",
        "hard link",
    ]
)


def put(kind: str, path: Path, outside: Path) -> None:
    """Create what a prepared folder may hold."""
    match kind:
        case "file":
            path.write_text("mine")
        case "folder":
            path.mkdir()
        case "folder with links":
            path.mkdir()
            for name in TEXTS:
                (path / name).symlink_to(outside / "bashrc")
        case "link to folder":
            path.symlink_to(outside, target_is_directory=True)
        case "link to file":
            path.symlink_to(outside / "bashrc")
        case "dangling link":
            path.symlink_to(outside / "nothing-yet")
        case "loop":
            path.symlink_to(path)
        case "hard link":
            path.hardlink_to(outside / "bashrc")


def everything(root: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return every path below the root with its kind and content, without following links."""
    found: dict[str, tuple[int, bytes | str]] = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            mode = path.lstat().st_mode
            held = (
                os.readlink(path)
                if stat.S_ISLNK(mode)
                else path.read_bytes()
                if stat.S_ISREG(mode)
                else ""
            )
            found[str(path.relative_to(root))] = (mode, held)
    return found


@contextmanager
def fresh_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def write_once(state_dir: Path, name: str) -> Path | None:
    """Write an export and return its archive; None when it was refused with a sentence."""
    try:
        return write_zip(state_dir, name, TEXTS)
    except ExportError as error:
        assert "\n" not in str(error)
        return None


@given(name=NAMES, root=OBSTACLES, first=OBSTACLES, second=OBSTACLES)
def test_nothing_that_was_there_is_touched_and_nothing_is_written_elsewhere(
    name: str, root: str, first: str, second: str
) -> None:
    with fresh_folder() as there:
        archive_name = write_zip(there / "probe", name, TEXTS).name
        state, outside = there / "state", there / "outside"
        state.mkdir()
        outside.mkdir()
        (outside / "bashrc").write_text("umask 022\n")
        put(root, state / "exports", outside)
        if root == "nothing":
            (state / "exports").mkdir(mode=0o700)
        if root in ("nothing", "folder"):
            put(first, state / "exports" / archive_name, outside)
            put(second, state / "exports" / archive_name.replace(".zip", "-2.zip"), outside)
        before = everything(there)
        archive = write_once(state, name)
        after = everything(there)
        assert {path: after.get(path) for path in before} == before
        new = {there / path for path in after.keys() - before.keys()}
        if archive is None:
            assert root not in ("nothing", "folder")
            assert not new
        else:
            assert archive.parent == state / "exports"
            assert new == {archive}


@given(name=NAMES)
def test_exports_are_their_owners_alone_and_never_over_an_old_one(name: str) -> None:
    with fresh_folder() as state:
        first, second, third = [write_zip(state / "new", name, TEXTS) for _ in range(3)]
        assert second == first.with_name(f"{first.stem}-2.zip")
        assert third == first.with_name(f"{first.stem}-3.zip")
        assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(first.stat().st_mode) == 0o600
        assert contents(first) == {
            "transcript.txt": b"You said \\udc80 \xc3\xa4\n",
            "events.txt": b"# filter: -append\n",
        }


def contents(archive: Path) -> dict[str, bytes]:
    """The files of an archive, which is not damaged."""
    with ZipFile(archive) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize("kind", ["link to folder", "dangling link", "loop"])
def test_a_link_in_place_of_the_exports_is_refused_with_the_cure(tmp_path: Path, kind: str) -> None:
    (tmp_path / "outside").mkdir()
    put(kind, tmp_path / "exports", tmp_path / "outside")
    with pytest.raises(
        ExportError,
        match=r"is a link, and exports are not written through links: remove "
        r".*exports, then",
    ):
        write_zip(tmp_path, "chat", TEXTS)


def failing() -> Iterator[str]:
    """Text during which the disk becomes full."""
    yield "some"
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_export_that_fails_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"export cannot be written \(No space left on device\)"):
        write_zip(tmp_path, "chat", {**TEXTS, "more.txt": failing()})
    assert not list((tmp_path / "exports").iterdir())


def test_an_export_that_is_called_off_asks_at_each_piece_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    made = 0

    def pieces() -> Iterator[str]:
        nonlocal made
        while True:
            made += 1
            yield "line\n"

    with pytest.raises(ExportCancelled):
        write_zip(tmp_path, "chat", {**TEXTS, "endless.txt": pieces()}, lambda: made > 100)
    assert made == 101
    assert not list((tmp_path / "exports").iterdir())


def test_a_copy_replaces_the_one_before_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = write_copy(tmp_path / "state", "one \udc80")
    assert first.read_text("utf-8") == "one \\udc80"
    assert write_copy(tmp_path / "state", "two") == first
    assert first.read_text("utf-8") == "two"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_copy_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "exports" / "copied.txt").symlink_to(tmp_path / "mine")
    assert not write_copy(tmp_path, "copied").is_symlink()
    assert (tmp_path / "mine").read_text() == "mine"
