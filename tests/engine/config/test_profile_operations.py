"""New profiles, copies, other names and deletions, on a real disk that others use too."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.engine.config.profile_operations import (
    ProfileOperationError,
    bring_profile_back,
    copy_profile,
    create_profile,
    delete_profile,
    profile_name_problem,
    rename_profile,
)
from voicelive_tui.engine.config.profile_store import ProfileStore

TEXT = '# mine\r\nname = "Desk"\r\n\r\n[service]\r\ntarget = "simulator"  # here\r\n'
NOW = datetime(2026, 3, 1, 12, 0, 7)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "profiles" / "desk.toml"
    path.parent.mkdir()
    path.write_bytes(TEXT.encode())
    return path


def starter(name: str = "support") -> Path:
    return Path(ProfileStore([]).load(name).path)


def refused(call: Callable[[], object]) -> str:
    """The sentence with which a call is refused."""
    with pytest.raises(ProfileOperationError) as error:
        call()
    return str(error.value)


def names(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def test_a_new_profile_is_its_template_with_a_name_of_its_own(tmp_path: Path) -> None:
    target = tmp_path / "not yet" / "parcels.toml"
    entry = create_profile(starter(), target)
    assert entry == ProfileStore([target.parent]).load("parcels")
    template = starter().read_text()
    old_name = tomllib.loads(template)["name"]
    assert target.read_text() == template.replace(f'name = "{old_name}"', 'name = "parcels"', 1)


def test_a_broken_template_makes_nothing(desk: Path) -> None:
    template = desk.parent / "broken.toml"
    template.write_text("[session\n")
    said = refused(lambda: create_profile(template, desk.parent / "new.toml"))
    assert said.startswith("No profile was made") and "line 1" in said
    assert names(desk) == {"desk.toml", "broken.toml"}


@pytest.mark.parametrize("text", [TEXT, "[session\n"], ids=["good", "broken"])
def test_a_copy_has_the_same_bytes(desk: Path, text: str) -> None:
    desk.write_bytes(text.encode())
    entry = copy_profile(desk, desk.parent / "desk-2.toml")
    assert (desk.parent / "desk-2.toml").read_bytes() == desk.read_bytes() == text.encode()
    assert entry.slug == "desk-2" and (entry.profile is None) == (text != TEXT)


def test_a_starter_and_a_recorded_profile_can_be_copied(desk: Path) -> None:
    copy_profile(starter(), desk.parent / "support.toml")
    assert (desk.parent / "support.toml").read_bytes() == starter().read_bytes()
    (desk.parent / "events.jsonl").touch()
    copy_profile(desk, desk.parent.parent / "copy.toml")
    assert (desk.parent.parent / "copy.toml").read_bytes() == desk.read_bytes()


def test_another_name_is_the_same_file(desk: Path) -> None:
    number = desk.stat().st_ino
    entry = rename_profile(desk, desk.parent / "counter.toml")
    assert names(desk) == {"counter.toml"} and entry.profile is not None
    assert (desk.parent / "counter.toml").stat().st_ino == number and entry.slug == "counter"


def test_a_deleted_profile_comes_back(desk: Path, tmp_path: Path) -> None:
    item = delete_profile(desk, tmp_path / "state", NOW)
    assert not desk.exists() and item.path.read_bytes() == TEXT.encode()
    assert bring_profile_back(item).profile is not None and desk.read_bytes() == TEXT.encode()


Act = Callable[[Path, Path], object]
WRITING: dict[str, Act] = {
    "new": lambda path, target: create_profile(starter(), target),
    "copy": copy_profile,
    "rename": rename_profile,
}


@pytest.mark.parametrize("act", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("kind", ["file", "folder", "link to nothing"])
def test_nothing_is_overwritten(desk: Path, act: Act, kind: str) -> None:
    target = desk.parent / "other.toml"
    if kind == "file":
        target.write_text("# theirs\n")
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to("nothing")
    assert "There is already" in refused(lambda: act(desk, target))
    assert desk.read_bytes() == TEXT.encode() and names(desk) == {"desk.toml", "other.toml"}
    assert kind != "file" or target.read_text() == "# theirs\n"
    assert kind != "link to nothing" or target.is_symlink()


@pytest.mark.parametrize("act", WRITING.values(), ids=WRITING)
def test_a_read_only_folder_gets_nothing(desk: Path, act: Act) -> None:
    desk.parent.chmod(0o555)
    try:
        said = refused(lambda: act(desk, desk.parent / "other.toml"))
    finally:
        desk.parent.chmod(0o755)
    assert said.startswith("other.toml was not written, because its folder is read-only: ")
    assert names(desk) == {"desk.toml"}


@pytest.mark.parametrize("act", WRITING.values(), ids=WRITING)
def test_a_file_in_place_of_the_folder_is_said(desk: Path, act: Act) -> None:
    assert "a file in place of its folder" in refused(lambda: act(desk, desk / "other.toml"))
    assert desk.read_bytes() == TEXT.encode()


@pytest.mark.parametrize("act", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("name", ["", ".hidden", "..", "x\ny", "-x", "a" * 101, "中" * 80])
def test_a_name_that_is_none_writes_nothing(desk: Path, act: Act, name: str) -> None:
    assert refused(lambda: act(desk, Path(f"{desk.parent}/{name}.toml")))
    assert names(desk) == {"desk.toml"}


CHANGING: dict[str, Act] = {
    "rename": rename_profile,
    "delete": lambda path, target: delete_profile(path, target.parent / "state", NOW),
}


@pytest.mark.parametrize("act", CHANGING.values(), ids=CHANGING)
@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda path: path.chmod(0o444), "it is read-only"),
        (lambda path: path.unlink(), "no longer there"),
        (lambda path: (path.parent / "events.jsonl").touch(), "is evidence and is not"),
    ],
    ids=["read-only", "gone", "recorded"],
)
def test_a_profile_that_must_stay_does(
    desk: Path, act: Act, harm: Callable[[Path], object], why: str
) -> None:
    harm(desk)
    before = names(desk)
    assert why in refused(lambda: act(desk, desk.parent / "other.toml"))
    assert names(desk) == before


@pytest.mark.parametrize("act", CHANGING.values(), ids=CHANGING)
def test_a_link_and_a_starter_stay(desk: Path, act: Act) -> None:
    link = desk.parent / "link.toml"
    link.symlink_to(desk)
    assert "it is a link" in refused(lambda: act(link, desk.parent / "other.toml"))
    assert "is a starter" in refused(lambda: act(starter(), desk.parent / "other.toml"))
    assert starter().exists() and names(desk) == {"desk.toml", "link.toml"}


@pytest.mark.parametrize("act", CHANGING.values(), ids=CHANGING)
def test_a_folder_with_the_name_of_a_profile_stays(desk: Path, act: Act) -> None:
    folder = desk.parent / "folder.toml"
    folder.mkdir()
    assert "is a folder and no profile" in refused(lambda: act(folder, desk.parent / "other.toml"))
    assert names(desk) == {"desk.toml", "folder.toml"}


def test_a_copy_of_what_is_gone_or_no_file_says_so(desk: Path) -> None:
    target = desk.parent / "other.toml"
    assert "cannot be read" in refused(lambda: copy_profile(desk.parent, target))
    desk.write_bytes(b"#" * (2**20 + 1))
    assert "larger than a profile" in refused(lambda: copy_profile(desk, target))
    desk.unlink()
    assert "no longer there" in refused(lambda: copy_profile(desk, target))
    assert not target.exists()


@given(st.text(max_size=120))
def test_a_name_that_is_allowed_is_one_file_in_the_folder(name: str) -> None:
    if not profile_name_problem(name, ()):
        path = Path("/profiles") / f"{name}.toml"
        assert path.parent == Path("/profiles") and path.stem == name
        assert not path.name.startswith((".", "-")) and len(path.name.encode()) <= 255
