"""The page of all notices: its lines at several widths, and its keys."""

import pytest
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.notice_history import PastNotice
from voicelive_tui.tui.panes.notices_page import notice_lines, notice_text
from voicelive_tui.tui.widgets.spans import cells

from tests.support.console_pilot import screen_text, shows, until
from tests.tui.support.console_screen import SIZE, connect, console_app, shown_message
from tests.tui.support.spans import text_of

LONG = (
    "No microphone and no speaker: a spoken file stands for the microphone. "
    "sudo apt-get install libportaudio2 libasound2-plugins"
)
THREE_MISTAKES = ConsoleConfig(
    problems=tuple(f"config.toml, line {line}: mistake {line}." for line in (1, 4, 5))
)


def test_a_notice_is_wrapped_whole_under_itself_and_counted() -> None:
    notice = PastNotice(1, "warning", LONG, "0:00.0", count=3)
    assert [text_of(line).rstrip() for line in notice_lines(notice, 100)] == [
        f"   0:00.0  warning   {LONG[:75]}",
        f"{' ' * 21}{LONG[76:]} (3 times)",
    ]


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("text", [LONG, LONG * 4, "漢字" * 90, "a" * 300])
def test_nothing_is_cut_and_no_line_is_wider_than_the_page(width: int, text: str) -> None:
    lines = notice_lines(PastNotice(1, "error", text, "start"), width, "support")
    assert all(cells(line) <= width for line in lines)
    shown = "".join(text_of(line)[21:] for line in lines).replace(" ", "")
    assert shown == f"support:{text}".replace(" ", "")


def test_a_notice_is_copied_with_its_time_and_level() -> None:
    notice = PastNotice(1, "error", "broken", "1:01.2", count=2)
    assert notice_text(notice) == "1:01.2 error broken (2 times)"


async def test_every_mistake_of_the_config_is_one_notice_on_the_page(engine: Engine) -> None:
    app = console_app(engine, "sound-check", config=THREE_MISTAKES)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "v 3 notices")
        await pilot.press("v")
        screen = await shows(pilot, "Notices")
        for line in (1, 4, 5):
            assert (
                f"   start   warning   config.toml, line {line}: mistake {line}."
                in screen.replace(" ▸ ", "   ")
            )
        assert "3 notices" not in await shows(pilot, "v close")
        await pilot.press("v")
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")
        assert "mistake 4" not in screen_text(app).replace(shown_message(app), "")


async def test_the_same_notice_again_is_counted_on_the_open_page(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("v")
        await shows(pilot, "No notices yet")
        app.show_message("warning", "Twice.")
        await shows(pilot, "warning   Twice.")
        app.show_message("warning", "Twice.")
        assert (await shows(pilot, "Twice. (2 times)")).count("warning   Twice.") == 1


async def test_the_cursor_copies_one_or_all_and_escape_closes(engine: Engine) -> None:
    app = console_app(engine, "sound-check", config=THREE_MISTAKES)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("v")
        await shows(pilot, "v close")
        await pilot.press("down", "y")
        await until(pilot, lambda: app.clipboard != "", "the copied notice")
        assert app.clipboard == "start warning config.toml, line 4: mistake 4."
        await pilot.press("Y")
        await until(pilot, lambda: "line 1" in app.clipboard, "all of them")
        assert app.clipboard.splitlines()[-3:] == [
            f"start warning {problem}" for problem in reversed(THREE_MISTAKES.problems)
        ]
        await pilot.press("escape")
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")
        await until(pilot, lambda: app.main_screen.transcript_pane.transcript.has_focus, "focus")


async def test_a_search_in_the_events_closes_the_page(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        for key in ("e", "slash"):
            await pilot.press("v")
            await until(pilot, lambda: app.main_screen.has_class("page-open"), "the page")
            await pilot.press(key)
            await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")


async def test_the_page_gives_the_focus_back_to_the_pane_that_had_it(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        main = app.main_screen
        await until(pilot, lambda: not main.has_class("single"), "the panes")
        main.set_focus(main.events_pane.events)
        await pilot.press("z", "v")
        await shows(pilot, "v close")
        await pilot.press("v")
        await until(pilot, lambda: not main.has_class("page-open"), "the panes again")
        assert main.focused is main.events_pane.events
