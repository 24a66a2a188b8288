"""Asks once per refused start whether the session may go to its host, with or without
credentials."""

from voicelive_tui.engine.intents import TrustHost
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.context import ConsoleContext


class TrustQuestion:
    """Checks the current tab at every heartbeat. A tab in the background is asked about when it is
    shown."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context
        self._asked: set[tuple[str, int]] = set()
        """The refused starts that the user was asked about: a tab's key and the number of the
        start."""

    def sync(self, session: SessionSnapshot | None) -> None:
        """Ask if the current tab needs an answer. Call it only while no other window is open."""
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

        from voicelive_tui.tui.screens.trust import TrustScreen

        self._context.push_screen(TrustScreen(session.destination), answered)
