"""What the user has said that the next connection of a session must send or have answered."""

from collections.abc import Iterable

from voicelive_tui.engine.session.connection import Connection
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.protocol.carry_over import awaits_answer
from voicelive_tui.protocol.message_queue import MessageQueue


class PendingInput:
    """The typed messages that wait, or that a connection did not send any more, and the question
    whose answer was lost with one."""

    def __init__(self) -> None:
        self.messages = MessageQueue()
        """The typed messages, for the conversation of every connection."""
        self._answer_pending = False

    def connection_ended(self, unsent: Iterable[str], now: float, *, answer_pending: bool) -> None:
        """Note the end of a connection at `now`. unsent: the messages that were left in it.
        answer_pending: the user was waiting for an answer, or hearing it."""
        self.messages.put_back(unsent, now)
        self._answer_pending = answer_pending

    def ask_again(self, text: str, now: float) -> None:
        """Take a typed question, before all that waits, in place of the answer that was lost. text:
        empty for a question that was spoken."""
        self._answer_pending = False
        if text:
            self.messages.put_back((text,), now)

    def send_to(self, connection: Connection, log: SessionLog) -> None:
        """Request over this connection the answer that was lost with the one before, and send the
        messages. log: the journal with the conversation so far."""
        pending, self._answer_pending = self._answer_pending, False
        if pending and awaits_answer(log.history()):
            connection.request_answer()
        connection.send_waiting()
