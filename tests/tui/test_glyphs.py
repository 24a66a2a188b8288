"""The characters of a terminal that has only ASCII, and the marks of matches without colours."""

import pytest
from rich.cells import cell_len
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.glyphs import chosen_glyphs, to_ascii, with_match_marks

from tests.support.console_pilot import screen_text, shows, until
from tests.tui.support.console_screen import SIZE, connect, console_app


@pytest.mark.parametrize(
    ("drawn", "ascii_twin"),
    [
        ("●▶~✗■", "*>~x#"),
        ("▸ ▌│ ✓ · ░", "> || v . ."),
        ("─═", "-="),
        ("▁▂▃▄▅▆▇█", "_.-=*#%@"),
        ("driver…", "driver~"),
        ("Grüße, 日本", "Grüße, 日本"),
    ],
)
def test_each_drawn_character_has_a_twin_of_one_cell(drawn: str, ascii_twin: str) -> None:
    assert to_ascii(drawn) == ascii_twin
    assert cell_len(drawn) == cell_len(ascii_twin)


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({"LANG": "en_US.UTF-8"}, "unicode"),
        ({"LANG": "C.utf8", "TERM": "xterm"}, "unicode"),
        ({}, "unicode"),
        ({"LANG": "de_DE.ISO-8859-1"}, "ascii"),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LC_ALL": "", "LC_CTYPE": "UTF-8", "LANG": "C"}, "unicode"),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "ascii"),
    ],
)
def test_the_locale_and_the_terminal_choose_the_glyphs(
    environment: dict[str, str], chosen: str
) -> None:
    assert chosen_glyphs("auto", environment) == chosen
    assert chosen_glyphs("ascii", environment) == "ascii"
    assert chosen_glyphs("unicode", environment) == "unicode"


def test_a_match_has_marks_in_the_blanks_beside_it() -> None:
    marked = with_match_marks([("to a ", ""), ("parcel", "match"), (" desk", "dim")])
    assert marked == [("to a«", ""), ("parcel", "match"), ("»desk", "dim")]
    beside = [("x", ""), ("y", "match"), ("z", "")]
    assert with_match_marks(beside) == beside


async def test_every_character_of_the_console_and_its_windows_is_ascii(engine: Engine) -> None:
    config = ConsoleConfig(theme="voicelive-dark", glyphs="ascii")
    app = console_app(engine, "sound-check", config=config)

    def others() -> set[str]:
        return {each for each in screen_text(app) if not each.isascii()}

    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await connect(pilot, engine)
        await until(pilot, lambda: not others(), f"only ASCII: {others()}")
        for key in ("question_mark", "ctrl+p", "p", "plus", "q"):
            await pilot.press(key)
            await until(pilot, lambda: len(app.screen_stack) == 2, f"the window of {key}")
            await until(pilot, lambda: not others(), f"only ASCII after {key}: {others()}")
            await pilot.press("escape")
            await until(pilot, lambda: len(app.screen_stack) == 1, f"{key} closed")
