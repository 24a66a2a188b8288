"""One tab's session: a socket from connect to goodbye, and every way in which that can fail."""

import asyncio
import logging
import time
import uuid
from collections import deque
from typing import Literal

from voicelive_common.redaction.redact import redact

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine.service.credential_destination import HostNotTrusted
from voicelive_tui.engine.service.target import ServiceTarget, service_kind, why_simulator
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.runner import SessionRunner
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState, SessionView
from voicelive_tui.model.turns.latency import percentile
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import EndpointError
from voicelive_tui.net.transport import CLOSE_TIMEOUT_S, Closed, Transport
from voicelive_tui.protocol.wire import EncodeError, encode

SOUND_WAIT_S = 10.0
"""A device that hangs must not hold up a session for ever."""
SILENCE_SPEAKER_S = 3.0
"""The speaker answers at once; this is for one that hangs."""
_BURST = 16
_log = logging.getLogger(__name__)


class Session:
    """Lives in the engine's loop. `run` is its life; `runner` is what happens in it."""

    def __init__(self, key: str, profile: Profile, context: SessionContext, attempt: int) -> None:
        self.key = key
        self.attempt = attempt
        self.profile = profile
        self.runner = SessionRunner(key, profile, context)
        self.state = SessionState.CONNECTING
        self.problem = ""
        self.http_status: int | None = None
        self.asks_trust = False
        self.destination = context.destination(profile)
        self.host = ""
        self.service = service_kind(profile, context.settings)
        self.connected_s: float | None = None
        self.sent_blocks: deque[tuple[float, float]] = deque(maxlen=4096)
        """(captured_at_s, sent_at_s) of the last microphone blocks, for benches: heard, and handed
        to the socket."""
        self._context = context
        self._edited_profile: Profile | None = None
        """The profile as it was edited before the socket was open."""
        self._begins_recording = False
        """The socket is open, and the disk makes the folder."""
        self._transport: Transport | None = None
        self._task: asyncio.Task[None] | None = None

    # What is shown.

    @property
    def live(self) -> bool:
        """The socket is open."""
        return self.state is SessionState.CONNECTED

    @property
    def running(self) -> bool:
        """Its life is not over."""
        return self.state in (SessionState.CONNECTING, SessionState.CONNECTED, SessionState.CLOSING)

    @property
    def index(self) -> EventIndex | None:
        """Every record so far; None before the socket opened."""
        return self.runner.log.index if self.runner.log else None

    def snapshot(self, title: str, muted: bool) -> SessionSnapshot:
        """Everything a front end may see of it."""
        conversation, log, now = self.runner.conversation, self.runner.log, time.perf_counter()
        return SessionSnapshot(
            key=self.key,
            title=title,
            state=self.state,
            service=self.service,
            host=self.host,
            problem=self.problem,
            http_status=self.http_status,
            destination=self.destination,
            attempt=self.attempt,
            asks_trust=self.asks_trust,
            on_air=self._context.is_on_air(self.key),
            muted=muted,
            manual=conversation.manual,
            talking=self.live and conversation.talking,
            user_speaking=self.live and conversation.user_speaking,
            assistant_speaking=self.live and conversation.assistant_speaking(now),
            turn_open=self.live and conversation.turn_open(now),
            connected_s=self.connected_s,
            folder=log.folder if log else "",
            recording=log.recording if log else RecordingStatus(wanted=self._begins_recording),
            view=log.view() if log else SessionView(),
        )

    def trust_changed(self) -> None:
        """The user has confirmed a host: a start that was refused for its sake needs no answer any
        more."""
        if self.asks_trust:
            self.destination = self._context.destination(self.profile)
            self.asks_trust = self.destination is not None and not self.destination.confirmed

    # Its life.

    async def run(self) -> None:
        """Connect, converse, end. Every failure becomes a sentence here."""
        self._task = asyncio.current_task()
        try:
            await self._connect()
            await self._converse()
        except ConnectError as error:
            self.http_status = error.status
            self._fail(str(error))
        except HostNotTrusted as error:
            self.asks_trust = True
            self._fail(str(error))
        except EndpointError as error:
            self._fail(str(error))
        except asyncio.CancelledError:
            # Called off by the user before the socket was open: nothing failed.
            self.state = SessionState.ENDED
        except Exception as error:
            # The border: one session's crash must not end the others.
            _log.exception("session %s crashed", self.key)
            self._fail(
                f"The session stopped on an internal error ({type(error).__name__}); start it "
                "again."
            )
        finally:
            await self._clean_up()

    def replace_profile(self, profile: Profile) -> None:
        """The profile was edited: send what changed, at once or as soon as the socket is open."""
        if self.live:
            self.runner.replace_profile(profile)
        else:
            self._edited_profile = profile

    async def stop(self) -> None:
        """Say goodbye with 1000; the rest of `run` follows."""
        if self.state is SessionState.CONNECTING and self._task is not None:
            self._task.cancel()
        elif self.state is SessionState.CONNECTED and self._transport is not None:
            self.state = SessionState.CLOSING
            self._context.changed(self.key)
            await self.runner.silence_speaker(SILENCE_SPEAKER_S)
            await self._transport.close(1000)

    async def release(self) -> None:
        """The session is not shown any more: what the disk did not take is given up after a last
        try."""
        if self.runner.log is not None:
            await run_to_end_in_thread(self.runner.log.release)

    async def _connect(self) -> None:
        note = why_simulator(self.profile, self._context.settings)
        if note:
            self.runner.notify("info", note)
        self.runner.request_audio()
        target = await self._context.target(self.profile)
        self.service, self.host = target.kind, target.host
        self._context.changed(self.key)
        request_id = str(uuid.uuid4())
        headers = {**await target.credentials.headers(), "x-ms-client-request-id": request_id}
        self._transport = await Transport.open(target.endpoint, headers, anonymous=target.anonymous)
        if self._context.is_on_air(self.key):
            await self._context.audio.wait_until_applied(SOUND_WAIT_S)
        await self._opened(target, request_id)

    async def _opened(self, target: ServiceTarget, request_id: str) -> None:
        settings, runner = self._context.settings, self.runner
        meta = {"service": target.kind, "host": target.host, "request_id": request_id}
        self._begins_recording = settings.record != "none"
        self._context.changed(self.key)
        try:
            log = await SessionLog.create(
                runner.profile,
                settings.sessions_dir,
                settings.record,
                meta=meta,
                notify=self._recording_changed,
            )
        finally:
            self._begins_recording = False
        log.append_local(Local.CONNECTED, log.started_s, **meta)
        self.state = SessionState.CONNECTED
        self.connected_s = log.started_s
        runner.opened(log)
        if self._edited_profile is not None:
            runner.replace_profile(self._edited_profile)
        self._context.changed(self.key)

    def _recording_changed(self, level: Literal["info", "error"], sentence: str) -> None:
        # A journal that is closed takes no further record.
        self.runner.notify(level, sentence, keep=self.running)
        self._context.changed(self.key)

    async def _converse(self) -> None:
        tasks = (
            asyncio.create_task(self._receive(), name=f"receive {self.key}"),
            asyncio.create_task(self._send(), name=f"send {self.key}"),
        )
        try:
            # A socket that failed for the sender has still something to say to the receiver: why.
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(tasks[:1], timeout=0 if _crashed(tasks[1]) else CLOSE_TIMEOUT_S)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Closed):
                await self._closed(result)
                return
            if isinstance(result, Exception):
                raise result

    async def _receive(self) -> None:
        transport = self._transport
        assert transport is not None
        burst = 0
        while True:
            frame = await transport.receive()
            self.runner.received(frame)
            # A queue that is full never makes `receive` wait, and then nothing else would run.
            burst += 1
            if burst == _BURST:
                burst = 0
                await asyncio.sleep(0)

    async def _send(self) -> None:
        transport, log = self._transport, self.runner.log
        assert transport is not None and log is not None
        while True:
            outgoing = await self.runner.send_queue.get()
            try:
                raw = encode(outgoing.event)
            except EncodeError as error:
                self.runner.notify("error", str(error))
                continue
            log.append_frame("sent", raw, outgoing.event, time.perf_counter(), audio=outgoing.audio)
            with self.runner.send_queue.writing():
                await transport.send(raw)
            if outgoing.captured_at_s is None:
                self._context.changed(self.key)
            else:
                # Nothing that a user sees; the meters move the snapshot on.
                self.sent_blocks.append((outgoing.captured_at_s, time.perf_counter()))

    async def _closed(self, closed: Closed) -> None:
        normal = closed.by_us or closed.code in (1000, 1001, 1005)
        # While the speaker is silenced its turn ends, and that must not look like a turn of a
        # session that goes on.
        self.state = SessionState.CLOSING
        await self.runner.silence_speaker(SILENCE_SPEAKER_S)
        self.runner.append_local(
            Local.CLOSED,
            time.perf_counter(),
            code=closed.code,
            reason=redact(closed.reason),
            sentence=closed.sentence,
        )
        self.state = SessionState.ENDED if normal else SessionState.FAILED
        if not closed.by_us:
            self.problem = closed.sentence
            self._context.notify("warning" if normal else "error", closed.sentence, self.key)

    def _fail(self, sentence: str) -> None:
        sentence = redact(sentence)
        self.state = SessionState.FAILED
        self.problem = sentence
        self._context.notify("error", sentence, self.key)
        self.runner.append_local(
            Local.CLOSED, time.perf_counter(), code=None, reason="", sentence=sentence
        )

    async def _clean_up(self) -> None:
        self.runner.closed()
        if self._transport is not None:
            self._transport.abort()
        if self.running:
            self.state = SessionState.ENDED
        self._context.ended(self.key)
        if self.runner.log is not None:
            self._record_latency(self.runner.log)
            await run_to_end_in_thread(self.runner.log.close)
            self._context.changed(self.key)

    def _record_latency(self, log: SessionLog) -> None:
        """How long the last blocks took from their last frame at the microphone to the socket, for
        meta.toml."""
        delays_ms = [(sent_s - heard_s) * 1000 for heard_s, sent_s in self.sent_blocks]
        if delays_ms:
            p50, p99 = (round(percentile(delays_ms, share), 2) for share in (0.50, 0.99))
            log.update_meta(
                microphone_to_wire={"blocks": len(delays_ms), "p50_ms": p50, "p99_ms": p99}
            )


def _crashed(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and not isinstance(task.exception(), Closed)
