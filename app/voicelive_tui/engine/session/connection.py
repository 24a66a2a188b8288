"""One connection to the service: a socket with its conversation, whose decisions are carried out
here on the send queue, the speaker, the journal and the screen.

Invariant: commands are carried out in the order in which the conversation gave them.
"""

import asyncio
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from voicelive_common.redaction.redact import redact

from voicelive_tui.concurrency.waiting import wait_while_advancing
from voicelive_tui.engine.refusals import NOT_ON_AIR
from voicelive_tui.engine.session.connection_audio import ConnectionAudio
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.journaled_transport import JournaledTransport, Received
from voicelive_tui.engine.session.send_queue import SendQueue
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.engine.session.tick_timer import TickTimer
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.net.transport import CLOSE_TIMEOUT_S, Closed, Transport
from voicelive_tui.protocol.commands import (
    Command,
    EndOfAudio,
    Flush,
    Play,
    Send,
    SendAudio,
    SpeakFile,
)
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.status import ConversationStatus
from voicelive_tui.protocol.wire import EncodeError, EventIds, Malformed

SILENCE_SPEAKER_S = 3.0
"""Seconds to wait for a speaker that hangs; a working one answers at once."""
SERVICE_TABLE_WAITS = Notice(
    "info", "Changes of the [service] table take effect when the session is started again."
)
_BURST = 16


class Connection:
    """A connection, from before its socket opens until after it has closed. Used in the engine's
    loop only."""

    def __init__(self, key: str, profile: Profile, context: SessionContext) -> None:
        self._conversation = Conversation(
            profile.wire_session(),
            EventIds(f"evt_{uuid.uuid4().hex[:10]}"),
            unix_offset_s=time.time() - time.perf_counter(),
        )
        self._key = key
        self._profile = profile
        self._context = context
        self._audio = ConnectionAudio(self, self._conversation, key, context)
        self._queue = SendQueue(self.append_local, self.notify)
        self._timer = TickTimer(self._tick)
        self._log: SessionLog | None = None
        self._transport: JournaledTransport | None = None
        self._formats: tuple[AudioFormat | None, AudioFormat | None] | None = None
        self._followed_revision = -1
        self._malformed_reported = False
        self._frames = 0
        """Frames received."""

    # Its life.

    @property
    def is_open(self) -> bool:
        """Whether the socket is open."""
        return self._transport is not None

    def request_audio(self) -> None:
        """Tell the engine which devices and formats this connection needs."""
        self._audio.request(self._profile)

    def status(self, now: float) -> ConversationStatus:
        """The state of the conversation at this time."""
        return self._conversation.status(now)

    @property
    def manual(self) -> bool:
        """The user opens and commits turns by hand, as far as it is known yet."""
        return self._conversation.manual

    def opened(
        self, transport: Transport, log: SessionLog, at_s: float, facts: Mapping[str, Any]
    ) -> None:
        """Begin the conversation: the socket is open, and everything is journaled from now on.

        at_s: the time of its first record, on `time.perf_counter`. facts: the service, as that
        record names it.
        """
        self._log = log
        self._transport = JournaledTransport(transport, log)
        self.append_local(Local.CONNECTED, at_s, **facts)
        if self._context.is_on_air(self._key):
            self.append_local(Local.ON_AIR, at_s, on=True)
        self._follow_formats()
        self.perform(self._conversation.opened(at_s), at_s)

    async def serve(self) -> Closed:
        """Receive and send until the socket is closed; returns how it was closed."""
        transport = self._transport
        assert transport is not None, "`opened` comes first"
        receiver = asyncio.create_task(self._receive(transport), name=f"receive {self._key}")
        sender = asyncio.create_task(self._send(transport), name=f"send {self._key}")
        try:
            await asyncio.wait((receiver, sender), return_when=asyncio.FIRST_COMPLETED)
            # When the sender finds the socket closed, the receiver has still to take what had
            # arrived, and to learn why the socket is closed.
            if not (sender.done() and sender.exception() is not None):
                await wait_while_advancing(receiver, lambda: self._frames, CLOSE_TIMEOUT_S)
            return (receiver if receiver.done() else sender).result()
        finally:
            receiver.cancel()
            sender.cancel()
            await asyncio.gather(receiver, sender, return_exceptions=True)

    async def say_goodbye(self) -> None:
        """Close the socket with 1000 once the speaker is silent; the end of `serve` follows."""
        await self.silence_speaker()
        if self._transport is not None:
            await self._transport.close()

    async def silence_speaker(self) -> None:
        """Silence the speaker and wait for its report, but not for ever."""
        await self._audio.silence(SILENCE_SPEAKER_S)

    def closed(self) -> None:
        """Drop the socket, if it is open: nothing more is decided or sent."""
        self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    # The socket.

    async def _receive(self, transport: JournaledTransport) -> Closed:
        burst = 0
        try:
            while True:
                self._received(await transport.receive())
                # `receive` never waits while frames are queued, and nothing else would run then.
                burst += 1
                if burst == _BURST:
                    burst = 0
                    await asyncio.sleep(0)
        except Closed as closed:
            return closed

    async def _send(self, transport: JournaledTransport) -> Closed:
        try:
            while True:
                outgoing = await self._queue.get()
                try:
                    with self._queue.writing():
                        await transport.send(outgoing)
                except EncodeError as error:
                    self.notify(Notice("error", str(error)))
                    continue
                # Microphone blocks change nothing that is shown; the meters move the snapshot on.
                if outgoing.captured_at_s is None:
                    self._changed()
        except Closed as closed:
            return closed

    def _received(self, received: Received) -> None:
        self._frames += 1
        event, now = received.event, received.at_s
        if isinstance(event, Malformed):
            self._report_malformed(event)
            event = event.understood
        if event:
            commands = self._conversation.receive(event, now, audio=received.audio)
            # The journal has an error already: its notice would count it a second time.
            self.perform(commands, now, keep_notices=not (commands and is_error(event)))
        self._follow_settings()

    def _report_malformed(self, malformed: Malformed) -> None:
        if not self._malformed_reported:
            self._malformed_reported = True
            text = (
                f"The service sent a frame that {malformed.reason}; it is kept as it came, and "
                "the session goes on."
            )
            self.notify(Notice("warning", text))

    def _tick(self) -> None:
        now = time.perf_counter()
        self.perform(self._conversation.tick(now), now)
        self._follow_settings()

    # What the user does.

    def send_text(self, text: str) -> None:
        """Send a typed message."""
        now = time.perf_counter()
        self.perform(self._conversation.send_text(text), now)

    def talk(self) -> None:
        """Open a manual turn, or commit it. A file in place of the microphone is played from its
        beginning."""
        if not self._context.is_on_air(self._key):
            self.notify(NOT_ON_AIR)
            return
        now, before = time.perf_counter(), self._conversation.talking
        commands = self._conversation.toggle_talk(file=self._audio.from_file)
        if self._conversation.talking != before:
            self.append_local(Local.TALK, now, on=self._conversation.talking)
        self.perform(commands, now)

    def interrupt(self) -> None:
        """Stop the assistant."""
        now = time.perf_counter()
        self.perform(self._conversation.interrupt(now), now)

    def replace_profile(self, profile: Profile) -> None:
        """Send the settings that changed when the profile was edited."""
        now = time.perf_counter()
        if profile.service != self._profile.service:
            self.notify(SERVICE_TABLE_WAITS)
        self._profile = profile
        self.perform(self._conversation.update(profile.wire_session()), now)
        self.request_audio()

    def audio_assigned(self) -> None:
        """Note that this session will get microphone and speaker, and ask for them."""
        self._audio.assigned()
        self.append_local(Local.ON_AIR, time.perf_counter(), on=True)
        self.request_audio()

    def audio_released(self) -> None:
        """Note that microphone and speaker belong to another session or to none."""
        if not self.is_open:
            return
        now = time.perf_counter()
        if self._conversation.talking:
            self.append_local(Local.TALK, now, on=False)
        self.perform(self._conversation.off_air(), now)
        self.append_local(Local.ON_AIR, now, on=False)

    # The shell around the decisions.

    def append_local(self, kind: str, at_s: float, **fields: Any) -> None:
        """Journal a fact that only this machine knows; does nothing before the journal has
        begun."""
        if self._log is not None:
            self._log.append_local(kind, at_s, **fields)

    def notify(self, notice: Notice, *, keep: bool = True) -> None:
        """Show the user a notice. keep: journal its text."""
        if keep:
            self.append_local(
                Local.NOTICE, time.perf_counter(), level=notice.level, text=redact(notice.text)
            )
        self._context.notify(notice, self._key)

    def perform(
        self, commands: Iterable[Command], now: float, *, keep_notices: bool = True
    ) -> None:
        """Carry out what the conversation decided at `now`, and set the timer for its next call."""
        for command in commands:
            match command:
                case Send(event):
                    if self.is_open:
                        self._queue.send(event)
                case SendAudio(event, audio, captured_at_s):
                    if self._queue.send_block(event, audio, captured_at_s):
                        self._changed()
                case Play() | EndOfAudio() | Flush() | SpeakFile():
                    self._audio.carry_out(command)
                case Notice() as notice:
                    self.notify(notice, keep=keep_notices)
        self._timer.set(self._conversation.due_s if self.is_open else None, now)

    def _follow_settings(self) -> None:
        """Do what follows from the settings in force, if they have changed since the last call."""
        if not self.is_open:
            return
        revision = self._conversation.settings_revision
        if revision != self._followed_revision:
            self._followed_revision = revision
            self._follow_formats()
            self._audio.speak_file_if_due()
        self._changed()

    def _follow_formats(self) -> None:
        formats = (self._conversation.input_format, self._conversation.output_format)
        if formats != self._formats and self._log is not None:
            self._formats = formats
            self._log.set_formats(*formats)
            self.request_audio()

    def _changed(self) -> None:
        self._context.changed(self._key)
