"""The contrast of text by WCAG 2.1 in every theme: on the background, on panels and in the row
under the cursor."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.contrast import DIM, TEXT, contrast, readable_variables
from voicelive_tui.tui.theme import DARK, LIGHT, SIXTEEN, readable_theme
from voicelive_tui.tui.widgets.spans import LOOKS, SpanWidget

from tests.support.console_pilot import shows
from tests.tui.support.console_screen import SIZE, console_app

DRAWN = {"rule", "meter-off"}
"""Looks of lines, which are no text."""
DIMMED = {
    "dim",
    "faint",
    "local",
    "note",
    "partial",
    "unspoken",
    "punct",
    "tab",
    "hint",
    "meter-faint",
}
ANSI = {"ansi-dark", "ansi-light"}
"""Themes of the terminal's own colours, which no program knows."""


def test_the_contrast_of_wcag() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(Color.parse("#fff"), Color.parse("#777")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_console_s_own_colours_are_its_themes(theme: object) -> None:
    assert isinstance(theme, type(DARK))
    variables = {**theme.to_color_system().generate(), **theme.variables}
    changed = readable_variables(variables)
    assert set(changed) <= {"block-cursor-foreground", "text-muted", "text-disabled"}


def test_a_theme_of_the_terminal_s_colours_stays_as_it_is() -> None:
    theme = BUILTIN_THEMES["ansi-dark"]
    assert readable_variables({**theme.to_color_system().generate(), **theme.variables}) == {}


def test_in_sixteen_colours_there_is_one_dim() -> None:
    variables = {**SIXTEEN.to_color_system().generate(), **SIXTEEN.variables}
    readable = readable_theme(SIXTEEN.name, variables, "standard")
    assert readable["text-muted"] == readable["text-disabled"]
    nord = BUILTIN_THEMES["nord"]
    variables = {**nord.to_color_system().generate(), **nord.variables}
    readable = readable_theme("nord", variables, "standard")
    assert readable["text-muted"] == readable["text-disabled"]
    readable = readable_theme("nord", variables, "truecolor")
    assert readable["text-muted"] != readable["text-disabled"]


def too_faint(widget: SpanWidget, where: str) -> list[str]:
    """Every look that is not readable in this widget, or in its row under the cursor."""
    found = []
    for name in sorted(LOOKS - DRAWN):
        style = widget.look(name)
        wanted = DIM if name in DIMMED else TEXT
        grounds = {"": style.bgcolor}
        if not name.startswith("cursor"):
            grounds["the cursor's row"] = widget.look("cursor").bgcolor
        own = style.bgcolor != widget.look("").bgcolor
        for ground, color in grounds.items():
            assert color is not None and style.color is not None
            if own and ground:
                continue  # a badge keeps its own background
            got = contrast(Color.from_rich_color(style.color), Color.from_rich_color(color))
            if got < wanted - 0.02:
                found.append(f"{where} {ground} {name}: {got:.2f}")
    return found


async def test_text_can_be_read_in_every_theme(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        screen = app.main_screen
        faint = []
        for name in sorted(set(app.available_themes) - ANSI - {SIXTEEN.name}):
            app.theme = name
            await pilot.pause()
            faint += too_faint(screen.transcript_pane.transcript, f"{name} background")
            faint += too_faint(screen.query_one("#keys", SpanWidget), f"{name} panel")
        assert faint == []
