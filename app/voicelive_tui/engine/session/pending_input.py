"""What the user has said that the next connection of a session must send or have answered."""

from collections.abc import Iterable

from voicelive_tui.engine.session.connection import Connection
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.protocol.carry_over import awaits_answer


class PendingInput:
    """Messages that were typed while there was no connection, or that one did not send any more,
    and the question whose answer was lost with one."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._answer_pending = False

    def add(self, text: str) -> None:
        """Keep a message for the next connection."""
        self._texts.append(text)

    def drop(self) -> int:
        """Forget the messages, because no connection follows. Returns how many there were."""
        texts, self._texts = self._texts, []
        return len(texts)

    def connection_ended(self, unsent: Iterable[str], *, answer_pending: bool) -> None:
        """Note the end of a connection. unsent: the messages that were left in it. answer_pending:
        the user was waiting for an answer, or hearing it."""
        self._texts = [*unsent, *self._texts]
        self._answer_pending = answer_pending

    def send_to(self, connection: Connection, log: SessionLog) -> None:
        """Send the messages over this connection; if there are none, request the answer that was
        lost with the one before. log: the journal with the conversation so far."""
        texts, self._texts = self._texts, []
        pending, self._answer_pending = self._answer_pending, False
        for text in texts:
            connection.send_text(text)
        if pending and not texts and awaits_answer(log.history()):
            connection.request_answer()
