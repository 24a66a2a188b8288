"""Takes the README's pictures of the real console: `python -m tests.support.screenshots`."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
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


async def conversation(photo: Photographer) -> None:
    """Hold a conversation and take the pictures: the user speaks, interrupts the answer, and
    another session talks meanwhile."""
    press, pilot = photo.pilot.press, photo.pilot
    await shows(pilot, "start the session")
    await photo.take("first-screen", 100, 30)
    await photo.connected("sound-check")
    await until(pilot, lambda: heard_ms(photo, 0) > 2_500, "an answer being spoken")
    await photo.take("answering", 120, 36)
    await press("t")
    await until(
        pilot,
        lambda: any(
            line.state == "interrupted" for line in photo.session("sound-check").view.transcript
        ),
        "barge-in",
    )
    await until(
        pilot, lambda: len(photo.session("sound-check").view.transcript) >= 4, "the next answer"
    )
    await press("2")
    await photo.connected("casual-chat")
    await press("i", *"Tell me about the weather.", "enter", "escape", "1")
    await until(
        pilot, lambda: photo.session("casual-chat").assistant_speaking, "the other session talks"
    )
    await until(pilot, lambda: photo.session("sound-check").assistant_speaking, "this one talks")
    await photo.take("console", 120, 36)
    await photo.take("wide", 200, 50)
    await photo.take("narrow", 80, 24)
    await press("slash", *"truncate", "enter", "G", "up")
    await photo.take("details", 120, 40)
    await press("slash", "ctrl+u", "enter", "f", "question_mark")
    await photo.take("help", 120, 46)
    await press("escape", "plus")
    await shows(pilot, "Open a profile in a new tab")
    await photo.take("profiles", 120, 36)
    await press("escape", "q", "q")


def heard_ms(photo: Photographer, answer: int) -> float:
    """An estimate, from the length of its text, of how much of the assistant's answer has been
    played."""
    answers = [line for line in photo.session("sound-check").view.transcript if line.who == "agent"]
    return 60.0 * len(answers[answer].text) if len(answers) > answer else 0.0


async def photograph(folder: Path) -> None:
    """Take all pictures in one run of the console."""
    with (
        tempfile.TemporaryDirectory() as state,
        running_engine(Path(state), input=f"wav:{HELLO}") as engine,
    ):
        app = ConsoleApp(engine, tabs=["sound-check", "casual-chat", "push-to-talk"], config=DARK)
        async with app.run_test(size=(100, 30)) as pilot:
            await conversation(Photographer(pilot, engine, folder))


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
