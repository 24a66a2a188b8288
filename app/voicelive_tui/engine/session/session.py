"""A tab's session: its life from connecting to the end, and every way in which it can fail."""

import asyncio
import logging
import time
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

from voicelive_common.redaction.redact import redact

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine.internal_error import internal_error
from voicelive_tui.engine.service.credential_destination import HostNotTrusted
from voicelive_tui.engine.service.target import service_kind, why_simulator
from voicelive_tui.engine.session.connection import Connection
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.effects import EffectGroup
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.engine.session.state import Connecting, Ended, Ending, Failed, Live, State
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.notice import Notice, NoticeLevel
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionView
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import EndpointError
from voicelive_tui.net.transport import Closed, Transport
from voicelive_tui.protocol.status import ConversationStatus

SOUND_WAIT_S = 10.0
"""Seconds to wait for a device that hangs before the session goes on without it."""
_NORMAL_CODES = (1000, 1001, 1005)
_log = logging.getLogger(__name__)


class Session:
    """A session, used in the engine's loop only. `run` is its whole life; `stop` ends it."""

    def __init__(self, key: str, profile: Profile, context: SessionContext, attempt: int) -> None:
        """attempt: counts the starts of the tab's session."""
        self.key = key
        self._attempt = attempt
        self._profile = profile
        self._context = context
        self._secrets = profile.secrets
        """The secrets of every profile that this session had, because the service may still repeat
        one."""
        self._destination = context.services.destination(profile)
        self._service = service_kind(profile, context.settings)
        self._host = ""
        self._state: State = Connecting()
        self._connection = Connection(key, profile, context)
        self._journal: SessionLog | None = None
        self._effects = EffectGroup(self._connection.notify)
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    # What is shown.

    @property
    def live(self) -> bool:
        """Whether the socket is open."""
        return isinstance(self._state, Live)

    @property
    def running(self) -> bool:
        """Whether the session's life is not over."""
        return self._state.running

    @property
    def index(self) -> EventIndex | None:
        """The records so far; None before the socket opened."""
        return self._journal.index if self._journal is not None else None

    @property
    def sent_blocks(self) -> tuple[tuple[float, float], ...]:
        """The times at which each of the last microphone blocks was heard and was taken by the
        socket, in `perf_counter` seconds; for benches."""
        return tuple(self._journal.sent_blocks) if self._journal is not None else ()

    def snapshot(self, title: str, muted: bool) -> SessionSnapshot:
        """Everything that a front end may see of the session."""
        state, log = self._state, self._journal
        talk = ConversationStatus(self._connection.manual)
        if self.live:
            talk = self._connection.status(time.perf_counter())
        begins = isinstance(state, Connecting) and state.recording_begins
        return SessionSnapshot(
            key=self.key,
            title=title,
            state=state.shown,
            service=self._service,
            host=self._host,
            problem=state.problem,
            http_status=state.http_status if isinstance(state, Failed) else None,
            destination=self._destination,
            attempt=self._attempt,
            asks_trust=isinstance(state, Failed) and state.asks_trust,
            on_air=self._context.is_on_air(self.key),
            muted=muted,
            ready=talk.ready,
            manual=talk.manual,
            talking=talk.talking,
            user_speaking=talk.user_speaking,
            assistant_speaking=talk.assistant_speaking,
            turn_open=talk.turn_open,
            connected_s=log.started_s if log else None,
            folder=log.folder if log else "",
            recording=log.recording if log else RecordingStatus(wanted=begins),
            view=log.view() if log else SessionView(),
        )

    # What the engine asks of it.

    def talk(self) -> None:
        """Open a manual turn, or commit it."""
        self._connection.talk()

    def interrupt(self) -> None:
        """Stop the assistant."""
        self._connection.interrupt()

    def send_text(self, text: str) -> None:
        """Send a typed message."""
        self._connection.send_text(text)

    def audio_assigned(self) -> None:
        """Note that this session will get microphone and speaker."""
        self._connection.audio_assigned()

    def audio_released(self) -> None:
        """Note that microphone and speaker belong to another session or to none."""
        self._connection.audio_released()

    def replace_profile(self, profile: Profile) -> None:
        """Send the settings that changed when the profile was edited, at once or as soon as the
        socket is open."""
        self._secrets += profile.secrets
        match self._state:
            case Live():
                self._connection.replace_profile(profile)
            case Connecting() as connecting:
                self._state = replace(connecting, edited_profile=profile)

    def trust_changed(self) -> None:
        """Note that the user has confirmed a host, so that a start that was refused because of it
        asks no longer."""
        match self._state:
            case Failed(asks_trust=True) as failed:
                self._destination = self._context.services.destination(self._profile)
                asks = self._destination is not None and not self._destination.confirmed
                self._state = replace(failed, asks_trust=asks)

    def stop(self) -> None:
        """Begin to end the session: cancel the attempt to connect, or close the socket. The rest of
        `run` follows."""
        match self._state:
            case Connecting():
                self._state = Ending()
                if self._task is not None:
                    self._task.cancel()
            case Live():
                self._state = Ending()
                self._effects.start(self._connection.say_goodbye, f"goodbye of {self.key}")
            case Ending() | Ended() | Failed():
                return
        self._context.changed(self.key)

    async def wait_over(self) -> None:
        """Wait until the session has released socket, microphone and speaker. The journal may not
        be on the disk yet."""
        await self._over.wait()

    async def release(self) -> None:
        """Try to write the journal once more, then give up the rest, because the session is no
        longer shown."""
        if self._journal is not None:
            await run_to_end_in_thread(self._journal.release)

    # Its life.

    async def run(self) -> None:
        """Connect, serve, end. Every failure becomes a sentence here."""
        self._task = asyncio.current_task()
        over: Ended | Failed = Ended()
        try:
            async with self._effects:
                over = await self._serve_until_over()
                # No effect begins any more while those that still run are cancelled.
                self._state = Ending()
        finally:
            await self._end(over)

    async def _serve_until_over(self) -> Ended | Failed:
        if not isinstance(self._state, Connecting):
            # Cancelled before it began.
            return Ended()
        try:
            await self._connect()
            return await self._closed(await self._connection.serve())
        except ConnectError as error:
            return self._failed(str(error), http_status=error.status)
        except HostNotTrusted as error:
            return self._failed(str(error), asks_trust=True)
        except EndpointError as error:
            return self._failed(str(error))
        except asyncio.CancelledError:
            # Cancelled by the user before the socket was open: nothing failed.
            return Ended()
        except Exception as error:
            # The border: one session's crash must not end the others.
            _log.exception("session %s crashed", self.key)
            notice = internal_error(error, "stopped the session", "Start it again.")
            return self._failed(notice.text)

    async def _connect(self) -> None:
        note = why_simulator(self._profile, self._context.settings)
        if note:
            self._connection.notify(Notice("info", note))
        self._connection.request_audio()
        target = await self._context.services.target(self._profile)
        self._service, self._host = target.kind, target.host
        self._context.changed(self.key)
        request_id = str(uuid.uuid4())
        headers = {**await target.credentials.headers(), "x-ms-client-request-id": request_id}
        transport = await Transport.open(target.endpoint, headers, anonymous=target.anonymous)
        with ExitStack() as until_opened:
            until_opened.callback(transport.abort)
            if self._context.is_on_air(self.key):
                await self._context.audio.wait_until_applied(SOUND_WAIT_S)
            facts = {"service": target.kind, "host": target.host, "request_id": request_id}
            log = await self._begin_journal(facts)
            until_opened.pop_all()
        self._opened(transport, log, facts)

    async def _begin_journal(self, facts: Mapping[str, str]) -> SessionLog:
        settings = self._context.settings
        if isinstance(self._state, Connecting):
            begins = settings.record != "none"
            self._state = replace(self._state, recording_begins=begins)
        self._context.changed(self.key)
        return await SessionLog.create(
            self._profile,
            settings.sessions_dir,
            settings.record,
            meta=facts,
            notify=self._recording_changed,
        )

    def _opened(self, transport: Transport, log: SessionLog, facts: Mapping[str, str]) -> None:
        edited = self._state.edited_profile if isinstance(self._state, Connecting) else None
        self._journal = log
        self._state = Live()
        self._connection.opened(transport, log, log.started_s, facts)
        if edited is not None:
            self._connection.replace_profile(edited)
        self._context.changed(self.key)

    def _recording_changed(self, level: NoticeLevel, sentence: str) -> None:
        # A journal that is closed takes no further record.
        self._connection.notify(Notice(level, sentence), keep=self.running)
        self._context.changed(self.key)

    async def _closed(self, closed: Closed) -> Ended | Failed:
        # The silenced speaker ends the turn, which must not look like a turn of a session that goes
        # on.
        self._state = Ending()
        await self._connection.silence_speaker()
        if self._connection.refusal:
            return self._failed(self._connection.refusal)
        self._append_closed(closed.code, redact(closed.reason), closed.sentence)
        normal = closed.by_us or closed.code in _NORMAL_CODES
        problem = "" if closed.by_us else closed.sentence
        if problem:
            self._context.notify(Notice("warning" if normal else "error", problem), self.key)
        return Ended(problem) if normal else Failed(problem)

    def _failed(
        self, sentence: str, *, http_status: int | None = None, asks_trust: bool = False
    ) -> Failed:
        sentence = redact(sentence)
        self._context.notify(Notice("error", sentence), self.key)
        self._append_closed(None, "", sentence)
        return Failed(sentence, http_status, asks_trust)

    def _append_closed(self, code: int | None, reason: str, sentence: str) -> None:
        self._connection.append_local(
            Local.CLOSED, time.perf_counter(), code=code, reason=reason, sentence=sentence
        )

    async def _end(self, over: Ended | Failed) -> None:
        """Release everything; the disk may take longer.

        Invariant: nothing awaits between the final state and `ended`, so that a session which is
        started next in this tab cannot lose microphone and speaker to the end of this one.
        """
        self._connection.closed()
        self._state = over
        self._context.ended(self.key)
        self._over.set()
        if self._journal is not None:
            self._journal.note_latency()
            await run_to_end_in_thread(self._journal.close)
            self._context.changed(self.key)
