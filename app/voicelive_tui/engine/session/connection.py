"""One connection to the service: a socket with its conversation, whose decisions are carried out
here on the send queue, the speaker, the journal and the screen.

Invariant: commands are carried out in the order in which the conversation gave them.
"""

import asyncio
import time
from collections.abc import Callable, Iterable

from voicelive_tui.concurrency.waiting import wait_while_advancing
from voicelive_tui.engine.refusals import NOT_ON_AIR
from voicelive_tui.engine.session.journaled_transport import JournaledTransport, Received
from voicelive_tui.engine.session.reporter import SessionReporter
from voicelive_tui.engine.session.send_queue import SendQueue
from voicelive_tui.engine.session.session_audio import SessionAudio
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.engine.session.speech_conversion import SpeechConversion
from voicelive_tui.engine.session.tick_timer import TickTimer
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.net.transport import CLOSE_TIMEOUT_S, Closed, Transport
from voicelive_tui.protocol.commands import (
    Command,
    ConvertSpeech,
    EndOfAudio,
    FailSession,
    Flush,
    Play,
    RecordCarryOver,
    Renew,
    Send,
    SendAudio,
    SpeakFile,
)
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.wire import EncodeError, Malformed

SILENCE_SPEAKER_S = 3.0
"""Seconds to wait for a speaker that hangs; a working one answers at once."""
_BURST = 16


class Connection:
    """An open connection, used in the engine's loop only."""

    def __init__(
        self,
        profile: Profile,
        conversation: Conversation,
        audio: SessionAudio,
        transport: Transport,
        log: SessionLog,
        reporter: SessionReporter,
        renew: Callable[[], None],
    ) -> None:
        """renew: called when another connection is to take the place of this one."""
        self._profile = profile
        self._conversation = conversation
        self._audio = audio
        self._transport = JournaledTransport(transport, log)
        self._log = log
        self._reporter = reporter
        self._renew = renew
        self._queue = SendQueue(log.append_local, reporter.notify)
        self._timer = TickTimer(self._tick)
        self._conversion = SpeechConversion()
        self._open = True
        self._formats: tuple[AudioFormat | None, AudioFormat | None] | None = None
        self._applied_revision = -1
        self._malformed_reported = False
        self._frames = 0
        """Frames received."""
        self.refusal = ""
        """Why the service refused the session, in one sentence; empty while it did not."""

    # Its life.

    def begin(self, now: float) -> None:
        """Begin the conversation."""
        self._audio.connected(self)
        self._apply_formats()
        self.perform(self._conversation.opened(now), now)

    async def serve(self) -> Closed:
        """Receive and send until the socket is closed; returns how it was closed."""
        receiver = asyncio.create_task(self._receive(), name=f"receive {self._reporter.key}")
        sender = asyncio.create_task(self._send(), name=f"send {self._reporter.key}")
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

    def unsent_texts(self) -> list[str]:
        """The typed messages that the socket had not taken when it was closed, in order. They are
        not in the journal."""
        items = (get_object(event, "item") for event in self._queue.unsent())
        typed = (item for item in items if item and "id" not in item)  # a carried item has an id
        parts = (part for item in typed for part in get_objects(item, "content"))
        return [get_str(part, "text") for part in parts]

    async def say_goodbye(self) -> None:
        """Close the socket with 1000 once the speaker is silent; the end of `serve` follows."""
        await self._audio.silence(SILENCE_SPEAKER_S)
        if self._open:
            await self._transport.close()

    def close(self) -> None:
        """Drop the socket: nothing more is decided or sent."""
        self._open = False
        self._timer.cancel()
        self._conversion.cancel()
        self._audio.disconnected()
        self._transport.abort()

    # The socket.

    async def _receive(self) -> Closed:
        burst = 0
        try:
            while True:
                self._received(await self._transport.receive())
                # `receive` never waits while frames are queued, and nothing else would run then.
                burst += 1
                if burst == _BURST:
                    burst = 0
                    await asyncio.sleep(0)
        except Closed as closed:
            return closed

    async def _send(self) -> Closed:
        try:
            while True:
                outgoing = await self._queue.get()
                try:
                    with self._queue.writing():
                        await self._transport.send(outgoing)
                except EncodeError as error:
                    self._reporter.notify(Notice("error", str(error)))
                    continue
                # Microphone blocks change nothing that is shown; the meters move the snapshot on.
                if outgoing.captured_at_s is None:
                    self._reporter.changed()
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
        self._apply_settings()

    def _report_malformed(self, malformed: Malformed) -> None:
        if not self._malformed_reported:
            self._malformed_reported = True
            text = (
                f"The service sent a frame that {malformed.reason}; it is kept as it came, and "
                "the session goes on."
            )
            self._reporter.notify(Notice("warning", text))

    def _tick(self) -> None:
        now = time.perf_counter()
        self.perform(self._conversation.tick(now), now)
        self._apply_settings()

    # What the user does.

    def send_text(self, text: str) -> None:
        """Send a typed message as soon as the service has finished its response."""
        now = time.perf_counter()
        self.perform(self._conversation.send_text(text, now), now)
        self._reporter.changed()

    def send_waiting(self) -> None:
        """Send the first of the messages that wait, if the service is ready for it."""
        self.perform(self._conversation.send_waiting(), time.perf_counter())

    def talk(self) -> None:
        """Open a manual turn, or commit it. A file in place of the microphone is played from its
        beginning."""
        if not self._reporter.on_air:
            self._reporter.notify(NOT_ON_AIR)
            return
        now, before = time.perf_counter(), self._conversation.talking
        commands = self._conversation.toggle_talk(file=self._audio.from_file)
        if self._conversation.talking != before:
            self._reporter.append_local(Local.TALK, now, on=self._conversation.talking)
        self.perform(commands, now)

    def interrupt(self) -> None:
        """Stop the assistant."""
        now = time.perf_counter()
        self.perform(self._conversation.interrupt(now), now)

    def request_answer(self) -> None:
        """Ask for the answer to what the user said last."""
        self.perform(self._conversation.request_answer(), time.perf_counter())

    def replace_profile(self, profile: Profile) -> None:
        """Send the settings that changed when the profile was edited."""
        self._profile = profile
        now = time.perf_counter()
        self.perform(self._conversation.update(profile.wire_session(), now), now)
        self._audio.request(profile)

    def off_air(self) -> None:
        """Note that microphone and speaker belong to another session or to none."""
        now = time.perf_counter()
        if self._conversation.talking:
            self._reporter.append_local(Local.TALK, now, on=False)
        self.perform(self._conversation.off_air(), now)

    # Carrying out what the conversation decides.

    def perform(
        self, commands: Iterable[Command], now: float, *, keep_notices: bool = True
    ) -> None:
        """Carry out what the conversation decided at `now`, and set the timer for its next call."""
        for command in commands:
            match command:
                case Send(event):
                    self._queue.send(event)
                case SendAudio(event, audio, captured_at_s):
                    if self._queue.send_block(event, audio, captured_at_s):
                        self._reporter.changed()
                case Play() | EndOfAudio() | Flush() | SpeakFile():
                    self._audio.carry_out(command)
                case ConvertSpeech():
                    self._convert(command)
                case Renew():
                    self._renew()
                case RecordCarryOver(fields):
                    self._reporter.append_local(Local.CARRIED_OVER, now, **fields)
                case FailSession(problem):
                    self._fail(problem)
                case Notice() as notice:
                    self._reporter.notify(notice, keep=keep_notices)
        self._timer.set(self._conversation.due_s if self._open else None, now)

    def _convert(self, command: ConvertSpeech) -> None:
        def done(audio: bytes | None) -> None:
            now = time.perf_counter()
            self.perform(self._conversation.speech_converted(audio, command.wanted, now), now)
            self._reporter.changed()

        self._conversion.begin(command, done)

    def _fail(self, problem: str) -> None:
        """Drop the socket, because the service has refused the session; the end of `serve`
        follows."""
        self.refusal = problem
        self._transport.abort()

    def _apply_settings(self) -> None:
        """Apply the settings in force, if they have changed since the last call."""
        revision = self._conversation.settings_revision
        if revision != self._applied_revision:
            self._applied_revision = revision
            self._apply_formats()
            self._audio.settings_applied()
        self._reporter.changed()

    def _apply_formats(self) -> None:
        formats = (self._conversation.input_format, self._conversation.output_format)
        if formats != self._formats:
            self._formats = formats
            self._log.set_formats(*formats)
            self._audio.request(self._profile)
