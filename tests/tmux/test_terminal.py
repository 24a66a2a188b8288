"""The installed program in a real terminal, at the sizes people have."""

import os
import re
import shutil
import signal
import stat
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tests.support.console_run import scripted_profiles
from tests.support.prepared_session import Script, prepared_session
from tests.support.processes import processes, signal_processes
from tests.support.scripted_service import ScriptedService
from tests.support.terminal import Terminal

HELLO = Path(__file__).parents[2] / "app/voicelive_tui/audio/assets/hello.wav"
SIZES = [(80, 24), (100, 30), (200, 50)]


@pytest.fixture(autouse=True)
def _tmux() -> None:
    if not Terminal.available():
        if os.environ.get("CI"):
            pytest.fail("tmux is not installed: apt-get install tmux")
        pytest.skip("tmux is not installed")


def program() -> str:
    """The command as it was installed beside this Python."""
    found = shutil.which("voicelive-tui", path=str(Path(sys.executable).parent))
    assert found is not None, "voicelive-tui is not installed in this environment"
    return found


def start(folder: Path, *arguments: str, size: tuple[int, int] = (100, 30), **env: str) -> Terminal:
    """The console, with a file for a microphone and nothing of this machine's state."""
    (folder / "profiles").mkdir(exist_ok=True)
    ports = [
        "--input-device",
        f"wav:{HELLO}",
        "--output-device",
        "null",
        "--simulator",
        "--profiles",
        str(folder / "profiles"),
    ]
    return Terminal(
        folder,
        [program(), *arguments, *ports],
        width=size[0],
        height=size[1],
        env={**own_home(folder), **env},
    )


def own_home(folder: Path) -> dict[str, str]:
    """Where a program finds and keeps what is a user's, all in this folder."""
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "VOICELIVE_TUI_STATE_DIR": str(folder / "state"),
    }


@pytest.fixture
def console(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """On the sound check, at the size the test names."""
    with start(tmp_path, "sound-check", size=getattr(request, "param", (100, 30))) as terminal:
        yield terminal


def fits(width: int, screen: str) -> bool:
    """The console was drawn anew, and no line is longer than the terminal is wide."""
    return "Transcript" in screen and max(len(line) for line in screen.splitlines()) <= width


@pytest.mark.parametrize("console", SIZES, indirect=True, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_conversation_from_start_to_quit(console: Terminal) -> None:
    first = console.wait_for("start the session")
    assert "SIMULATOR" in first
    console.press("s")
    console.wait_for("[●1")
    console.wait_for("[speech,")
    screen = console.wait_for(lambda screen: "Local simulator" in screen and "p50" in screen)
    assert "Traceback" not in screen
    console.press("?")
    console.wait_for("═ Help")
    console.press("Escape")
    console.wait_for(lambda screen: "═ Help" not in screen)
    console.press("q")
    console.wait_for("1 session runs and will be stopped")
    console.press("y")
    assert console.exit_code() == 0
    assert "sound-check is recorded in " in console.screen
    assert "Traceback" not in console.screen


def test_words_in_the_message_line_are_not_keys(console: Terminal) -> None:
    console.wait_for("start the session")
    console.press("s")
    console.wait_for("[●1")
    console.press("i")
    console.write("quite mad?")
    console.wait_for("> quite mad?")
    console.press("Enter")
    # The sound check repeats it later.
    console.wait_for(
        lambda screen: re.search(r"\byou\b.*quite mad\?", screen) and "> quite mad?" not in screen
    )
    assert not console.over


def test_alt_enter_adds_a_line_to_a_message(console: Terminal) -> None:
    console.wait_for("start the session")
    console.press("s")
    console.wait_for("[●1")
    console.press("i")
    console.write("one line")
    console.press("M-Enter")
    console.write("and one more")
    console.wait_for(lambda screen: "> one line" in screen and "\n   and one more" in screen)
    console.press("Enter")
    console.wait_for(
        lambda screen: (
            "> one line" not in screen and "one line" in screen and "and one more" in screen
        )
    )
    assert not console.over


def test_a_list_scrolled_up_stands_still_while_events_arrive(tmp_path: Path) -> None:
    flood = ({"type": f"something.new.{serial}"} for serial in count())
    with ScriptedService() as service:
        profiles = str(scripted_profiles(tmp_path, service))
        command = [
            program(),
            "scripted",
            "--start",
            "scripted",
            "--no-audio",
            "--profiles",
            profiles,
        ]
        key = {"AZURE_VOICELIVE_API_KEY": "not-a-real-key"}
        with Terminal(
            tmp_path, command, width=100, height=30, env={**own_home(tmp_path), **key}
        ) as console:
            service.wait(lambda: bool(service.events("session.update")))
            service.send_at_rate(flood, 50)
            # The list follows: a row of it is on the screen for a moment only.
            console.wait_for(
                lambda screen: any(
                    int(serial) >= 30 for serial in re.findall(r"something\.new\.(\d+)", screen)
                )
            )
            console.press("Tab", "Tab")
            console.wait_for("═ Events")
            console.press("Home")
            first = console.wait_for(lambda screen: new_below(screen) > 0)
            later = console.wait_for(lambda screen: new_below(screen) > new_below(first) + 30)
            assert "session.created" in first
            assert event_rows(later) == event_rows(first)
            console.press("f")
            console.wait_for(lambda screen: "something.new" in screen and "f follows" not in screen)


def new_below(screen: str) -> int:
    """How many new events the list says that it has below; 0 when it says nothing."""
    found = re.search(r"(\d+(?: \d{3})*) new, f follows", screen)
    return int(found[1].replace(" ", "")) if found else 0


def event_rows(screen: str) -> list[str]:
    """The rows of the list, without its title, its scroll bar and what stands below."""
    lines = [line.split("│")[-1][:45].rstrip() for line in screen.splitlines()]
    return lines[7:16]


def test_a_hundred_thousand_events_open_and_scroll(tmp_path: Path) -> None:
    script = Script(tmp_path / "long", record="events")
    for number in range(100_000):
        script.received(
            "response.content_part.added" if number % 2 else "response.output_item.added",
            number=number,
        )
    script.journal.close()
    with start(tmp_path, "open", script.journal.folder) as terminal:
        terminal.wait_for("100 000")
        terminal.press("Tab")
        terminal.wait_for("═ Events")
        terminal.press("Home")
        terminal.wait_for(lambda screen: "▸0:00.0" in screen)
        terminal.press("End")
        terminal.wait_for(" 33:20 ")
        terminal.press("q")
        assert terminal.exit_code() == 0


def test_the_terminal_may_change_its_size(tmp_path: Path) -> None:
    folder = prepared_session(tmp_path / "recorded")
    with start(tmp_path, "open", str(folder), size=(200, 50)) as terminal:
        terminal.wait_for("heard 2.1 of")
        for width, height in [(80, 24), (40, 12), (120, 40), (100, 30)]:
            terminal.resize(width, height)
            terminal.wait_for(partial(fits, width))
        screen = terminal.wait_for("✗ heard")
        assert "Traceback" not in screen


def test_a_terminal_that_grew_shows_nothing_of_the_console_afterwards(tmp_path: Path) -> None:
    # The size that a shell once exported is not the terminal's.
    with start(tmp_path, "sound-check", COLUMNS="100", LINES="30") as terminal:
        terminal.wait_for("start the session")
        terminal.resize(140, 45)
        terminal.wait_for(lambda screen: screen.splitlines()[-1].rstrip().endswith("q quit"))
        assert "SIMULATOR" in terminal.screen.splitlines()[0][120:]
        terminal.press("q")
        assert terminal.exit_code() == 0
        terminal.wait_for(lambda screen: not screen.strip())


def test_unknown_colours_are_one_sentence_and_the_terminals_own_are_used(tmp_path: Path) -> None:
    with start(tmp_path, "sound-check", size=(200, 30), TEXTUAL_COLOR_SYSTEM="bogus") as terminal:
        terminal.wait_for("TEXTUAL_COLOR_SYSTEM is 'bogus', which names no colours")
        assert "\x1b[38;" in terminal.coloured
        terminal.press("q")
        assert terminal.exit_code() == 0


def test_text_from_the_wire_stays_text(tmp_path: Path) -> None:
    folder = prepared_session(tmp_path / "recorded")
    with start(tmp_path, "open", str(folder), size=(120, 30)) as terminal:
        screen = terminal.wait_for("[b]an umbrella[/b]")
        assert "\\x1b[31m" in screen


def test_without_colours_words_and_glyphs_tell_it_all(tmp_path: Path) -> None:
    folder = prepared_session(tmp_path / "recorded")
    with start(
        tmp_path, "open", str(folder), size=(120, 30), NO_COLOR="1", TERM="vt100"
    ) as terminal:
        terminal.wait_for("heard 2.1 of")
        terminal.press("E")
        terminal.wait_for("▸")
        terminal.press("q")
        assert terminal.exit_code() == 0


def test_the_profile_is_edited_in_the_users_editor(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir(exist_ok=True)
    path = profiles / "mine.toml"
    path.write_text(
        'name = "Mine"\n[service]\ntarget = "simulator"\n[session]\ninstructions = "Be brief."\n'
    )
    editor = editor_that_replaces(tmp_path, "brief", "thorough")
    with start(tmp_path, "mine", VISUAL=str(editor)) as terminal:
        terminal.wait_for("start the session")
        terminal.press("s")
        terminal.wait_for("[●1")
        terminal.press("C-e")
        # What is on the disk stays there; the console's sentence about it is gone after some
        # seconds.
        terminal.wait_for(
            lambda _: any(
                "thorough" in kept.read_text()
                for kept in tmp_path.glob("state/sessions/*/events.jsonl")
            )
        )
        assert "thorough" in path.read_text()
        terminal.press("BTab")
        terminal.press("/")
        terminal.write('> "thorough"')
        terminal.press("Enter")
        terminal.wait_for(
            lambda screen: re.search(r"Events +1 of \d+", screen) and "session.update" in screen
        )


def test_a_profile_edited_into_pieces_says_where_and_the_tab_keeps_the_old_one(
    tmp_path: Path,
) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir(exist_ok=True)
    (profiles / "mine.toml").write_text('name = "Mine"\n[service]\ntarget = "simulator"\n')
    editor = editor_that_replaces(tmp_path, '"Mine"', '"Mine')
    with start(tmp_path, "mine", VISUAL=str(editor), size=(160, 30)) as terminal:
        terminal.wait_for("start the session")
        terminal.press("C-e")
        terminal.wait_for("mine.toml:1")
        terminal.press("s")
        terminal.wait_for("[●1")


def test_a_starter_is_copied_before_it_is_edited(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir(exist_ok=True)
    editor = editor_that_replaces(tmp_path, "Sound check", "My check")
    with start(tmp_path, "sound-check", VISUAL=str(editor), size=(160, 30)) as terminal:
        terminal.wait_for("start the session")
        terminal.press("C-e")
        terminal.wait_for("Edit a copy of sound-check?")
        terminal.press("y")
        terminal.wait_for("My check")
        assert "My check" in (tmp_path / "profiles/sound-check.toml").read_text()


def editor_that_replaces(folder: Path, old: str, new: str) -> Path:
    editor = folder / "editor"
    editor.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\npath = pathlib.Path(sys.argv[-1])\n"
        f"path.write_text(path.read_text().replace({old!r}, {new!r}))\n"
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    return editor


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_session_is_closed_when_the_program_is_told_to_end(tmp_path: Path, name: str) -> None:
    with start(tmp_path, "sound-check") as terminal:
        terminal.wait_for("start the session")
        terminal.press("s")
        terminal.wait_for("[●1")
        signal_processes(
            [
                pid
                for pid in processes(f"profiles {tmp_path}/profiles")
                if Path(f"/proc/{pid}/exe").resolve().name.startswith("python")
            ],
            getattr(signal, name),
        )
        assert terminal.exit_code() == 130
    events = next((tmp_path / "state/sessions").iterdir()) / "events.jsonl"
    assert '"console.closed"' in events.read_text()
