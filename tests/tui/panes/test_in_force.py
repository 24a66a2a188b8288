"""The page with what was asked for and what is in force: in a session, without one, and in a
recording."""

from pathlib import Path

import pytest
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.console_pilot import screen_text, shows, until
from tests.tui.support.console_screen import SIZE, connect, console_app, ready, session_of


async def test_the_page_says_what_will_stand_there_and_then_shows_it(engine: Engine) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 support")
        await pilot.press("D")
        await shows(pilot, "Nothing is in force yet: s starts the session.")
        await connect(pilot, engine, "support")
        await ready(pilot, engine, "support")
        await shows(pilot, "All is in force as the file has it")
        screen = await shows(pilot, "23 keys")
        assert "session.created    defaults of the service" in screen
        assert "modalities                 text, audio" in screen
        assert "All is in force as the file has it" in screen
        assert "silence_duration_ms" not in screen


async def test_all_settings_are_shown_on_request_and_copied_as_a_profile_s_table(
    engine: Engine,
) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine, "support")
        await ready(pilot, engine, "support")
        await pilot.press("D")
        await shows(pilot, "the same in all three: a shows them")
        await pilot.press("a")
        await shows(pilot, ".silence_duration_ms")
        assert session_of(engine, "support").on_air
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard != "", "the copied settings")
        assert app.clipboard.startswith("[session]\n")
        assert "silence_duration_ms = 500" in app.clipboard
        await pilot.press("a")
        await until(pilot, lambda: ".silence_duration_ms" not in screen_text(app), "fewer rows")


async def test_enter_on_a_configuration_goes_to_its_event(engine: Engine) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine, "support")
        await ready(pilot, engine, "support")
        await pilot.press("D")
        await shows(pilot, "23 keys")
        await pilot.press("G")
        if not _is_current(screen_text(app), "23 keys"):  # session.created was recorded after it
            await pilot.press("up")
        await until(pilot, lambda: _is_current(screen_text(app), "23 keys"), "the update's row")
        await pilot.press("enter")
        pane = app.main_screen.events_pane
        await until(pilot, lambda: pane.events.has_focus, "the events")
        index, n = pane.state.index, pane.events.cursor_n
        assert index is not None
        assert n is not None
        assert index.type_name(n) == "session.update"
        assert not app.main_screen.has_class("page-open")


@pytest.mark.parametrize("key", ["D", "escape"])
async def test_its_own_key_and_escape_close_the_page(engine: Engine, key: str) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 support")
        await pilot.press("D")
        await shows(pilot, "D close")
        await pilot.press(key)
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")
        await until(pilot, lambda: app.main_screen.transcript_pane.transcript.has_focus, "focus")


async def test_one_page_takes_the_place_of_another(engine: Engine) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 support")
        for key, title, other in (("v", "Notices", "Asked in"), ("D", "Asked and", "Notices")) * 2:
            await pilot.press(key)
            assert f"═ {other}" not in await shows(pilot, f"═ {title}")


async def test_a_message_can_be_typed_while_the_page_is_open(engine: Engine) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine, "support")
        await ready(pilot, engine, "support")
        await pilot.press("D")
        await shows(pilot, "23 keys")
        await pilot.press("i", *"hello")
        await shows(pilot, "hello")
        assert app.main_screen.has_class("page-open")


async def test_a_recorded_session_has_the_page_too(engine: Engine) -> None:
    app = console_app(engine, "support")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine, "support")
        await ready(pilot, engine, "support")
        await pilot.press("D")
        await shows(pilot, "All is in force as the file has it")
        live = await shows(pilot, "23 keys")
        await pilot.press("s")
        await until(
            pilot, lambda: session_of(engine, "support").state is SessionState.ENDED, "the end"
        )
        folder = session_of(engine, "support").folder
    recorded = console_app(engine, folder)
    async with recorded.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await shows(pilot, "RECORDED")
        await pilot.press("D")
        shown = await shows(pilot, "23 keys")
        assert _settings(shown) == _settings(live)


def _is_current(screen: str, text: str) -> bool:
    """Return whether the cursor is on a row with this text."""
    return any("▸" in line and text in line for line in screen.splitlines())


def _settings(screen: str) -> list[str]:
    """The rows between the headings and the history."""
    lines = [line.replace("▸", " ").rstrip() for line in screen.splitlines()]
    first = next(at for at, line in enumerate(lines) if line.startswith("   key "))
    last = next(at for at, line in enumerate(lines) if "all configurations" in line)
    return lines[first + 1 : last]


async def test_what_was_accepted_and_does_not_act_has_its_sentence_and_cure(
    engine: Engine, tmp_path: Path
) -> None:
    profile = tmp_path / "native.toml"
    profile.write_text(
        '[service]\ntarget = "simulator"\nmodel = "gpt-realtime"\n'
        '[session.turn_detection]\ntype = "server_vad"\n'
        '[session.turn_detection.end_of_utterance_detection]\nmodel = "semantic_detection_v1"\n'
    )
    app = console_app(engine, str(profile))
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine, "native")
        await ready(pilot, engine, "native")
        await pilot.press("D")
        screen = await shows(pilot, "accepted, but does not act")
        assert "gpt-realtime hears speech itself and has no words to judge" in screen
