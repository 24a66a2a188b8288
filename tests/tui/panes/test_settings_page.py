"""The settings page and the third column with a real engine and the simulator: a value by arrow
key, typed and chosen, taken back, found; before a session and during one."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.profile.settings import REMOVED, setting_at
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.panes.settings_page import SettingsPage
from voicelive_tui.tui.widgets.settings_list import SettingsList

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    clear_messages,
    connect,
    console_app,
    session_of,
    shown_message,
)

PAGE, SMALL, WIDE = (100, 30), (80, 24), (200, 50)
TAB = "casual-chat"
TURNS = "session.turn_detection"
SILENCE, THRESHOLD = f"{TURNS}.silence_duration_ms", f"{TURNS}.threshold"


def settings_list(app: ConsoleApp) -> SettingsList:
    return app.main_screen.query_one(SettingsList)


def asked(engine: Engine, key: str) -> Any:
    """The value of a setting in the engine's profile of the tab."""
    profile = engine.profile(TAB)
    assert profile is not None
    return setting_at(profile.document, key)


def in_force(engine: Engine) -> Mapping[str, Any]:
    """The turn detection that the service confirmed last."""
    detection = session_of(engine, TAB).view.effective.get("turn_detection")
    return detection if isinstance(detection, Mapping) else {}


async def opened(pilot: Pilot[Any], key: str = "") -> ConsoleApp:
    """The console with the settings open and the cursor on this setting."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await shows(pilot, f"1 {TAB}")
    await pilot.press("comma")
    await until(pilot, lambda: app.main_screen.query(SettingsList), "the settings")
    await until(pilot, lambda: settings_list(app).has_focus, "the focus")
    await until(pilot, lambda: settings_list(app).current, "what it shows")
    if key:
        await go_to(pilot, key)
    return app


async def go_to(pilot: Pilot[Any], key: str) -> None:
    """Put the cursor on this setting."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    settings_list(app).put_cursor(key)
    await until(pilot, lambda: settings_list(app).cursor == key, key)


@pytest.mark.parametrize("size", [PAGE, SMALL])
async def test_every_section_is_on_the_page_with_what_is_asked(
    engine: Engine, size: tuple[int, int]
) -> None:
    async with console_app(engine, TAB).run_test(size=size) as pilot:
        app = await opened(pilot, SILENCE)
        screen = await shows(pilot, "▸  silence ms")
        assert "200  ├" in screen and f"Settings  {TAB}.toml" in screen
        assert "Left Right change" in screen.splitlines()[-1]
        seen = set()
        await pilot.press("home")
        for _ in range(10):
            seen |= {line.strip() for line in screen_text(app).splitlines()}
            await pilot.press("pagedown")
        text = "\n".join(seen)
        for title in ("SERVICE", "VOICE", "TURNS", "TRANSCRIPTION", "NOISE AND ECHO", "ANSWERS"):
            assert title in text


async def test_arrow_keys_change_a_number_before_a_session_and_undo_brings_it_back(
    engine: Engine,
) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        await opened(pilot, SILENCE)
        step = settings_list_step(pilot)
        await pilot.press("right", "right")
        await until(pilot, lambda: asked(engine, SILENCE) == 200 + 2 * step, "two steps")
        await shows(pilot, "≠ file 200")
        await shows(pilot, "1 differs")
        await pilot.press("u")
        await until(pilot, lambda: asked(engine, SILENCE) == 200 + step, "one taken back")
        await pilot.press("u", "u")
        await until(pilot, lambda: asked(engine, SILENCE) == 200, "both taken back")
        await shows(pilot, "No setting of this tab was changed.")


def settings_list_step(pilot: Pilot[Any]) -> float:
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    current = settings_list(app).current
    assert current is not None and current.setting.field.step is not None
    return current.setting.field.step


async def test_two_keys_put_another_silence_into_force(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, SILENCE)
        step = settings_list_step(pilot)
        await pilot.press("comma")
        await connect(pilot, engine, TAB)
        await until(pilot, lambda: in_force(engine).get("silence_duration_ms") == 200, "asked")
        await pilot.press("comma", "right")
        await until(
            pilot, lambda: in_force(engine).get("silence_duration_ms") == 200 + step, "in force"
        )
        await until(pilot, lambda: screen_text(app).count(f" {200 + step:g} ") >= 2, "shown")


async def test_a_typed_value_is_taken_and_one_of_another_type_is_refused(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, SILENCE)
        await pilot.press("enter", *"soon", "enter")
        await until(pilot, lambda: '"soon" is not a whole number' in shown_message(app), "why not")
        await pilot.press("ctrl+u", *"750", "enter")
        await until(pilot, lambda: asked(engine, SILENCE) == 750, "the value")
        await until(pilot, lambda: settings_list(app).has_focus, "the list again")
        await pilot.press("enter", "1", "escape")
        await until(pilot, lambda: settings_list(app).has_focus, "left")
        await pilot.press("enter", "ctrl+u", "enter")
        await until(pilot, lambda: asked(engine, SILENCE) is REMOVED, "the service's default")


async def test_a_paste_replaces_the_selected_value_and_then_goes_where_the_cursor_is(
    engine: Engine,
) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, SILENCE)
        for event in (Key("enter", None), Paste("45"), Paste("0"), Key("enter", None)):
            app.post_message(event)
        await until(pilot, lambda: asked(engine, SILENCE) == 450, "the pasted value")


async def test_a_choice_is_a_list_that_takes_free_text(engine: Engine) -> None:
    detector = f"{TURNS}.type"
    async with console_app(engine, TAB).run_test(size=SMALL) as pilot:
        app = await opened(pilot, detector)
        await pilot.press("enter")
        await shows(pilot, "semantic_vad")
        await pilot.press("down", "enter")
        await until(pilot, lambda: asked(engine, detector) == "azure_semantic_vad_en", "the next")
        await until(pilot, lambda: settings_list(app).has_focus, "the list")
        await pilot.press("enter", *("underscore" if c == "_" else c for c in "my_vad"), "enter")
        await until(pilot, lambda: asked(engine, detector) == "my_vad", "a new name")
        await until(pilot, lambda: settings_list(app).has_focus, "the list")
        await pilot.press("enter", *"off", "enter")
        await until(pilot, lambda: asked(engine, TURNS) == "none", "manual turns")
        await pilot.press("u")
        await until(pilot, lambda: asked(engine, detector) == "my_vad", "the whole table again")
        assert asked(engine, THRESHOLD) == 0.3


async def test_a_long_text_is_typed_in_place_with_its_own_undo(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, "session.instructions")
        before = asked(engine, "session.instructions")
        await pilot.press("enter")
        await shows(pilot, "You are good company")
        await pilot.press("ctrl+end", "B", "e", "alt+enter", "o", "ctrl+z", "k", "enter")
        await until(pilot, lambda: asked(engine, "session.instructions") != before, "the new text")
        assert "k" in asked(engine, "session.instructions")[len(before) - 1 :]
        await until(pilot, lambda: settings_list(app).has_focus, "the list")


async def test_a_field_is_found_by_its_name_and_by_its_help(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot)
        await pilot.press("slash", *"silence")
        await until(pilot, lambda: settings_list(app).cursor == SILENCE, "the field")
        await shows(pilot, " / silence")
        await pilot.press("ctrl+u", *"zzz")
        await shows(pilot, " / zzz")
        await shows(pilot, "no field has it")
        await pilot.press("escape")
        await until(pilot, lambda: settings_list(app).position == 0, "where it was")


async def test_a_field_that_is_named_just_so_is_found_before_one_beside_it(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, "session.voice.model")
        await pilot.press("slash", *"voice", "enter")
        await until(pilot, lambda: settings_list(app).cursor == "session.voice.name", "the voice")
        await pilot.press("n")
        await until(pilot, lambda: settings_list(app).cursor == "session.voice.rate", "the next")


async def test_escape_closes_the_page_and_it_keeps_its_place(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, THRESHOLD)
        await pilot.press("escape")
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")
        await until(pilot, lambda: app.main_screen.transcript_pane.transcript.has_focus, "focus")
        await opened(pilot)
        assert settings_list(app).cursor == THRESHOLD


async def test_keys_that_come_at_once_each_act_on_the_effect_of_the_one_before(
    engine: Engine,
) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, SILENCE)
        for key in (
            "comma",
            "comma",
            "comma",
            "comma",
            "right",
            "enter",
            "7",
            "0",
            "enter",
            "right",
        ):
            app.post_message(Key(key, key if len(key) == 1 else None))
        step = settings_list_step(pilot)
        await until(pilot, lambda: asked(engine, SILENCE) == 70 + step, "the last of them")


async def test_a_message_is_typed_while_the_page_is_open(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot)
        await pilot.press("i", "h")
        await until(pilot, lambda: app.main_screen.message_line.text == "h", "the letter")
        assert app.main_screen.has_class("page-open")
        await pilot.press("escape")
        await until(pilot, lambda: settings_list(app).has_focus, "the settings again")


async def test_a_recording_says_that_it_keeps_its_settings(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        await shows(pilot, "✗ heard")
        await pilot.press("comma")
        await shows(pilot, "A recorded session keeps its settings.")
        assert not app.main_screen.query(SettingsPage)


async def test_a_wide_screen_has_a_third_column_that_can_be_folded(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        async with console_app(engine, TAB).run_test(size=WIDE) as pilot:
            app = pilot.app
            assert isinstance(app, ConsoleApp)
            await connect(pilot, engine, TAB)
            await shows(pilot, "─ Settings ─")
            column = app.main_screen.query_one(SettingsPage)
            assert column.region.x == 151 and column.region.right == 200
            assert app.main_screen.transcript_pane.region.width == 84
            assert app.main_screen.transcript_pane.transcript.has_focus
            await pilot.press("comma")
            await until(pilot, lambda: settings_list(app).has_focus, "the column has the focus")
            await go_to(pilot, SILENCE)
            await pilot.press("right")
            await until(pilot, lambda: in_force(engine).get("silence_duration_ms") != 200, "sent")
            await pilot.press("comma")
            await until(pilot, lambda: not app.main_screen.query(SettingsPage), "folded")
            await until(
                pilot, lambda: app.main_screen.transcript_pane.region.width == 92, "its width"
            )


async def test_the_page_becomes_the_column_where_there_is_room(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, THRESHOLD)
        await pilot.resize_terminal(*WIDE)
        await until(
            pilot,
            lambda: [each.column for each in app.main_screen.query(SettingsPage)] == [True],
            "the column",
        )
        await until(pilot, lambda: settings_list(app).has_focus, "the focus")
        assert settings_list(app).cursor == THRESHOLD
        await pilot.resize_terminal(*SMALL)
        await until(
            pilot,
            lambda: [each.column for each in app.main_screen.query(SettingsPage)] == [False],
            "the page",
        )


async def test_a_refused_value_is_marked_with_its_reason_and_escape_takes_it_back(
    engine: Engine,
) -> None:
    rate = "session.input_audio_sampling_rate"
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, rate)
        await pilot.press("comma")
        await connect(pilot, engine, TAB)
        await pilot.press("comma", "enter", *"12345", "enter")
        await shows(pilot, "✗ refused")
        screen = await shows(pilot, "takes it back")
        assert "Invalid value: 12345" in screen and "✗ refused" in screen
        await pilot.press("escape")
        await until(pilot, lambda: "✗ refused" not in screen_text(app), "taken back")
        assert asked(engine, rate) != 12345
        assert settings_list(app).has_focus


async def test_a_new_model_waits_for_a_restart_which_one_key_makes(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, "service.model")
        await pilot.press("comma")
        await connect(pilot, engine, TAB)
        await pilot.press("comma", "right")
        await shows(pilot, "! restart")
        wanted = asked(engine, "service.model")
        assert wanted != "gpt-4o"
        await pilot.press("R")
        await until(pilot, lambda: session_of(engine, TAB).view.model == wanted, "its model")
        await until(pilot, lambda: "! restart" not in screen_text(app), "no mark")


async def test_what_is_in_force_leads_to_its_field(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        await connect(pilot, engine, TAB)
        await pilot.press("D")
        await shows(pilot, "Asked and in force")
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.main_screen.query(SettingsList), "the settings")
        await until(pilot, lambda: settings_list(app).has_focus, "the focus")
        await until(pilot, lambda: settings_list(app).current, "what it shows")
        assert settings_list(app).cursor.startswith("session.")


async def test_a_change_that_breaks_the_profile_is_not_shown_as_made(engine: Engine) -> None:
    target = "service.target"
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, target)
        for times in (1, 2):
            await pilot.press("enter", *"nonsense", "enter")
            await until(pilot, partial(was_refused, engine, times), "refused")
            await until(pilot, lambda: "Not changed" in shown_message(app), "why not")
            await until(
                pilot,
                lambda: (now := settings_list(app).current) and now.setting.value == "azure",
                "what it was",
            )


def was_refused(engine: Engine, times: int) -> bool:
    return session_of(engine, TAB).refused_changes == times


async def test_the_footer_says_whether_escape_takes_back_or_leaves(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot, SILENCE)
        await shows(pilot, "Esc back")
        await connect_with_settings(pilot, engine)
        await go_to(pilot, "service.model")
        await pilot.press("enter", "ctrl+u", *"gpt-4.1", "enter")
        await shows(pilot, "! restart")
        await until(pilot, lambda: "Esc take back  u" in footer_of(app), "what Esc does")
        clear_messages(app)
        await pilot.press("escape")
        await shows(pilot, "Taken back: service.model.")
        await until(pilot, lambda: "Esc back" in footer_of(app), "what Esc does")


async def connect_with_settings(pilot: Pilot[Any], engine: Engine) -> None:
    await pilot.press("comma")
    await connect(pilot, engine, TAB)
    await pilot.press("comma")
    await until(pilot, lambda: settings_list(app_of(pilot)).has_focus, "the settings again")


def footer_of(app: ConsoleApp) -> str:
    return screen_text(app).splitlines()[-1]


async def test_a_key_asks_the_last_question_again_with_the_settings_as_they_are(
    engine: Engine,
) -> None:
    async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
        app = await opened(pilot)
        await pilot.press("escape")
        await connect(pilot, engine, TAB)
        await pilot.press("i", *"Hello", "enter", "escape")
        await until(pilot, lambda: asked_texts(engine) == ["Hello"], "the question")
        await until(pilot, lambda: is_confirmed(engine), "the service has the question")
        await pilot.press("comma")
        await until(pilot, lambda: settings_list(app).has_focus, "the focus")
        await go_to(pilot, SILENCE)
        await pilot.press("right", "A")
        await until(pilot, lambda: asked_texts(engine) == ["Hello", "Hello"], "asked again")
        await until(pilot, lambda: in_force(engine).get("silence_duration_ms") == 250, "in force")


def is_confirmed(engine: Engine) -> bool:
    """True once the service has confirmed the question of the newest turn."""
    turns = session_of(engine, TAB).view.turns
    return bool(turns) and turns[-1].user_item_id is not None


def asked_texts(engine: Engine) -> list[str]:
    """The texts of the user's messages that were sent to the service, in order."""
    index = engine.index(TAB)
    assert index is not None
    return [
        part["text"]
        for n in range(index.count)
        if index.type_name(n) == "conversation.item.create" and index.direction(n) == "sent"
        for part in index.record(n).event["item"]["content"]
    ]


async def test_a_changed_value_is_saved_with_one_key(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    path = tmp_path / "profiles" / f"{TAB}.toml"
    text = '# mine\n[session.turn_detection]\ntype = "server_vad"\nthreshold = 0.5  # half\n'
    path.write_text(text)
    with running_engine(tmp_path) as engine:
        async with console_app(engine, TAB).run_test(size=PAGE) as pilot:
            await opened(pilot, THRESHOLD)
            await pilot.press("right")
            await shows(pilot, "≠ file 0.5")
            await pilot.press("S")
            await until(pilot, lambda: "0.55" in path.read_text(), "the file")
            await until(pilot, lambda: "≠ file" not in screen_text(app_of(pilot)), "no mark")
    assert path.read_text() == text.replace("0.5 ", "0.55 ")


def app_of(pilot: Pilot[Any]) -> ConsoleApp:
    assert isinstance(pilot.app, ConsoleApp)
    return pilot.app
