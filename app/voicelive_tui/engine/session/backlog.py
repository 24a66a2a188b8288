"""What the user has said that the next connection of a session takes up."""

from collections.abc import Iterable

from voicelive_tui.engine.session.connection import Connection
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.protocol.carry_over import awaits_answer


class Backlog:
    """Messages that were typed while there was no connection, or that one did not send any more,
    and the question whose answer was lost with one."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._answer_owed = False

    def add(self, text: str) -> None:
        """Keep a message for the next connection."""
        self._texts.append(text)

    def drop(self) -> int:
        """Forget the messages, because no connection follows. Returns how many there were."""
        texts, self._texts = self._texts, []
        return len(texts)

    def connection_ends(self, unsent: Iterable[str], *, answer_owed: bool) -> None:
        """Note the end of a connection. unsent: the messages that were left in it. answer_owed: the
        user was waiting for an answer, or hearing it."""
        self._texts = [*unsent, *self._texts]
        self._answer_owed = answer_owed

    def take_up(self, connection: Connection, log: SessionLog) -> None:
        """Send the messages; without any, ask for the answer that was lost."""
        texts, self._texts = self._texts, []
        owed, self._answer_owed = self._answer_owed, False
        for text in texts:
            connection.send_text(text)
        if owed and not texts and awaits_answer(log.history()):
            connection.request_answer()
