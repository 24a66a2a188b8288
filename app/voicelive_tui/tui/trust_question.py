"""Asks once for each refused start whether the session may go to its host, with its credentials or
without any."""

from voicelive_tui.engine.intents import TrustHost
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.screens.trust import TrustScreen


class TrustQuestion:
    """Looks at the tab in front at every heartbeat; a tab behind it waits until it is shown."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context
        self._asked: set[tuple[str, int]] = set()
        """The refused starts that were asked about: a tab's key and the number of its start."""

    def sync(self, session: SessionSnapshot | None) -> None:
        """Ask when the tab in front needs an answer; to be called while no other window is open."""
        if session is None or not session.asks_trust or session.destination is None:
            return
        start = (session.key, session.attempt)
        if start in self._asked:
            return
        self._asked.add(start)
        key, permission = session.key, session.destination.permission

        def answered(yes: bool | None) -> None:
            if yes:
                self._context.engine.post(TrustHost(key, permission))

        self._context.push_screen(TrustScreen(session.destination), answered)
