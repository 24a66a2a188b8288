"""The profile store on a real disk."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from voicelive_tui.engine.config.profile_store import (
    ProfileError,
    ProfileStore,
    in_recording,
    write_atomically,
)
from voicelive_tui.model.profile.profile import dump_profile

from tests.support.hostile_documents import hostile_toml

GOOD = (
    'name = "Good"\nfuture_key = 1\n[service]\ntarget = "simulator"\n[session]\ninstructions = '
    '"x"\nbrand_new = true\n'
)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "first", tmp_path / "second"]
    for folder in found:
        folder.mkdir()
    return found


def test_an_earlier_folder_hides_a_later_one_and_broken_files_are_listed(
    folders: list[Path],
) -> None:
    (folders[0] / "a.toml").write_text(GOOD)
    (folders[1] / "a.toml").write_text(GOOD.replace("Good", "Hidden"))
    (folders[1] / "broken.toml").write_text("name = \n")
    (folders[1] / "bytes.toml").write_bytes(b'name = "x"\n\xff')
    (folders[1] / ".a.toml.swp").write_text("x")
    (folders[1] / "notes.txt").write_text("x")
    entries = {entry.slug: entry for entry in ProfileStore(folders).entries() if not entry.starter}
    assert set(entries) == ProfileStore(folders).names() == {"a", "broken", "bytes"}
    good = entries["a"].profile
    assert good is not None and good.name == "Good"
    assert not any(problem.severity == "error" for problem in entries["a"].problems)
    assert entries["broken"].profile is None
    assert (entries["broken"].problems[0].line, entries["bytes"].problems[0].line) == (1, 2)


def test_what_is_no_file_is_listed_with_its_own_cure_and_holds_nobody_up(
    folders: list[Path],
) -> None:
    (folders[0] / "folder.toml").mkdir()
    os.mkfifo(folders[0] / "pipe.toml")
    (folders[0] / "loop.toml").symlink_to("loop.toml")
    (folders[0] / "nowhere.toml").symlink_to("gone.toml")
    (folders[0] / "huge.toml").write_text("#" * 2_000_000)
    entries = {entry.slug: entry for entry in ProfileStore(folders).entries() if not entry.starter}
    assert all(entry.profile is None for entry in entries.values())
    hints = {slug: entry.problems[0].hint.split(":")[0] for slug, entry in entries.items()}
    assert hints == {
        "folder": "a profile is a short TOML file",
        "huge": "a profile is a short TOML file",
        "loop": "the link leads to itself",
        "nowhere": "the link leads nowhere",
        "pipe": "a profile is a short TOML file",
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hostile_toml(GOOD.splitlines()))
def test_a_hostile_file_hides_no_other(folders: list[Path], text: str) -> None:
    (folders[0] / "good.toml").write_text(GOOD)
    (folders[0] / "hostile.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    entries = {entry.slug: entry for entry in ProfileStore(folders).entries() if not entry.starter}
    assert set(entries) == {"good", "hostile"} and entries["good"].profile is not None
    hostile = entries["hostile"]
    assert hostile.profile is not None or any(
        problem.severity == "error" for problem in hostile.problems
    )
    if hostile.profile is not None:
        write_atomically(folders[0] / "hostile.toml", dump_profile(hostile.profile).encode())
        again = ProfileStore(folders).load("hostile").profile
        assert again is not None and dump_profile(again) == dump_profile(hostile.profile)


def test_the_mark_with_which_some_editors_begin_a_file_is_no_error(folders: list[Path]) -> None:
    (folders[0] / "a.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    profile = ProfileStore(folders).load("a").profile
    assert profile is not None and profile.name == "Good"


def test_the_starters_ship_with_the_package_and_have_no_errors() -> None:
    entries = ProfileStore([]).entries()
    assert len(entries) >= 5
    assert "sound-check" in {entry.slug for entry in entries}
    assert all(entry.starter and entry.profile is not None for entry in entries)


def test_load_by_name_and_by_path(folders: list[Path]) -> None:
    store = ProfileStore(folders)
    (folders[0] / "a.toml").write_text(GOOD)
    assert store.load("a").path == store.load(str(folders[0] / "a.toml")).path
    with pytest.raises(ProfileError, match="no profile named nobody"):
        store.load("nobody")
    for path in (
        str(folders[0] / "nobody.toml"),
        "/a\0b.toml",
        f"/{'x' * 70_000}.toml",
        "~nobody-of-this-name/a.toml",
    ):
        with pytest.raises(ProfileError, match="no profile file"):
            store.load(path)


def test_what_this_version_does_not_know_is_kept(folders: list[Path]) -> None:
    path = folders[0] / "a.toml"
    path.write_text(GOOD)
    profile = ProfileStore(folders).load("a").profile
    assert profile is not None
    write_atomically(path, dump_profile(profile).encode())
    again = ProfileStore(folders).load("a").profile
    assert again is not None and again.document == profile.document
    assert "future_key" in path.read_text() and "brand_new" in path.read_text()


def test_a_file_that_is_replaced_keeps_its_permissions_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")
    os.chmod(path, 0o600)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(OSError):
        write_atomically(target, b"a folder cannot be replaced by a file")
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("link", [False, True])
def test_the_profile_of_a_recorded_session_is_known_to_be_part_of_it(
    folders: list[Path], tmp_path: Path, link: bool
) -> None:
    record = tmp_path / "session"
    record.mkdir()
    (record / "events.jsonl").touch()
    (record / "profile.toml").write_text(GOOD)
    path = record / "profile.toml"
    if link:
        path = folders[0] / "mine.toml"
        path.symlink_to(record / "profile.toml")
    profile = ProfileStore(folders).load(str(path)).profile
    assert profile is not None
    assert in_recording(profile.path)
    assert not in_recording(folders[0] / "another.toml")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("desk.toml", r"is a folder and no profile; `--profiles "),
        ("events.jsonl", "`voicelive-tui open "),
    ],
)
def test_a_folder_in_place_of_a_profile_is_named_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, said: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / file).write_text("")
    monkeypatch.chdir(tmp_path)
    for name in ("mine", str(tmp_path / "mine")):
        with pytest.raises(ProfileError, match=f"{said}{name}`"):
            ProfileStore([]).load(name)
