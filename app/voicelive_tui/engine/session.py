"""One tab's session: a socket, its journal and its conversation, from connect to goodbye.

Invariant: every frame is journaled before anything interprets it, and every command of the conversation is carried out in order.
"""

import asyncio
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from voicelive_tui.audio.messages import AudioFormat, Drained, Flushed, MicBlock, PlaybackStarted, PlayedPart, Underrun
from voicelive_tui.engine import expiry
from voicelive_tui.engine.house import House
from voicelive_tui.engine.log import SessionLog
from voicelive_tui.engine.place import Place, service_kind, why_simulator
from voicelive_tui.engine.ports import open_request, spoken_file_allowed
from voicelive_tui.engine.sound import FlushReason, Wish
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events import is_error
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.model.profile import Profile
from voicelive_tui.model.record import STOP_DRAINED, STOP_OFF_AIR, Local
from voicelive_tui.model.redact import redact
from voicelive_tui.model.snapshot import SessionSnapshot, SessionState, SessionView
from voicelive_tui.net.auth import on_daemon_thread
from voicelive_tui.net.endpoint import EndpointError
from voicelive_tui.net.errors import ConnectError
from voicelive_tui.net.outbox import Outbox, OutboxFull
from voicelive_tui.net.transport import CLOSE_TIMEOUT_S, Closed, Transport
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Notice, Play, Send
from voicelive_tui.protocol.conversation import SETTLE_S, Conversation
from voicelive_tui.protocol.wire import EncodeError, EventIds, Malformed, decode, encode

BLOCK_MS = 20
SOUND_WAIT_S = 5.0
_BURST = 16
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that waits for the socket; captured_at_s: of microphone audio, when its last frame was heard."""

    event: Mapping[str, Any]
    captured_at_s: float | None = None


class Session:
    """Lives in the engine's loop. `run` is its life; the other methods are called while it runs."""

    def __init__(self, key: str, profile: Profile, house: House) -> None:
        self.key = key
        self.profile = profile
        self.state = SessionState.CONNECTING
        self.problem = ""
        self.http_status: int | None = None
        self.host = ""
        self.service = service_kind(profile, house.settings)
        self.connected_s: float | None = None
        self.sent_blocks: deque[tuple[float, float]] = deque(maxlen=4096)
        """(captured_at_s, sent_at_s) of the last microphone blocks, for benches: heard, and handed to the socket."""
        self._house = house
        self._conversation = Conversation(profile.wire_session(), EventIds(f"evt_{uuid.uuid4().hex[:10]}"))
        self._outbox: Outbox[Outgoing] = Outbox()
        self._log: SessionLog | None = None
        self._transport: Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._formats: tuple[WireFormat | None, WireFormat | None] | None = None
        self._ready = False
        self._silence_timer: asyncio.TimerHandle | None = None
        self._expires_at: int | None = None
        self._told_malformed = False
        self._view = SessionView()

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
        return self._log.index if self._log else None

    def snapshot(self, title: str, muted: bool) -> SessionSnapshot:
        """Everything a front end may see of it."""
        now = time.perf_counter()
        talk = self._conversation
        return SessionSnapshot(
            key=self.key,
            title=title,
            state=self.state,
            service=self.service,
            host=self.host,
            problem=self.problem,
            http_status=self.http_status,
            on_air=self._house.is_on_air(self.key),
            muted=muted,
            manual=talk.manual,
            talking=talk.talking,
            user_speaking=self.live and talk.user_speaking,
            agent_speaking=self.live and talk.agent_speaking(now),
            connected_s=self.connected_s,
            folder=self._log.folder if self._log else "",
            view=self._log.view() if self._log else self._view,
        )

    # Its life.

    async def run(self) -> None:
        """Connect, converse, end. Every failure becomes a sentence here; only cancellation leaves."""
        self._task = asyncio.current_task()
        try:
            await self._connect()
            await self._converse()
        except ConnectError as error:
            self.http_status = error.status
            self._fail(str(error))
        except EndpointError as error:
            self._fail(str(error))
        except asyncio.CancelledError:
            # Stopped by the person before the socket was open: nothing failed.
            self.state = SessionState.ENDED
        except Exception as error:
            # The border: one session's crash must not end the others.
            _log.exception("session %s crashed", self.key)
            self._fail(f"The session stopped on an internal error ({type(error).__name__}); press s to start it again.")
        finally:
            await self._clean_up()

    async def stop(self) -> None:
        """Say goodbye with 1000; the rest of `run` follows."""
        match self.state:
            case SessionState.CONNECTING:
                if self._task is not None:
                    self._task.cancel()
            case SessionState.CONNECTED if self._transport is not None:
                self.state = SessionState.CLOSING
                self._changed()
                await self._transport.close(1000)

    async def _connect(self) -> None:
        note = why_simulator(self.profile, self._house.settings)
        if note:
            self._tell("info", note)
        self.wish_sound()
        place = await self._house.place(self.profile)
        self.service, self.host = place.kind, place.host
        self._changed()
        request_id = str(uuid.uuid4())
        headers = {**await place.credentials.headers(), "x-ms-client-request-id": request_id}
        self._transport = await Transport.open(place.endpoint, headers)
        if self._house.is_on_air(self.key):
            await self._house.sound.settled(SOUND_WAIT_S)
        self._opened(place, request_id)

    def _opened(self, place: Place, request_id: str) -> None:
        settings = self._house.settings
        meta = {"service": place.kind, "host": place.host, "request_id": request_id}
        self._log = SessionLog.create(
            self.profile, settings.sessions_dir, settings.record, meta=meta, problem=lambda text: self._tell("error", text)
        )
        now = self._log.started_s
        self._log.fact(Local.CONNECTED, now, **meta)
        if self._house.is_on_air(self.key):
            self._log.fact(Local.ON_AIR, now, on=True)
        self.state = SessionState.CONNECTED
        self.connected_s = now
        self._follow_formats()
        self._carry_out(self._conversation.opened(now), now)
        # A service that never answers the update must not keep the microphone for ever.
        self._later(SETTLE_S + 0.1, self._after_event)
        self._changed()

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
                self._closed(result)
                return
            if isinstance(result, Exception):
                raise result

    async def _receive(self) -> None:
        transport = self._transport
        assert transport is not None
        burst = 0
        while True:
            frame = await transport.receive()
            self._received(frame)
            # A queue that is full never makes `receive` wait, and then nothing else would run.
            burst += 1
            if burst == _BURST:
                burst = 0
                await asyncio.sleep(0)

    def _received(self, frame: str | bytes) -> None:
        now = time.perf_counter()
        event = decode(frame)
        assert self._log is not None
        if isinstance(event, Malformed):
            self._log.frame("received", frame, None, now)
            if not self._told_malformed:
                self._told_malformed = True
                self._tell(
                    "warning", f"The service sent a frame that {event.reason}; it is in the event list, and the session goes on."
                )
        else:
            self._log.frame("received", frame, event, now)
            # What an error says of itself needs no second record: it would count twice.
            self._carry_out(self._conversation.receive(event, now), now, keep_notices=not is_error(event))
        self._after_event()

    async def _send(self) -> None:
        transport = self._transport
        assert transport is not None and self._log is not None
        while True:
            outgoing = await self._outbox.take()
            try:
                raw = encode(outgoing.event)
            except EncodeError as error:
                self._tell("error", str(error))
                continue
            self._log.frame("sent", raw, outgoing.event, time.perf_counter())
            await transport.send(raw)
            if outgoing.captured_at_s is not None:
                self.sent_blocks.append((outgoing.captured_at_s, time.perf_counter()))
            self._changed()

    def _closed(self, closed: Closed) -> None:
        normal = closed.by_us or closed.code in (1000, 1001, 1005)
        self.state = SessionState.ENDED if normal else SessionState.FAILED
        self.problem = "" if closed.by_us else closed.sentence
        assert self._log is not None
        self._log.fact(
            Local.CLOSED, time.perf_counter(), code=closed.code, reason=redact(closed.reason), sentence=closed.sentence
        )
        if not closed.by_us:
            self._house.tell("warning" if normal else "error", closed.sentence, self.key)

    def _fail(self, sentence: str) -> None:
        self.state = SessionState.FAILED
        self.problem = sentence
        self._house.tell("error", sentence, self.key)
        if self._log is not None:
            self._log.fact(Local.CLOSED, time.perf_counter(), code=None, reason="", sentence=sentence)

    async def _clean_up(self) -> None:
        for timer in self._timers:
            timer.cancel()
        if self._transport is not None:
            self._transport.abort()
        if self.state in (SessionState.CONNECTING, SessionState.CONNECTED, SessionState.CLOSING):
            self.state = SessionState.ENDED
        self._changed()
        if self._log is not None:
            await on_daemon_thread(self._log.close)

    # What the person does.

    def say(self, text: str) -> None:
        """A typed message."""
        now = time.perf_counter()
        self._carry_out(self._conversation.say(text, now), now)
        self._changed()

    def talk(self) -> None:
        """Toggle a manual turn; a file that stands for the microphone is spoken again."""
        now = time.perf_counter()
        conversation = self._conversation
        file = self._house.sound.status.input_is_file and self._house.sound.has(self)
        if file and not conversation.manual:
            self._house.sound.speak_file()
            return
        before = conversation.talking
        self._carry_out(conversation.talk(not before, now), now)
        if conversation.talking != before:
            self._fact(Local.TALK, now, on=conversation.talking)
            if conversation.talking and file:
                self._house.sound.speak_file()
        self._changed()

    def interrupt(self) -> None:
        """Stop the agent."""
        now = time.perf_counter()
        self._carry_out(self._conversation.interrupt(now), now)
        self._changed()

    def replace_profile(self, profile: Profile) -> None:
        """The profile was edited: send what changed."""
        now = time.perf_counter()
        if profile.service != self.profile.service:
            self._tell("info", "Changes of the [service] table take effect when the session is started again.")
        self.profile = profile
        self._carry_out(self._conversation.update(profile.wire_session(), now), now)
        self._changed()

    def went_on_air(self) -> None:
        """Microphone and speaker will be this session's."""
        self._fact(Local.ON_AIR, time.perf_counter(), on=True)
        self.wish_sound()

    def went_off_air(self) -> None:
        """They belong to another session, or to nobody."""
        now = time.perf_counter()
        if self._conversation.talking:
            self._fact(Local.TALK, now, on=False)
        self._carry_out(self._conversation.off_air(now), now)
        self._fact(Local.ON_AIR, now, on=False)
        self._changed()

    # What the sound reports.

    def wish_sound(self) -> None:
        """Tell the engine what this session needs of the sound."""
        settings = self._house.settings
        mic, agent = self._conversation.input_format, self._conversation.output_format
        self._house.wish(
            self.key,
            Wish(
                listener=self,
                request=open_request(self.profile, settings),
                input=None if mic is None else AudioFormat(mic.codec, mic.rate_hz),
                output=None if agent is None else AudioFormat(agent.codec, agent.rate_hz),
                spoken_file=spoken_file_allowed(self.profile, settings),
            ),
        )

    def sound_attached(self, audible: bool) -> None:
        """The sound is this session's now."""
        now = time.perf_counter()
        self._carry_out(self._conversation.audible(now) if audible else self._conversation.inaudible(now), now)
        if self._ready:
            self._speak_file()
        self._changed()

    def microphone(self, block: MicBlock) -> None:
        """20 ms of microphone."""
        if not self.live:
            return
        now = time.perf_counter()
        for command in self._conversation.microphone(block.audio, now):
            assert isinstance(command, Send)
            dropped = self._outbox.put(Outgoing(command.event, block.captured_at_s), audio_ms=BLOCK_MS)
            if dropped:
                self._fact(Local.DROPPED, now, blocks=dropped, what="microphone")

    def playback_started(self, message: PlaybackStarted) -> None:
        """The first sample of a part was heard."""
        self._conversation.playback_started(message.item_id, message.content_index, message.at_s)
        self._fact(Local.PLAYBACK_STARTED, message.at_s, item_id=message.item_id, content_index=message.content_index)
        self._changed()

    def drained(self, message: Drained) -> None:
        """A part was heard to its end."""
        now = time.perf_counter()
        self._stopped(message.part, message.at_s, STOP_DRAINED)
        self._carry_out(self._conversation.drained(message.part, now), now)
        self._changed()

    def flushed(self, message: Flushed, reason: FlushReason) -> None:
        """The answer to a flush of this session."""
        now = time.perf_counter()
        for part in message.parts:
            self._stopped(part, message.at_s, reason)
        self._carry_out(self._conversation.flushed(message.parts, now), now)
        self._changed()

    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None:
        """The speaker went away in the middle."""
        for part in parts:
            self._stopped(part, at_s, STOP_OFF_AIR)
            self._conversation.drained(part, at_s)
        self._changed()

    def underrun(self, message: Underrun) -> None:
        """The speaker ran dry in the middle of a part."""
        self._fact(Local.UNDERRUN, message.at_s, item_id=message.item_id, gap_ms=message.gap_ms)
        self._changed()

    def input_ended(self) -> None:
        """The file that stands for the microphone is over; nobody else would close a manual turn then."""
        if self._conversation.talking:
            self.talk()

    # The shell around the decisions.

    def _carry_out(self, commands: Iterable[Command], now: float, *, keep_notices: bool = True) -> None:
        sound = self._house.sound
        for command in commands:
            match command:
                case Send(event):
                    self._put(Outgoing(event))
                case Play(item_id, content_index, audio):
                    sound.play(self, item_id, content_index, audio)
                case EndOfAudio(item_id, content_index):
                    sound.end(self, item_id, content_index)
                case Flush(reason):
                    sound.flush(self, reason)
                case Notice(level, text):
                    self._tell(level, text, keep=keep_notices)

    def _put(self, outgoing: Outgoing) -> None:
        try:
            self._outbox.put(outgoing)
        except OutboxFull:
            if self._transport is not None:
                self._transport.abort()

    def _after_event(self) -> None:
        """What follows from the settings in force, whenever they may have changed."""
        now = time.perf_counter()
        if not self.live:
            return
        self._follow_formats()
        if not self._ready and self._conversation.ready(now):
            self._ready = True
            if self._house.sound.has(self):
                self._speak_file()
        self._watch_expiry()
        self._watch_silence()
        self._changed()

    def _follow_formats(self) -> None:
        formats = (self._conversation.input_format, self._conversation.output_format)
        if formats == self._formats or self._log is None:
            return
        self._formats = formats
        self._log.formats(*formats)
        self.wish_sound()

    def _speak_file(self) -> None:
        if self._house.sound.status.input_is_file and not self._conversation.manual:
            self._house.sound.speak_file()

    def _watch_expiry(self) -> None:
        expires_at = self._conversation.expires_at_unix_s
        if expires_at is None or expires_at == self._expires_at:
            return
        self._expires_at = expires_at
        for delay_s, text in expiry.warnings(expires_at, time.time()):
            self._later(delay_s, partial(self._tell, "warning", text))

    def _watch_silence(self) -> None:
        """Speech that nobody hears ends without a word from the speaker; the snapshot must change all the same."""
        over_s = self._conversation.speaks_until_s(time.perf_counter())
        if over_s is None or self._silence_timer is not None:
            return

        def look_again() -> None:
            self._silence_timer = None
            self._watch_silence()
            self._changed()

        self._silence_timer = self._later(over_s - time.perf_counter() + 0.01, look_again)

    def _stopped(self, part: PlayedPart, at_s: float, reason: str) -> None:
        self._fact(
            Local.PLAYBACK_STOPPED,
            at_s,
            item_id=part.item_id,
            content_index=part.content_index,
            played_ms=part.played_ms,
            received_ms=part.received_ms,
            reason=reason,
        )

    def _fact(self, kind: str, at_s: float, **fields: Any) -> None:
        if self._log is not None and self.state in (SessionState.CONNECTED, SessionState.CLOSING):
            self._log.fact(kind, at_s, **fields)

    def _tell(self, level: Literal["info", "warning", "error"], text: str, *, keep: bool = True) -> None:
        text = redact(text)
        if keep:
            self._fact(Local.NOTICE, time.perf_counter(), level=level, text=text)
        self._house.tell(level, text, self.key)

    def _later(self, delay_s: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(delay_s, action)
        self._timers = [*(other for other in self._timers if other.when() > loop.time()), timer]
        return timer

    def _changed(self) -> None:
        self._house.changed(self.key)


def _crashed(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and not isinstance(task.exception(), Closed)
