"""Takes the README's pictures of the real console: `python -m tests.support.screenshots`."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.paths import DEMO, recording_folder
from voicelive_tui.tui.app import ConsoleApp

from tests.support.console_pilot import DARK, running_engine, shows, until
from tests.support.pictures import write_picture

ROOT = Path(__file__).parents[2]
HELLO = ROOT / "app/voicelive_tui/audio/assets/hello.wav"


class Photographer:
    """Takes pictures of a running console."""

    def __init__(self, pilot: Pilot[Any], engine: Engine, folder: Path) -> None:
        self.pilot, self.engine, self.folder = pilot, engine, folder

    @property
    def app(self) -> ConsoleApp:
        """The console."""
        assert isinstance(self.pilot.app, ConsoleApp)
        return self.pilot.app

    def session(self, key: str) -> SessionSnapshot:
        """The session of a tab."""
        return self.engine.snapshot().sessions[key]

    async def take(self, name: str, width: int, height: int) -> None:
        """Save the screen at this size as NAME.svg and NAME.png."""
        await self.pilot.resize_terminal(width, height)
        self.app.sync()
        await self.pilot.pause(0.1)
        for path in write_picture(
            self.app.export_screenshot(title="voicelive-tui"), self.folder / f"{name}.svg"
        ):
            print(path.relative_to(ROOT))

    async def connected(self, key: str) -> None:
        """Start the session of the current tab and wait until it is connected."""
        await until(
            self.pilot,
            lambda: (tab := self.app.main_screen.session) and tab.key == key,
            f"the tab {key}",
        )
        await self.pilot.press("s")
        await until(
            self.pilot,
            lambda: self.session(key).state is SessionState.CONNECTED,
            f"{key} connected",
        )


async def talking(photo: Photographer) -> None:
    """Take the start page and a session in which the agent speaks."""
    await shows(photo.pilot, "start the session")
    await photo.take("first-screen", 100, 30)
    await photo.connected("sound-check")
    session = photo.session
    await until(
        photo.pilot,
        lambda: session("sound-check").assistant_speaking and len(answer(session)) > 40,
        "an answer being spoken",
    )
    await photo.take("answering", 120, 36)
    await photo.pilot.press("2")
    await photo.connected("casual-chat")
    await photo.pilot.press("comma", "slash", *"silence", "enter", "right", "right")
    await shows(photo.pilot, "✓ in")
    await photo.take("settings", 100, 30)
    await photo.pilot.press("escape", "s", "1", "s")


def answer(session: Callable[[str], SessionSnapshot]) -> str:
    """What the agent has said so far."""
    lines = [line for line in session("sound-check").view.transcript if line.who == "agent"]
    return lines[-1].text if lines else ""


async def recorded(photo: Photographer) -> None:
    """Take the views of the recording that comes with the program."""
    press, pilot = photo.pilot.press, photo.pilot
    await shows(pilot, "You are welcome. Goodbye.")
    photo.app.main_screen.message_bar.clear()
    await photo.take("console", 140, 40)
    await photo.take("wide", 200, 50)
    await photo.take("narrow", 80, 24)
    await press("question_mark")
    await photo.take("help", 120, 46)
    await press("escape", "plus")
    await shows(pilot, "═ Profiles ")
    await photo.take("profiles", 120, 36)
    await press("escape", "shift+tab", "slash", *"truncate", "enter", "g", "enter")
    await photo.take("details", 120, 40)
    await press("q")


async def photograph(folder: Path) -> None:
    """Take all pictures, those of a session and those of the recording."""
    for views, tabs in (talking, ["sound-check", "casual-chat"]), (recorded, ["sessions/demo"]):
        with tempfile.TemporaryDirectory() as state, contextlib.chdir(state):
            shutil.copytree(recording_folder(DEMO), "sessions/demo")
            shutil.copy(HELLO, "hello.wav")
            with running_engine(Path(state), input="wav:hello.wav") as engine:
                app = ConsoleApp(engine, tabs=tabs, config=DARK)
                async with app.run_test(size=(100, 30)) as pilot:
                    await views(Photographer(pilot, engine, folder))


def main() -> int:
    """Write the pictures to screenshots/, or to the folder named on the command line."""
    # The developer's own config file must not change the pictures.
    os.environ["XDG_CONFIG_HOME"] = tempfile.gettempdir() + "/no-config-of-anybody"
    os.environ.pop("NO_COLOR", None)
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "screenshots"
    asyncio.run(photograph(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
