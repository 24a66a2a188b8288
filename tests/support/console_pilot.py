"""The console under Textual's pilot with a real engine: how tests wait for it and read it."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.screen_clock import Clock

from tests.support.deadlines import DEADLINE_S

DARK = ConsoleConfig(theme="voicelive-dark")
"""A fixed theme: otherwise the colours depend on the terminal in which a test runs."""

MOST_BEATS = 25
"""The pauses after which a screen is not waited for: it ends, or does not show the engine yet."""

FIXED_CLOCK = Clock(now=lambda: 1_000.0, wall=lambda: 1_772_366_400.0)


async def keys_handled(app: ConsoleApp) -> None:
    """Wait until every key that was pressed has had its whole effect, or the app has ended."""
    end_s = time.monotonic() + DEADLINE_S
    while app.is_running and app.input_queue.busy:
        if time.monotonic() > end_s:
            raise TimeoutError("a key never had its whole effect")
        await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def patient_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `Pilot.press` return only once the console has done what the keys ask for. Textual's own
    goes on after a short time without work, which on a busy machine can be before that."""
    press = Pilot.press

    async def press_and_wait(pilot: Pilot[Any], *keys: str) -> None:
        await press(pilot, *keys)
        if isinstance(pilot.app, ConsoleApp):
            await keys_handled(pilot.app)
            if pilot.app.is_running:
                await pilot.pause(0)

    monkeypatch.setattr(Pilot, "press", press_and_wait)


async def until(pilot: Pilot[Any], condition: Callable[[], object], what: str = "") -> None:
    """Let the app run until the condition holds, and until its main screen has what the engine had
    then, because a key acts on what the screen has. Raises TimeoutError naming `what`."""
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end_s:
            raise TimeoutError(f"never came: {what or condition}")
        await pilot.pause(0.02)
    app = pilot.app
    revision = app.engine.snapshot().revision if isinstance(app, ConsoleApp) else 0
    for _ in range(MOST_BEATS):
        if not isinstance(app, ConsoleApp) or app.main_screen.snapshot.revision >= revision:
            break
        await pilot.pause(0.02)


@contextmanager
def running_engine(
    folder: Path,
    *,
    input: str = "null",  # noqa: A002
    output: str = "null",
    **more: Any,
) -> Iterator[Engine]:
    """An engine with the simulator as its service and without this machine's state."""
    folders = more.pop("profile_dirs", (folder / "profiles",))
    ours = {
        "simulator": True,
        "state_dir": folder / "state",
        "config_dir": folder / "config",
        **more,
    }
    settings = Settings(input=input, output=output, profile_dirs=folders, **ours)
    engine = Engine(settings)
    engine.start()
    try:
        yield engine
    finally:
        assert engine.close(timeout_s=DEADLINE_S)


_DRAWN = re.compile(
    r'<text [^>]*x="([\d.]+)" [^>]*textLength="([\d.]+)" '
    r'clip-path="url\(#[^)]*-line-(\d+)\)">([^<]*)</text>'
)
"""A run of text in Textual's screenshot: position and length in pixels, line, and text as XML."""


def screen_text(app: ConsoleApp) -> str:
    """The text on the screen, line by line, read from Textual's screenshot."""
    lines = [""] * app.size.height
    for left_px, length_px, number, escaped in _DRAWN.findall(app.export_screenshot(simplify=True)):
        text = unescape(escaped).replace("\xa0", " ")
        cell_px = float(length_px) / len(text)
        line = lines[int(number)]
        lines[int(number)] = (
            line + " " * (round(float(left_px) / cell_px) - cell_len(line)) + text.rstrip("\n")
        )
    return "\n".join(lines)


async def shows(pilot: Pilot[Any], text: str) -> str:
    """Wait until this text is on the screen; returns the screen."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await until(
        pilot, lambda: text in screen_text(app), f"{text!r} on the screen:\n{screen_text(app)}"
    )
    return screen_text(app)
