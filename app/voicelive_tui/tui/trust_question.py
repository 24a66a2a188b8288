"""Asks once for each refused start whether the session may go to its host, with its credentials or without any."""

from typing import TYPE_CHECKING

from voicelive_tui.engine.intents import TrustHost
from voicelive_tui.model.snapshot import EngineSnapshot
from voicelive_tui.tui.screens.trust import TrustScreen

if TYPE_CHECKING:
    from voicelive_tui.tui.app import ConsoleApp


class TrustQuestion:
    """Looks at the tab in front at every heartbeat; a tab behind it waits until it is shown."""

    def __init__(self, app: "ConsoleApp") -> None:
        self._app = app
        self._asked: set[tuple[str, int]] = set()
        """The refused starts that were asked about: a tab's key and the number of its start."""

    def beat(self, snapshot: EngineSnapshot) -> None:
        """Ask when the tab in front needs an answer and no other window is open."""
        main = self._app.main_screen
        session = snapshot.sessions.get(main.active)
        if session is None or not session.asks_trust or session.destination is None or self._app.screen is not main:
            return
        start = (session.key, session.attempt)
        if start in self._asked:
            return
        self._asked.add(start)
        key, permission = session.key, session.destination.permission

        def answered(yes: bool | None) -> None:
            if yes:
                self._app.engine.post(TrustHost(key, permission))

        self._app.push_screen(TrustScreen(session.destination), answered)
