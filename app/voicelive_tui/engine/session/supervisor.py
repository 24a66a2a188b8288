"""Keeps a session connected: opens one connection after another until the session is over.

Invariant: there is at most one connection, and `state` is `Live` exactly while it serves.
"""

import asyncio
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from voicelive_common.redaction.redact import redact

from voicelive_tui.engine import refusals
from voicelive_tui.engine.intents import LONGEST_MESSAGE
from voicelive_tui.engine.service.target import asked_api_version, why_simulator
from voicelive_tui.engine.session.connection import SILENCE_SPEAKER_S, Connection
from voicelive_tui.engine.session.connector import Connector, OpenSocket
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.earlier_conversation import EarlierConversation
from voicelive_tui.engine.session.effects import EffectGroup
from voicelive_tui.engine.session.pending_input import PendingInput
from voicelive_tui.engine.session.repeated_question import RepeatedQuestion
from voicelive_tui.engine.session.reporter import SessionReporter
from voicelive_tui.engine.session.retry_policy import RetryPolicy
from voicelive_tui.engine.session.session_audio import SessionAudio
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.engine.session.state import (
    Connecting,
    Ended,
    Ending,
    Failed,
    Live,
    Reconnecting,
    Running,
)
from voicelive_tui.engine.session.unapplied_settings import (
    UnappliedSettings,
    unapplied_settings,
    value_in_use,
)
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.notice import Notice, NoticeLevel
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import ServiceKind
from voicelive_tui.model.transcript.waiting_messages import WaitingMessage
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.transport import Closed
from voicelive_tui.protocol.carry_over import carry_over
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.greeting_request import greeting_request
from voicelive_tui.protocol.notices import OncePerSession
from voicelive_tui.protocol.status import ConversationStatus
from voicelive_tui.protocol.wire import EventIds

SOUND_WAIT_S = 10.0
"""Seconds to wait for a device that hangs before the session goes on without it."""
SERVICE_TABLE_WAITS = Notice(
    "info",
    "Changes of the [service] table need a new connection.",
    "{session.restart} makes one and keeps the conversation.",
)
AGAIN = Notice("info", "Connected again.")
RENEWED = "A new connection takes the place of this one."
_NORMAL_CODES = (1000, 1001, 1005)


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone, or was refused, and another one is tried. retry_after_s: the wait
    that the service asked for. at_once: the change was asked for, so there is nothing to wait
    for."""

    problem: str
    http_status: int | None = None
    retry_after_s: float | None = None
    at_once: bool = False


class Supervisor:
    """The connections of one session, used in the engine's loop only."""

    def __init__(
        self,
        profile: Profile,
        context: SessionContext,
        reporter: SessionReporter,
        earlier: EarlierConversation | None = None,
    ) -> None:
        """earlier: the recorded conversation from which the session goes on."""
        self.state: Running = Connecting()
        self._profile = profile
        self._context = context
        self._reporter = reporter
        self._once = OncePerSession()
        self._pending = PendingInput()
        self._connector = Connector(profile, context, reporter, earlier)
        self._retries = RetryPolicy(context)
        self._conversation_profile = profile
        """The profile whose settings the conversation sends first."""
        self._socket_profile = profile
        """The profile with which the last socket was opened."""
        self._conversation = self._new_conversation()
        self._audio = SessionAudio(self._conversation, context, reporter)
        self._earlier = earlier
        """The recorded conversation, until a connection has been given it."""
        self._connection: Connection | None = None
        self._connections = 0
        """Connections that were opened."""
        self._reached: set[str] = set()
        """The hosts to which they were."""
        self._lost_s = 0.0
        self._outage_tries = 0
        """The tries since the last connection ended."""
        self.problem_when_stopped = ""
        """Why there was no connection when the user stopped the tries; empty otherwise."""
        self._renewing = False
        """Whether the connection is being closed so that another one takes its place."""
        self._question = RepeatedQuestion(self._pending, reporter)
        self._retry = asyncio.Event()
        self._task: asyncio.Task[object] | None = None
        self._effects: EffectGroup | None = None

    @property
    def connection(self) -> Connection | None:
        """The open connection; None while there is none, and while the session ends."""
        return self._connection if isinstance(self.state, Live) else None

    @property
    def service(self) -> ServiceKind:
        """The kind of service that the session talks to."""
        return self._connector.service

    @property
    def host(self) -> str:
        """The name of the service's host, as it is shown; empty before it is known."""
        return self._connector.host

    @property
    def waiting_messages(self) -> tuple[WaitingMessage, ...]:
        """The typed messages that wait to be sent."""
        return self._pending.messages.waiting

    @property
    def text_refusal(self) -> Notice | None:
        """Why a typed message would be refused; None if it would be sent or wait."""
        return refusals.MESSAGES_WAIT if self._pending.messages.full else None

    def status(self, now: float) -> ConversationStatus:
        """The state of the conversation, for a snapshot."""
        if isinstance(self.state, Live):
            return self._conversation.status(now)
        return ConversationStatus(self._conversation.manual)

    @property
    def unapplied_settings(self) -> UnappliedSettings:
        """What the open connection does not have of the profile; nothing without a connection,
        because the next one gets all of it."""
        if self.connection is None:
            return UnappliedSettings()
        updates, opened_with = self._conversation.updates, self._socket_profile.document
        return unapplied_settings(updates, opened_with, self._profile.document)

    def settings_in_use(self, keys: Sequence[str]) -> tuple[tuple[str, Any], ...]:
        """Return the values that the open connection has for these dotted keys of the profile."""
        updates, opened_with = self._conversation.updates, self._socket_profile.document
        return tuple((key, value_in_use(updates, opened_with, key)) for key in keys)

    # What the user does.

    def replace_profile(self, profile: Profile) -> None:
        """Send the settings that changed when the profile was edited, at once or as soon as there
        is a connection."""
        before, self._profile = self._profile, profile
        if self.connection is not None:
            if profile.service not in (before.service, self._socket_profile.service):
                self._reporter.notify(SERVICE_TABLE_WAITS)
            self.connection.replace_profile(profile)

    def send_text(self, text: str) -> None:
        """Send a typed message as soon as there is a connection whose service has finished its
        response. Refuses a message that is too long, or has too many before it."""
        too_long = refusals.MESSAGE_TOO_LONG if len(text) > LONGEST_MESSAGE else None
        if refusal := too_long or self.text_refusal:
            self._reporter.notify(refusal)
        elif self.connection is not None:
            self.connection.send_text(text)
        else:
            self._pending.messages.add(text, time.perf_counter())
            self._reporter.changed()

    def talk(self) -> None:
        """Open a manual turn, or commit it. Without a connection, does nothing."""
        if self.connection is not None:
            self.connection.talk()

    def interrupt(self) -> None:
        """Stop the assistant. Without a connection, does nothing."""
        if self.connection is not None:
            self.connection.interrupt()

    def audio_assigned(self) -> None:
        """Note that this session will get microphone and speaker, and ask for them."""
        self._audio.assigned()
        self._reporter.append_on_air(time.perf_counter())
        self._audio.request(self._profile)

    def audio_released(self) -> None:
        """Note that microphone and speaker belong to another session or to none."""
        if self._connection is not None:
            self._connection.off_air()
            return
        if self._conversation.talking:
            self._reporter.append_local(Local.TALK, time.perf_counter(), on=False)
        self._conversation.off_air()

    def retry_now(self) -> None:
        """Try to connect at once instead of waiting."""
        self._retry.set()

    def restart(self, *, ask_again: bool) -> None:
        """Put a new connection in the place of the open one, which goes on with the conversation,
        or asks the user's last question once more."""
        if not ask_again or self._question.ask():
            self.renew()

    def renew(self) -> None:
        """Put a new connection in the place of the open one, with the conversation so far."""
        if self.connection is not None:
            self._renewing = True
            self._close_connection()

    def stop(self) -> None:
        """Begin to end: cancel the attempt to connect, or close the socket. The end of `run`
        follows."""
        state, self.state = self.state, Ending()
        self._question.forget()
        match state:
            case Live():
                self._renewing = False
                self._close_connection()
            case Connecting() | Reconnecting():
                self.drop_pending_input()
                self._cancel()
            case Ending():
                pass

    def stop_trying(self) -> None:
        """End for want of a connection; `run` is cancelled. The session can be resumed, with what
        was typed meanwhile."""
        match self.state:
            case Reconnecting(problem=problem):
                self.state, self.problem_when_stopped = Ending(), problem
                self._cancel()

    def drop_pending_input(self) -> None:
        """Give up the messages that wait, and say so."""
        if unsent := len(self._pending.messages.take_all()):
            messages = "1 message was" if unsent == 1 else f"{unsent} messages were"
            self._reporter.notify(
                Notice("warning", f"{messages} not sent.", refusals.UNSENT_MESSAGES_CURE)
            )

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _close_connection(self) -> None:
        if self._connection is not None and self._effects is not None:
            self._effects.start(self._connection.say_goodbye, f"goodbye of {self._reporter.key}")

    # Its life.

    def resume(self) -> None:
        """Make ready to `run` once more, after an end because of a problem."""
        self._prepare_next()
        self._retries.reset()
        self.problem_when_stopped = ""
        # Before `run` there is nothing that `stop` could cancel.
        self._task = None
        self.state = Reconnecting()

    async def run(self, effects: EffectGroup) -> Ended | Failed:
        """Connect, serve and connect again until the session is over. Raises HostNotTrusted and
        EndpointError; CancelledError after `stop` without a connection."""
        self._task, self._effects = asyncio.current_task(), effects
        if isinstance(self.state, Ending):
            return Ended()
        note = why_simulator(self._profile, self._context.settings)
        if note and not self._connections:
            self._reporter.notify(Notice("info", note))
        self._audio.request(self._profile)
        while True:
            match await self._serve_one_connection():
                case Lost() as lost:
                    await self._wait_for_next_try(lost)
                case over:
                    return over

    def ended(self) -> None:
        """Note that `run` is over: no effect begins any more while those that still run are
        cancelled."""
        self.state = Ending()

    def close(self) -> None:
        """Drop the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def _serve_one_connection(self) -> Lost | Ended | Failed:
        try:
            connection = await self._open()
        except ConnectError as error:
            return self._refused(error)
        opened_s = time.perf_counter()
        closed = await connection.serve()
        self._retries.connection_lasted(time.perf_counter() - opened_s)
        return await self._closed(closed, connection)

    async def _wait_for_next_try(self, lost: Lost) -> None:
        now, wait_s = time.perf_counter(), self._limit_s()
        if not lost.at_once:
            wait_s = self._retries.next_wait_s(self.host, lost.retry_after_s, now)
            self._outage_tries += 1
            self._reporter.append_local(
                Local.RETRY,
                now,
                attempt=self._retries.tries,
                wait_ms=round(wait_s * 1000),
                sentence=lost.problem,
            )
        waiting = Reconnecting(lost.problem, lost.http_status, self._retries.tries)
        self._set_state(replace(waiting, due_s=now + wait_s))
        self._retry.clear()
        try:
            async with asyncio.timeout(wait_s):
                await self._retry.wait()
        except TimeoutError:
            pass  # nobody asked for an earlier try
        if (limit_s := self._limit_s()) > 0:  # which no key press gets around
            self._set_state(replace(waiting, due_s=time.perf_counter() + limit_s))
            await asyncio.sleep(limit_s)
        self._set_state(waiting)

    def _limit_s(self) -> float:
        return self._context.services.wait_for_connection_s(self.host, time.perf_counter())

    def _set_state(self, state: Running) -> None:
        self.state = state
        self._reporter.changed()

    # Opening.

    async def _open(self) -> Connection:
        self._socket_profile = self._profile
        socket = await self._connector.open(self._profile)
        with ExitStack() as until_opened:
            until_opened.callback(socket.transport.abort)
            log = self._reporter.log or await self._begin_log(socket)
            await self._question.give_to(self._conversation, log)
            until_opened.pop_all()
        return self._opened(socket, log)

    async def _begin_log(self, socket: OpenSocket) -> SessionLog:
        if self._reporter.on_air:
            await self._context.audio.wait_until_applied(SOUND_WAIT_S)
        settings = self._context.settings
        if isinstance(self.state, Connecting):
            self._set_state(Connecting(recording_begins=settings.record != "none"))
        log = await SessionLog.create(
            self._profile,
            settings.sessions_dir,
            settings.record,
            meta={
                **socket.facts,
                "goes_on_from": self._earlier.folder if self._earlier is not None else "",
            },
            notify=self._recording_changed,
        )
        log.on_finding = self._reporter.report_finding
        return log

    def _opened(self, socket: OpenSocket, log: SessionLog) -> Connection:
        self._connections += 1
        self._reached.add(self.host)
        first = self._reporter.log is None
        self._reporter.log = log
        at_s = log.started_s if first else time.perf_counter()
        self._resume_conversation(socket, log)
        more = {} if first else self._reconnected(at_s)
        self._reporter.append_local(Local.CONNECTED, at_s, **socket.facts, **more)
        if self._earlier is not None:
            self._reporter.append_local(Local.GOES_ON, at_s, **self._earlier.record_fields())
        if first and self._reporter.on_air:
            self._reporter.append_on_air(at_s)
        profile = self._conversation_profile
        connection = self._connection = Connection(
            profile,
            self._conversation,
            self._audio,
            socket.transport,
            log,
            self._reporter,
            self.renew,
        )
        self._set_state(Live())
        connection.begin(at_s)
        if self._profile is not profile:
            connection.replace_profile(self._profile)
        self._pending.send_to(connection, log)
        return connection

    def _resume_conversation(self, socket: OpenSocket, log: SessionLog) -> None:
        """Let the connection begin with the conversation so far; with nothing for a new session's
        first one."""
        earlier = self._earlier.history if self._earlier is not None else ()
        if self._connections > 1 or self._earlier is not None:
            history = (*earlier, *self._question.history(log))
            carried = carry_over(history, connection=self._connections)
            self._conversation.resume(carried, agent_conversation=socket.agent_conversation)

    def _reconnected(self, now: float) -> dict[str, object]:
        away_s = now - self._lost_s
        self._reporter.notify(AGAIN)
        return {
            "connection": self._connections,
            "away_ms": round(away_s * 1000),
            "tries": self._outage_tries,
        }

    def _recording_changed(self, level: NoticeLevel, sentence: str) -> None:
        self._reporter.notify(Notice(level, sentence), keep=not isinstance(self.state, Ending))
        self._reporter.changed()

    # The end of a connection.

    def _refused(self, error: ConnectError) -> Lost | Failed:
        sentence = redact(str(error))
        # A service that was never reached is more often a wrong address than a broken network, but
        # one that answers may be busy for the moment.
        reached = self.host in self._reached or error.status is not None
        if reached and self._may_retry(error):
            return Lost(sentence, error.status, error.retry_after_s)
        self.append_closed(None, "", sentence)
        return Failed(sentence, error.status)

    async def _closed(self, closed: Closed, connection: Connection) -> Lost | Ended | Failed:
        """Say what follows from the end of this connection."""
        refusal = connection.refusal
        now = time.perf_counter()
        pending = self._conversation.answer_pending(now)
        self._pending.connection_ended(connection.unsent_texts(), now, answer_pending=pending)
        lost = self._replacement(closed)
        # The silenced speaker ends the turn, which must not look like a turn of a session that goes
        # on.
        self._set_state(Reconnecting(lost.problem) if lost else Ending())
        await self._audio.silence(SILENCE_SPEAKER_S)
        self._lost_s, self._outage_tries = time.perf_counter(), 0
        sentence = redact((lost.problem if lost else refusal) or closed.sentence)
        self.append_closed(closed.code, redact(closed.reason), sentence)
        self.close()
        if lost is not None:
            self._prepare_next()
            return lost
        if closed.by_us and not refusal:
            return Ended()
        return Ended(sentence) if closed.code in _NORMAL_CODES and not refusal else Failed(sentence)

    def _replacement(self, closed: Closed) -> Lost | None:
        """Return why another connection takes the place of the closed one; None if none does."""
        renewing, self._renewing = self._renewing, False
        if isinstance(self.state, Ending):
            return None
        if renewing:
            return Lost(RENEWED, at_once=True)
        # A service that ends the session because of the profile would end the next one too.
        refused = self._conversation.settings_refused
        if closed.by_us or refused or not self._may_retry(closed):
            return None
        return Lost(redact(f"{closed.explanation.cause}."))

    def _may_retry(self, failure: ConnectError | Closed) -> bool:
        return self._retries.allows(failure, connected_before=self.host in self._reached)

    def _prepare_next(self) -> None:
        """Make the conversation of the next connection; the microphone is kept for it."""
        before, self._conversation = self._conversation, self._new_conversation()
        if before.carried_over:
            self._earlier = None
        if not self._audio.from_file:
            self._conversation.continue_turn(before)
        elif before.talking:
            self._reporter.append_local(Local.TALK, time.perf_counter(), on=False)
        self._audio.use(self._conversation)

    def append_closed(self, code: int | None, reason: str, sentence: str) -> None:
        """Journal the end of a connection, or of the attempt to connect."""
        self._reporter.append_local(
            Local.CLOSED, time.perf_counter(), code=code, reason=reason, sentence=sentence
        )

    def _new_conversation(self) -> Conversation:
        self._conversation_profile = self._profile
        return Conversation(
            self._profile.wire_session(),
            EventIds(f"evt_{uuid.uuid4().hex[:10]}"),
            once=self._once,
            messages=self._pending.messages,
            greeting=self._greeting(),
            renews=self._context.settings.reconnect,
            unix_offset_s=time.time() - time.perf_counter(),
        )

    def _greeting(self) -> Mapping[str, Any] | None:
        profile = self._profile
        return greeting_request(
            profile.greeting,
            instructions=str(profile.session.get("instructions", "")),
            api_version=asked_api_version(profile, self._context.settings),
            agent=profile.service.has_agent,
        )
