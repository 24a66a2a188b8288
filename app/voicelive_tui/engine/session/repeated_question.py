"""The user's last question, which the next connection of a session gets once more."""

import time

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.engine import refusals
from voicelive_tui.engine.session.last_question import LastQuestion, last_question
from voicelive_tui.engine.session.pending_input import PendingInput
from voicelive_tui.engine.session.reporter import SessionReporter
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.journal.question_audio import TooMuchAudio, question_audio
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.protocol.conversation import Conversation


class RepeatedQuestion:
    """Used in the engine's loop only."""

    def __init__(self, pending: PendingInput, reporter: SessionReporter) -> None:
        self._pending = pending
        self._reporter = reporter
        self._asked = False
        self._replaced: set[str] = set()
        """The items that no further connection gets, because their question was asked again."""

    def ask(self) -> bool:
        """Ask the last question once more as soon as there is another connection. Returns whether
        there is one; the user is told if not."""
        log = self._reporter.log
        self._asked = log is not None and self._last(log) is not None
        if not self._asked:
            self._reporter.notify(refusals.NOTHING_TO_ASK_AGAIN)
        return self._asked

    def forget(self) -> None:
        """Ask nothing again, because the session ends."""
        self._asked = False

    async def give_to(self, conversation: Conversation, log: SessionLog) -> None:
        """Let the conversation of a connection that is about to begin ask the question, if that is
        wanted, and leave out of `history` what came of it before."""
        question = self._last(log) if self._asked else None
        self._asked = False
        if question is None:
            return
        if not question.text and not await self._speak(question, conversation, log):
            self._reporter.notify(refusals.QUESTION_NOT_RECORDED)
            return
        self._pending.ask_again(question.text, time.perf_counter())
        self._replaced.update(past.item_id for past in question.asked)

    def history(self, log: SessionLog) -> tuple[PastItem, ...]:
        """Return the conversation so far, as another connection is told it."""
        return tuple(past for past in log.history() if past.item_id not in self._replaced)

    def _last(self, log: SessionLog) -> LastQuestion | None:
        return last_question(log.view(), self.history(log))

    async def _speak(
        self, question: LastQuestion, conversation: Conversation, log: SessionLog
    ) -> bool:
        """Give the conversation the sound of the question. Returns whether it was recorded, in a
        length that can be sent again."""
        try:
            recorded = await run_in_thread(lambda: question_audio(log.index, question.turn))
        except TooMuchAudio:
            return False
        if recorded is not None:
            conversation.repeat_speech(recorded.audio, recorded.audio_format)
        return recorded is not None
