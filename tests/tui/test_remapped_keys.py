"""The console of a user who remapped every key names only the new keys. Braces in text from the
service stay as they are."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.service.connection_facts import connection_facts
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    EngineSnapshot,
    SessionSnapshot,
    SessionState,
)
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.commands import COMMANDS
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.help_layout import help_lines
from voicelive_tui.tui.hints import empty_state, hint
from voicelive_tui.tui.keymap import check_keymap, key_of, keys_of, with_keys
from voicelive_tui.tui.screens.palette import PaletteScreen
from voicelive_tui.tui.start_page import StartFacts
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT
from voicelive_tui.tui.widgets.json_rows import LONGEST_TEXT as LONGEST_JSON_TEXT
from voicelive_tui.tui.widgets.json_rows import text_lines
from voicelive_tui.tui.widgets.json_tree import JsonTree
from voicelive_tui.tui.widgets.key_footer import FooterState, footer_keys
from voicelive_tui.tui.widgets.spans import Spans
from voicelive_tui.tui.widgets.transcript_layout import TranscriptLayout

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    clear_messages,
    connect,
    console_app,
    recorded_app,
    session_of,
    shown_message,
)
from tests.tui.support.spans import text_of

KEYMAP = {command.id: f"f{30 + n}" for n, command in enumerate(COMMANDS)}
NEW_KEYS = set(KEYMAP.values())
REMAPPED = ConsoleConfig(keys=KEYMAP)
SESSIONS = (
    None,
    *(SessionSnapshot("k", "k", state) for state in SessionState),
    SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True),
    SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True, manual=True),
    SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True, assistant_speaking=True),
)
SOUNDS = (AudioStatus(), AudioStatus(input_is_file=True))


PROFILE = Profile("desk")
FACTS = StartFacts(connection_facts(PROFILE, Settings()), events=1)


def key(command_id: str) -> str:
    return KEYMAP[command_id]


def keycaps(lines: Iterable[Spans]) -> set[str]:
    """Every key that is drawn as a keycap."""
    return {
        word for spans in lines for text, look in spans if look == "keycap" for word in text.split()
    }


def test_hints_footer_and_help_show_the_new_keys_and_no_others() -> None:
    lines: list[Spans] = [*help_lines(KEYMAP, "config.toml", 120, 30)[0]]
    for session in SESSIONS:
        for muted in (False, True):
            for sound in SOUNDS:
                lines.append(hint(EngineSnapshot(audio=sound, muted=muted), session, KEYMAP))
                lines += empty_state(session, PROFILE, sound, KEYMAP, FACTS)
            state = FooterState(muted=muted, unread=muted)
            lines.append([(shown, "keycap") for shown, _, _ in footer_keys(session, KEYMAP, state)])
    assert keycaps(lines) == NEW_KEYS


def test_what_is_too_long_for_the_screen_names_the_new_key_that_writes_it() -> None:
    export = key("events.export")
    tree = JsonTree(f'"{"word " * LONGEST_JSON_TEXT}"')
    (*_, cut) = text_lines(tree, tree.root, 80, export)
    assert f"; {export} writes" in cut
    layout = TranscriptLayout(KEYMAP)
    layout.show(
        [TranscriptLine("i", "agent", 0.0, "word " * LONGEST_TEXT, "final", 0, 0)], width=80
    )
    words = " ".join(" ".join(text_of(spans) for spans in layout.lines(0)).split())
    assert f"left out here; {export} writes all" in words


def test_a_key_that_another_command_was_given_is_not_shown_any_more() -> None:
    keymap, (fault,) = check_keymap({"events.follow": "s"})
    assert fault.text == '"session.toggle" has lost the key s, which "events.follow" has'
    assert keys_of("events.follow", keymap) == ("s",)
    assert keys_of("session.toggle", keymap) == ()
    assert with_keys("{session.toggle} starts it.", keymap) == "session.toggle starts it."
    assert keys_of("tab.open", {"events.follow": "plus"}) == ("o", "^n")
    assert key_of("tab.open", {"events.follow": "plus"}) == "o"


async def test_every_answer_of_the_console_names_the_new_key(engine: Engine) -> None:
    app = console_app(engine, "nobody", config=REMAPPED)
    async with app.run_test(size=SIZE) as pilot:

        async def answers(command_id: str, answer: str) -> None:
            clear_messages(app)
            await pilot.press(key(command_id))
            await until(pilot, lambda: answer in shown_message(app), answer)

        await shows(pilot, f"no tab is open: {key('tab.open')} opens a profile")
        for command_id in ("session.toggle", "session.on_air", "talk.toggle", "talk.interrupt"):
            await answers(command_id, f"No tab is open. {key('tab.open')} opens a profile.")
        app.profile_tabs.open(app.profile_tabs.store.load("sound-check"))
        await shows(pilot, "1 sound-check")
        await shows(pilot, f"{key('talk.message')}: type a message")
        starts = f"The session is not connected. {key('session.toggle')} starts it."
        for command_id in ("session.on_air", "talk.toggle", "talk.interrupt"):
            await answers(command_id, starts)
        await answers("events.next_match", f"{key('events.filter')} takes words.")


async def test_messages_in_a_row_are_shown_one_after_the_other_with_their_keys(
    engine: Engine,
) -> None:
    app = console_app(engine, "sound-check", config=REMAPPED)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        clear_messages(app)
        app.show_message("info", "First.", "{events.export} writes files.")
        app.show_message("info", "Second.", "{tab.open} opens a profile.")
        first = f"First. {key('events.export')} writes files."
        await until(pilot, lambda: first in shown_message(app), first)
        await pilot.press("x")
        second = f"Second. {key('tab.open')} opens a profile."
        await until(pilot, lambda: second in shown_message(app), second)


async def test_titles_and_recordings_name_the_new_keys(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder), config=REMAPPED).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press(key("events.previous_error"))
        await shows(pilot, f" {key('events.follow')} follows")
        await pilot.press(key("events.copy"))
        await until(pilot, lambda: "Copied event" in shown_message(app), "the copy")
        clear_messages(app)
        await shows(pilot, f" {key('session.toggle')} goes on")
        await pilot.press(key("session.toggle"))
        await until(pilot, lambda: len(engine.snapshot().sessions) == 2, "the session that goes on")


async def test_windows_and_palette_obey_the_new_keys(engine: Engine) -> None:
    async with console_app(engine, "sound-check", config=REMAPPED).run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        main = pilot.app.screen
        await pilot.press("ctrl+p")
        for command_id in ("profile.show", "console.help"):
            await pilot.press(key(command_id))
            await until(pilot, lambda: pilot.app.screen is not main, command_id)
            await pilot.press(key(command_id))
            await until(pilot, lambda: pilot.app.screen is main, f"{command_id} again")
        await pilot.press(key("console.palette"))
        await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen), "the palette")


async def test_the_engine_answers_in_the_words_of_the_console(tmp_path: Path) -> None:
    with running_engine(tmp_path, input="null", output="null") as engine:
        app = console_app(engine, "sound-check", "casual-chat")
        async with app.run_test(size=SIZE) as pilot:
            await connect(pilot, engine)
            await pilot.press("t")
            await until(
                pilot, lambda: "detects turns by itself" in shown_message(app), "it detects"
            )
            await pilot.press("2")
            await connect(pilot, engine, "casual-chat")
            clear_messages(app)
            await pilot.press("t")
            await until(
                pilot,
                lambda: (
                    "This session is not on air. a gives it microphone and speaker."
                    in shown_message(app)
                ),
                "off air",
            )


async def test_a_message_that_cannot_be_sent_stays_in_its_line(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("i", *"hello", "enter")
        await until(pilot, lambda: "s starts it" in shown_message(app), "the answer")
        assert app.main_screen.message_line.text == "hello"


@pytest.mark.parametrize("braces", ["{session.toggle} starts", "{"])
async def test_braces_of_the_service_are_shown_as_they_came(tmp_path: Path, braces: str) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "mine.toml").write_text(
        f'[service]\ntarget = "simulator"\n[session]\nmodalities = ["{braces}"]\n'
    )
    with running_engine(tmp_path) as engine:
        app = console_app(engine, "mine")
        async with app.run_test(size=(200, 50)) as pilot:
            await shows(pilot, "1 mine")
            clear_messages(app)
            await connect(pilot, engine, "mine")
            await until(
                pilot, lambda: session_of(engine, "mine").view.errors, "the service's complaint"
            )
            await until(pilot, lambda: f"'{braces}'" in shown_message(app), "the complaint")
            assert "service refused modalities" in screen_text(app)
