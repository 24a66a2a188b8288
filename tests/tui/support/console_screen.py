"""Steps that tests of the whole console share: open it, connect, read the message bar, find an
error."""

from typing import Any

from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.widgets.message_bar import MessageBar

from tests.support.console_pilot import FIXED_CLOCK, shows, until

SIZE = (120, 36)


def console_app(engine: Engine, *tabs: str, **more: Any) -> ConsoleApp:
    """The console with a clock that stands still, so that no message disappears before the test
    reads it."""
    return ConsoleApp(engine, tabs=tabs, clock=FIXED_CLOCK, **more)


def session_of(engine: Engine, key: str) -> SessionSnapshot:
    """The session of this tab in the engine's current snapshot."""
    return engine.snapshot().sessions[key]


async def connect(pilot: Pilot[Any], engine: Engine, key: str = "sound-check") -> None:
    """Start the session of the current tab and wait until it is connected."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await until(
        pilot, lambda: app.main_screen.session and app.main_screen.session.key == key, f"tab {key}"
    )
    await pilot.press("s")
    await connected(pilot, engine, key)


async def connected(pilot: Pilot[Any], engine: Engine, key: str) -> None:
    """Wait until the session of this tab is connected."""

    def holds() -> bool:
        session = engine.snapshot().sessions.get(key)
        return session is not None and session.state is SessionState.CONNECTED

    await until(pilot, holds, f"{key} connected")


async def ready(pilot: Pilot[Any], engine: Engine, key: str) -> None:
    """Wait until the service has answered the settings of this tab's profile."""
    await until(pilot, lambda: session_of(engine, key).ready, f"the settings of {key} in force")


def shown_message(app: ConsoleApp) -> str:
    """The sentence in the message bar."""
    return app.main_screen.query_one(MessageBar).text


async def said(pilot: Pilot[Any], text: str) -> None:
    """Wait for a message with this text, whether or not it is still shown. A message that a thread
    brings after a key is not acknowledged by that key, and on a clock that stands still it would
    keep the key's own answer waiting."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    bar = app.main_screen.message_bar

    def holds() -> bool:
        bar.acknowledge()
        texts = [notice.text for notice in bar.history.newest_first()]
        return any(text in each for each in [*texts, shown_message(app)])

    await until(pilot, holds, f"{text!r} said")


def clear_messages(app: ConsoleApp) -> None:
    """Empty the message bar and draw it, so that no earlier message is read as the next one."""
    app.main_screen.message_bar.clear()
    app.main_screen.sync(app.engine.snapshot())


async def recorded_app(pilot: Pilot[Any]) -> ConsoleApp:
    """The app, once it shows the recorded session of `prepared_session`."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await shows(pilot, "✗ heard")
    return app


async def on_error(pilot: Pilot[Any], app: ConsoleApp) -> int:
    """Wait until the cursor of the event list is on an error; returns the event's number."""
    pane = app.main_screen.events_pane

    def found() -> bool:
        index, n = pane.state.index, pane.events.cursor_n
        return index is not None and n is not None and index.type_name(n) == "error"

    await until(pilot, found, "the cursor on an error")
    assert pane.events.cursor_n is not None
    return pane.events.cursor_n
