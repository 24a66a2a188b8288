"""The page with all profiles is read, and its keys do to the files what they say, also when the
files are changed, deleted, protected or broken meanwhile."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input
from voicelive_tui.engine.config.profile_store import ProfileStore
from voicelive_tui.engine.config.trash import trash_folder
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import ChangeSettings
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.help import HelpScreen
from voicelive_tui.tui.screens.palette import PaletteScreen
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile import ProfileScreen
from voicelive_tui.tui.screens.profile_name import ProfileNameScreen
from voicelive_tui.tui.screens.profile_questions import DeleteProfileScreen
from voicelive_tui.tui.widgets.profile_list import ProfileList

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.support.recorded_folders import record_folder
from tests.tui.support.console_screen import console_app, shown_message

SIZES = [(80, 24), (100, 30)]
TEXT = '# mine\nname = "Desk"\n[service]\ntarget = "simulator"\n[session]\ntemperature = 0.8\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "profiles"
    made.mkdir()
    (made / "desk.toml").write_text(TEXT)
    return made


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    found: tuple[int, int] = request.param
    return found


async def over(pilot: Pilot[Any], kind: type[Screen[Any]]) -> None:
    """Wait until a window of this kind takes the keys."""
    await until(
        pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted, str(kind)
    )


def page(pilot: Pilot[Any]) -> PickerScreen:
    assert isinstance(pilot.app.screen, PickerScreen)
    return pilot.app.screen


async def on_profile(pilot: Pilot[Any], name: str) -> None:
    """Open the page and put the cursor on a profile."""
    await pilot.press("plus")
    await over(pilot, PickerScreen)
    rows = page(pilot).query_one(ProfileList)
    rows.move_to([row.listed.entry.slug for row in rows.rows].index(name))


async def say(pilot: Pilot[Any], text: str) -> None:
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await until(pilot, lambda: text in shown_message(app), f"{text!r}, not {shown_message(app)!r}")


async def give_name(pilot: Pilot[Any], name: str) -> None:
    """Answer the question for a name."""
    await over(pilot, ProfileNameScreen)
    pilot.app.screen.query_one(Input).value = name
    await pilot.press("enter")


def slugs(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.toml")}


def listed(pilot: Pilot[Any]) -> list[str]:
    """The names on the page; none while another window is over it."""
    screen = pilot.app.screen
    if not isinstance(screen, PickerScreen):
        return []
    return [row.listed.entry.slug for row in screen.query_one(ProfileList).rows]


def chosen(pilot: Pilot[Any]) -> str:
    """The name under the cursor of the page."""
    screen = pilot.app.screen
    row = screen.query_one(ProfileList).chosen if isinstance(screen, PickerScreen) else None
    return row.listed.entry.slug if row is not None else ""


# What the page shows


async def test_it_says_whom_each_profile_would_really_talk_to_and_opens_one(
    tmp_path: Path, folder: Path, size: tuple[int, int]
) -> None:
    (folder / "far.toml").write_text('[service]\ntarget = "url"\nurl = "wss://far.example/x"\n')
    with running_engine(tmp_path, simulator=False) as engine:
        async with console_app(engine, "sound-check").run_test(size=size) as pilot:
            await shows(pilot, "1 sound-check")
            await on_profile(pilot, "far")
            screen = await shows(pilot, "── far " if size[1] == 30 else "far.example")
            rows = {line[3:].split("  ")[0]: line for line in screen.splitlines()}
            assert "the simulator: no endpoint" in rows["casual-chat"]
            assert rows["desk"].rstrip().endswith("ok") and "the simulator " in rows["desk"]
            assert "! untrusted" in rows["far"] and "Azure" not in screen
            assert ("your microphone and the" in screen) == (size[1] == 30), "more below the list"
            await pilot.press("end")
            assert any(
                line[3:].startswith("sound-check") and line.rstrip().endswith("open in 1")
                for line in (await shows(pilot, "open in 1")).splitlines()
            )
            page(pilot).query_one(ProfileList).move_to(listed(pilot).index("far"))
            await pilot.press("enter")
            await until(pilot, lambda: "far" in engine.snapshot().sessions, "its tab")


async def test_the_recorded_sessions_of_a_profile_are_counted(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    root = engine.settings.sessions_dir
    for day in (1, 2):
        record_folder(root, title="desk", started=datetime(2026, 3, day, 12, 0, tzinfo=UTC))
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        screen = await shows(pilot, "2 sessions, the last 2 Mar")
        assert "p50 742 ms" in screen
        page(pilot).profiles.move_to(listed(pilot).index("support"))
        assert "2 sessions" not in await shows(pilot, "── support ")


async def test_the_help_lies_over_it_and_over_the_text_of_a_profile(
    engine: Engine, folder: Path
) -> None:
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        await pilot.press("question_mark")
        await over(pilot, HelpScreen)
        await pilot.press("question_mark")
        await over(pilot, PickerScreen)
        await pilot.press("p")
        await over(pilot, ProfileScreen)
        await pilot.press("f1")
        await over(pilot, HelpScreen)
        await pilot.press("escape")
        await over(pilot, ProfileScreen)


async def test_words_narrow_the_list_and_columns_sort_it(engine: Engine, folder: Path) -> None:
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "support")
        everything = listed(pilot)
        await pilot.press("slash", *"gpt-real")
        await shows(pilot, ", typing narrows")
        assert listed(pilot) == ["realtime-openai"]
        await pilot.press("down", "j")
        assert page(pilot).query_one(Input).value == "gpt-real", "j was no text"
        await pilot.press("slash", "escape")
        await until(pilot, lambda: listed(pilot) == everything, "all again")
        await pilot.press("greater_than_sign")
        assert listed(pilot) == sorted(listed(pilot)) and chosen(pilot) == "realtime-openai"
        await pilot.press("less_than_sign")
        await shows(pilot, "by state")
        await pilot.press("asterisk", "slash", *"sound", "enter")
        await until(pilot, lambda: "sound-check 2" in engine.snapshot().sessions, "a second tab")
        await shows(pilot, "2 sound-check (2)")
        await pilot.press("plus")
        await shows(pilot, "open in 1, 2")


async def test_the_text_of_a_profile_is_shown_over_the_page(engine: Engine, folder: Path) -> None:
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        await pilot.press("p")
        await over(pilot, ProfileScreen)
        await shows(pilot, "# mine")
        await pilot.press("p")
        await over(pilot, PickerScreen)
        assert chosen(pilot) == "desk"


async def test_a_file_that_others_write_break_or_delete_is_followed(
    engine: Engine, folder: Path
) -> None:
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        (folder / "other.toml").write_text(TEXT)
        await until(pilot, lambda: "other" in listed(pilot), "a new file")
        (folder / "desk.toml").write_text("[session\n")
        screen = await shows(pilot, "✗ line 1")
        assert "[session" in await shows(pilot, "^ expected" if "^ e" in screen else "   ^")
        assert chosen(pilot) == "desk", "the cursor stays"
        (folder / "desk.toml").unlink()
        await until(pilot, lambda: "desk" not in listed(pilot), "it is gone")


async def test_profiles_that_were_read_for_a_closed_page_change_nothing(
    engine: Engine, folder: Path
) -> None:
    async with console_app(engine, "sound-check").run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        closed = page(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not closed.is_running, "the page is gone")
        closed.show_rows(())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = " + "9" * 6_000, "the number has 6,000 characters"),
        ('name = "deep"\n[session' + ".a" * 2_000 + "]\n", "a key has too many parts"),
        ('name = "wide"\nx = [' + "1," * 500_000 + "]\n", "more than 100,000 keys and values"),
    ],
    ids=["digits", "deep", "wide"],
)
async def test_a_hostile_profile_is_listed_and_shown(
    engine: Engine, folder: Path, text: str, why: str
) -> None:
    (folder / "hostile.toml").write_text(text)
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "hostile")
        await shows(pilot, why)
        await pilot.press("p")
        await over(pilot, ProfileScreen)
        await shows(pilot, why)


# What its keys do


async def test_new_makes_a_profile_from_a_template(
    engine: Engine, folder: Path, size: tuple[int, int]
) -> None:
    async with console_app(engine, "sound-check").run_test(size=size) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        await pilot.press("n")
        await over(pilot, PaletteScreen)
        await pilot.press(*"support", "enter")
        await over(pilot, ProfileNameScreen)
        assert pilot.app.screen.query_one(Input).value == "my-support"
        await give_name(pilot, "desk")
        await shows(pilot, "There is already desk.toml")
        await give_name(pilot, "../parcels")
        await shows(pilot, "and no folder")
        await give_name(pilot, "parcels")
        await say(pilot, "Made parcels from support: ")
        await until(pilot, lambda: chosen(pilot) == "parcels", "the cursor on it")
    made = ProfileStore([folder]).load("parcels").profile
    assert made is not None and made.name == "parcels"
    assert (folder / "desk.toml").read_text() == TEXT and slugs(folder) == {"desk", "parcels"}


async def test_copy_and_rename_keep_the_text_and_the_tab_follows(
    engine: Engine, folder: Path, size: tuple[int, int]
) -> None:
    async with console_app(engine, "desk").run_test(size=size) as pilot:
        await shows(pilot, "1 desk")
        engine.post(ChangeSettings("desk", (("session.temperature", 0.5),)))
        await on_profile(pilot, "desk")
        await pilot.press("c")
        await over(pilot, ProfileNameScreen)
        assert pilot.app.screen.query_one(Input).value == "desk-2"
        await pilot.press("enter")
        await say(pilot, "Copied desk to desk-2: ")
        await until(pilot, lambda: chosen(pilot) == "desk-2", "the cursor on the copy")
        page(pilot).profiles.move_to(listed(pilot).index("desk"))
        await pilot.press("r")
        await give_name(pilot, "counter")
        await say(pilot, "Renamed desk to counter.")
        await until(pilot, lambda: chosen(pilot) == "counter", "the cursor on it")
        await shows(pilot, "1 counter")
        profile = engine.profile("desk")
        assert profile is not None and profile.path == str(folder / "counter.toml")
        assert profile.edited and profile.document["session"]["temperature"] == 0.5
    assert {path.stem: path.read_text() for path in folder.iterdir()} == {
        "counter": TEXT,
        "desk-2": TEXT,
    }


async def test_delete_asks_once_and_the_file_can_be_brought_back(
    engine: Engine, folder: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console_app(engine, "desk").run_test(size=size) as pilot:
        await shows(pilot, "1 desk")
        await on_profile(pilot, "desk")
        await pilot.press("d")
        await over(pilot, DeleteProfileScreen)
        await shows(pilot, "open in  tab 1, which keeps what it has")
        await pilot.press("enter", "q", "escape")
        await over(pilot, PickerScreen)
        assert slugs(folder) == {"desk"}, "neither Enter nor Esc deletes"
        await pilot.press("d")
        await over(pilot, DeleteProfileScreen)
        await pilot.press("y")
        await say(pilot, "Deleted desk, kept as ")
        kept = next(trash_folder(tmp_path / "state").rglob("desk.toml"))
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        whole = app.main_screen.message_bar.history.newest_first()[0].text
        assert whole.endswith(f"{kept}. u in the list of profiles brings it back.")
        assert kept.read_text() == TEXT and slugs(folder) == set()
        await shows(pilot, "✗ unusable")
        profile = engine.profile("desk")
        assert profile is not None and profile.fault is None, "the tab keeps what it has"
        await pilot.press("u")
        await say(pilot, "desk is back: ")
        assert (folder / "desk.toml").read_text() == TEXT and chosen(pilot) == "desk"


async def on_row(pilot: Pilot[Any], name: str) -> None:
    await until(pilot, lambda: chosen(pilot) == name, f"the cursor on {name}")


Act = Callable[[Pilot[Any]], Awaitable[None]]


async def _delete(pilot: Pilot[Any]) -> None:
    await pilot.press("y")


async def _rename(pilot: Pilot[Any]) -> None:
    await give_name(pilot, "counter")


KEYS: dict[str, tuple[type[Screen[Any]], Act]] = {
    "d": (DeleteProfileScreen, _delete),
    "r": (ProfileNameScreen, _rename),
}


@contextmanager
def protected_folder(path: Path) -> Iterator[None]:
    path.parent.chmod(0o555)
    try:
        yield
    finally:
        path.parent.chmod(0o755)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    path.chmod(0o444)
    yield


@contextmanager
def deleted(path: Path) -> Iterator[None]:
    path.unlink()
    yield


@contextmanager
def replaced_by_a_link(path: Path) -> Iterator[None]:
    path.rename(path.parent / "real.txt")
    path.symlink_to("real.txt")
    yield


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (protected_folder, "its folder is read-only"),
        (read_only, "it is read-only"),
        (deleted, "it is no longer there"),
        (replaced_by_a_link, "it is a link to another file"),
    ],
    ids=["protected folder", "read-only", "deleted", "link"],
)
async def test_what_happens_to_the_file_before_the_answer_is_one_sentence(
    engine: Engine, folder: Path, key: str, harm: Any, why: str
) -> None:
    window, answer = KEYS[key]
    path = folder / "desk.toml"
    async with console_app(engine, "sound-check").run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        await pilot.press(key)
        await over(pilot, window)
        with harm(path):
            before = {each.name for each in folder.iterdir()}
            await answer(pilot)
            await say(pilot, why)
            assert {each.name for each in folder.iterdir()} == before
        await until(pilot, lambda: ("desk" in listed(pilot)) == path.exists(), "the list as it is")


async def test_a_profile_that_breaks_before_the_answer_is_renamed_as_it_is(
    engine: Engine, folder: Path
) -> None:
    async with console_app(engine, "sound-check").run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        await pilot.press("r")
        await over(pilot, ProfileNameScreen)
        (folder / "desk.toml").write_text("[session\n")
        await give_name(pilot, "counter")
        await say(pilot, "Renamed desk to counter.")
        await shows(pilot, "✗ line 1")
    assert (folder / "counter.toml").read_text() == "[session\n" and slugs(folder) == {"counter"}


@pytest.mark.parametrize("key", KEYS)
async def test_starters_and_recorded_profiles_stay_and_can_be_copied(
    engine: Engine, folder: Path, tmp_path: Path, key: str
) -> None:
    recorded = prepared_session(tmp_path / "sessions") / "profile.toml"
    before = recorded.read_bytes()
    async with console_app(engine, str(recorded)).run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 profile")
        for name, why in (("support", "is a starter"), ("profile", "is evidence")):
            await on_profile(pilot, name)
            await pilot.press(key)
            await say(pilot, f"{why}")
            assert isinstance(pilot.app.screen, PickerScreen), "nothing is asked"
            await pilot.press("c")
            await give_name(pilot, f"{name}-copy")
            await on_row(pilot, f"{name}-copy")
            await pilot.press("escape")
    assert slugs(folder) == {"desk", "support-copy", "profile-copy"}
    assert recorded.read_bytes() == before == (folder / "profile-copy.toml").read_bytes()


async def test_the_second_copy_gets_another_name(engine: Engine, folder: Path) -> None:
    async with console_app(engine, "sound-check").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await on_profile(pilot, "desk")
        for _ in range(2):
            await pilot.press("c")
            await over(pilot, ProfileNameScreen)
            await pilot.press("enter")
            await over(pilot, PickerScreen)
            await until(pilot, lambda: chosen(pilot) != "desk", "the copy")
            page(pilot).profiles.move_to(listed(pilot).index("desk"))
        assert slugs(folder) == {"desk", "desk-2", "desk-3"}
        assert "desk-3" in screen_text(pilot.app)  # type: ignore[arg-type]
