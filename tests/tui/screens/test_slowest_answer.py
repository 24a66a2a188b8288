"""From anywhere one key goes to the answer that was heard latest."""

from pathlib import Path

from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.limits import Limits

from tests.support.console_pilot import running_engine, shows
from tests.support.prepared_session import prepared_session


async def test_the_key_goes_to_the_slowest_answer_and_says_both_definitions(
    tmp_path: Path,
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    config = ConsoleConfig(limits=Limits(heard_ms=1))
    with running_engine(tmp_path) as engine:
        app = ConsoleApp(engine, tabs=[str(folder)], config=config)
        async with app.run_test(size=(140, 40)) as pilot:
            await shows(pilot, "heard 2.1 of")
            await pilot.press("tab", "L")
            screen = await shows(pilot, "the slowest of")
            session = app.main_screen.session
            assert session is not None
            latencies = session.view.totals.latencies
            transcript = app.main_screen.transcript_pane.transcript
            assert transcript.has_focus and transcript.current is not None
            assert transcript.current.heard_after_ms == latencies.heard.worst_ms
            events = app.main_screen.events_pane.events
            assert events.cursor_n == transcript.current.first_n
            assert "! 930 ms" in screen
            assert "Turn 1 was heard after 930 ms, the slowest of 2" in screen


async def test_without_an_answer_there_is_no_slowest_one(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "mine.toml").write_text("")
    with running_engine(tmp_path) as engine:
        app = ConsoleApp(engine, tabs=["mine"])
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("L")
            await shows(pilot, "No answer to the user was heard yet.")
