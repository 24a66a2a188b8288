"""The conversation of an open session with its effects on the send queue, the speaker, the journal
and the user.

Invariant: every frame is journaled before anything interprets it, and every command is carried out
in order.
"""

import asyncio
import time
import uuid
from collections.abc import Iterable
from typing import Any, Literal

from voicelive_common.redaction.redact import redact

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    MicBlock,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.engine.audio.device_choice import audio_requirements
from voicelive_tui.engine.audio.requirements import FlushReason
from voicelive_tui.engine.refusals import NOT_ON_AIR
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.expiry import ExpiryWatch
from voicelive_tui.engine.session.send_queue import BLOCK_MS, SendQueue
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.engine.session.silence_fill import SilenceFill
from voicelive_tui.engine.session.timers import Timers
from voicelive_tui.engine.session.unheard_playout import UnheardPlayout
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.record import STOP_DRAINED, STOP_OFF_AIR, Local
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Notice, Play, Send
from voicelive_tui.protocol.conversation import SETTLE_S, Conversation
from voicelive_tui.protocol.wire import EventIds, Malformed, decode

SILENCE_SENT = (
    "The microphone went away while you spoke; silence goes out in its place, so that "
    "the service ends the turn."
)


class SessionRunner:
    """Lives in the engine's loop, from before the socket opens until after it closed; the router's
    `AudioListener`."""

    def __init__(self, key: str, profile: Profile, context: SessionContext) -> None:
        self.profile = profile
        self._secrets = profile.secrets
        """Of every profile that this session had: the service may still repeat one."""
        self.send_queue = SendQueue(
            self.append_local, lambda text, cure: self.notify("error", text, cure=cure)
        )
        self.log: SessionLog | None = None
        self.conversation = Conversation(
            profile.wire_session(), EventIds(f"evt_{uuid.uuid4().hex[:10]}")
        )
        self._key = key
        self._context = context
        self._timers = Timers()
        self._expiry = ExpiryWatch(self._timers, lambda text: self.notify("warning", text))
        self._silence_fill = SilenceFill(
            self._timers.later,
            self._service_listens,
            lambda: self.notify("info", SILENCE_SENT),
            self._send_silence,
        )
        self._unheard_playout = UnheardPlayout(
            self._timers.later, self.conversation.speaks_until_s, self._changed
        )
        self._formats: tuple[WireFormat | None, WireFormat | None] | None = None
        self._open = False
        self._ready = False
        self._file_due = True
        self._flushes = 0
        self._flushed = asyncio.Event()
        self._flushed.set()
        self._malformed_reported = False

    # Its life.

    def opened(self, log: SessionLog) -> None:
        """The socket is open, and everything is kept from now on."""
        self.log = log
        self._open = True
        now = log.started_s
        if self._context.is_on_air(self._key):
            self.append_local(Local.ON_AIR, now, on=True)
        self._apply_formats()
        self._carry_out(self.conversation.opened(now), now)
        # A service that never answers the update must not keep the microphone for ever.
        self._timers.later(SETTLE_S + 0.1, self._after_event)

    async def silence_speaker(self, timeout_s: float) -> None:
        """Silence the speaker and wait for what it says of it, so that the journal has it."""
        now = time.perf_counter()
        self._carry_out(self.conversation.inaudible(now), now)
        try:
            async with asyncio.timeout(timeout_s):
                await self._flushed.wait()
        except TimeoutError:
            # The devices may be gone with the session; nothing depends on the answer.
            return

    def closed(self) -> None:
        """The socket is closed: nothing more is decided or sent."""
        self._open = False
        self._timers.cancel()

    def received(self, frame: str | bytes) -> None:
        """A frame of the service."""
        now = time.perf_counter()
        event = decode(frame)
        assert self.log is not None
        if isinstance(event, Malformed):
            self._received_malformed(frame, event, now)
        else:
            self.log.append_frame("received", frame, event, now)
            # What an error says of itself needs no second record: it would count twice.
            self._carry_out(
                self.conversation.receive(event, now), now, keep_notices=not is_error(event)
            )
        self._after_event()

    def _received_malformed(self, frame: str | bytes, malformed: Malformed, now: float) -> None:
        assert self.log is not None
        self.log.append_frame("received", frame, malformed.event or None, now, standard=False)
        if not self._malformed_reported:
            self._malformed_reported = True
            text = (
                f"The service sent a frame that {malformed.reason}; it is kept as it came, and "
                "the session goes on."
            )
            self.notify("warning", text)
        if malformed.understood:
            commands = self.conversation.receive(malformed.understood, now)
            self._carry_out(commands, now, keep_notices=not is_error(malformed.understood))

    # What the user does.

    def send_text(self, text: str) -> None:
        """A typed message."""
        now = time.perf_counter()
        self._carry_out(self.conversation.send_text(text, now), now)

    def talk(self) -> None:
        """Toggle a manual turn; a file that stands for the microphone is spoken again."""
        now = time.perf_counter()
        before = self.conversation.talking
        if not self._context.is_on_air(self._key):
            self.notify(NOT_ON_AIR.level, NOT_ON_AIR.text, cure=NOT_ON_AIR.cure)
            return
        file = self._context.audio.status.input_is_file
        if file and not self.conversation.manual:
            self._context.audio.speak_file()
            return
        self._carry_out(self.conversation.talk(not before, now), now)
        if self.conversation.talking != before:
            self.append_local(Local.TALK, now, on=self.conversation.talking)
            if self.conversation.talking and file:
                self._context.audio.speak_file()

    def interrupt(self) -> None:
        """Stop the assistant."""
        now = time.perf_counter()
        self._carry_out(self.conversation.interrupt(now), now)

    def replace_profile(self, profile: Profile) -> None:
        """The profile was edited: send what changed."""
        now = time.perf_counter()
        if profile.service != self.profile.service:
            self.notify(
                "info",
                "Changes of the [service] table take effect when the session is started again.",
            )
        self.profile = profile
        self._secrets += profile.secrets
        self._carry_out(self.conversation.update(profile.wire_session(), now), now)
        self.request_audio()

    def audio_assigned(self) -> None:
        """Microphone and speaker will be this session's."""
        self._file_due = True
        self.append_local(Local.ON_AIR, time.perf_counter(), on=True)
        self.request_audio()

    def audio_released(self) -> None:
        """They belong to another session, or to nobody."""
        if not self._open:
            return
        now = time.perf_counter()
        if self.conversation.talking:
            self.append_local(Local.TALK, now, on=False)
        self._carry_out(self.conversation.off_air(now), now)
        self.append_local(Local.ON_AIR, now, on=False)

    # What the sound reports.

    def request_audio(self) -> None:
        """Tell the engine what this session needs of the sound."""
        talk = self.conversation
        requirements = audio_requirements(
            self, self.profile, self._context.settings, talk.input_format, talk.output_format
        )
        self._context.require_audio(self._key, requirements)

    def sound_attached(self, audible: bool) -> None:
        """The sound is this session's now."""
        self.speaker_changed(audible)
        self._speak_file()

    def speaker_changed(self, audible: bool) -> None:
        """There is a speaker, or none any more."""
        now = time.perf_counter()
        self._carry_out(
            self.conversation.audible(now) if audible else self.conversation.inaudible(now), now
        )
        self._changed()

    def microphone(self, block: MicBlock) -> None:
        """20 ms of microphone."""
        if self._open:
            self._silence_fill.mic_active()
            self._send_audio(block.audio, block.captured_at_s)

    def playback_started(self, message: PlaybackStarted) -> None:
        """The first sample of a part was heard."""
        self.append_local(
            Local.PLAYBACK_STARTED,
            message.at_s,
            item_id=message.item_id,
            content_index=message.content_index,
        )
        self._changed()

    def drained(self, message: Drained) -> None:
        """A part was heard to its end."""
        now = time.perf_counter()
        self._playback_stopped(message.part, message.at_s, STOP_DRAINED)
        self._carry_out(self.conversation.drained(message.part, now), now)
        self._changed()

    def flushed(self, message: Flushed, reason: FlushReason) -> None:
        """The answer to a flush of this session."""
        now = time.perf_counter()
        for part in message.parts:
            self._playback_stopped(part, message.at_s, reason)
        self._carry_out(self.conversation.flushed(message.parts, now), now)
        self._flushes -= 1
        if not self._flushes:
            self._flushed.set()
        self._changed()

    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None:
        """The speaker went away in the middle."""
        for part in parts:
            self._playback_stopped(part, at_s, STOP_OFF_AIR)
            self.conversation.drained(part, at_s)
        self._changed()

    def underrun(self, message: Underrun) -> None:
        """The speaker ran dry in the middle of a part."""
        self.append_local(
            Local.UNDERRUN, message.at_s, item_id=message.item_id, gap_ms=message.gap_ms
        )
        self._changed()

    def input_ended(self) -> None:
        """The file that stands for the microphone is over; nobody else would close a manual turn
        then."""
        if self._open and self.conversation.talking:
            self.talk()
            self._changed()

    # The shell around the decisions.

    def append_local(self, kind: str, at_s: float, **fields: Any) -> None:
        """Keep what only this machine knows."""
        if self.log is not None:
            self.log.append_local(kind, at_s, **fields)

    def notify(
        self,
        level: Literal["info", "warning", "error"],
        text: str,
        *,
        cure: str = "",
        keep: bool = True,
    ) -> None:
        """Give the user a notice. text, cure: as in `Notice`. keep: also write the text into the
        journal."""
        if keep:
            self.append_local(Local.NOTICE, time.perf_counter(), level=level, text=redact(text))
        self._context.notify(level, text, self._key, cure)

    def _carry_out(
        self, commands: Iterable[Command], now: float, *, keep_notices: bool = True
    ) -> None:
        sound = self._context.audio
        for command in commands:
            match command:
                case Send(event):
                    if self._open:
                        self.send_queue.send(event)
                case Play(item_id, content_index, audio):
                    sound.play(self, item_id, content_index, audio)
                case EndOfAudio(item_id, content_index):
                    sound.end(self, item_id, content_index)
                case Flush(reason):
                    self._flushes += 1
                    self._flushed.clear()
                    sound.flush(self, reason)
                case Notice(level, text, cure):
                    self.notify(level, text, cure=cure, keep=keep_notices)

    def _send_audio(self, audio: bytes, captured_at_s: float | None) -> None:
        for command in self.conversation.microphone(audio, time.perf_counter()):
            if self.send_queue.send_block(command.event, captured_at_s):
                self._changed()

    def _service_listens(self) -> bool:
        """It hears the user, and will end the turn by itself."""
        return self._open and self.conversation.user_speaking and not self.conversation.manual

    def _send_silence(self) -> None:
        fmt = self.conversation.input_format
        if fmt is not None:
            self._send_audio(fmt.silence(BLOCK_MS), None)

    def _after_event(self) -> None:
        """What follows from the settings in force, whenever they may have changed."""
        if not self._open:
            return
        self._apply_formats()
        if not self._ready and self.conversation.ready(time.perf_counter()):
            self._ready = True
            self._speak_file()
        self._expiry.expires(self.conversation.expires_at_unix_s)
        self._silence_fill.start()
        self._unheard_playout.start()
        self._changed()

    def _apply_formats(self) -> None:
        formats = (self.conversation.input_format, self.conversation.output_format)
        if formats == self._formats or self.log is None:
            return
        self._formats = formats
        self.log.set_formats(*formats)
        self.request_audio()

    def _speak_file(self) -> None:
        """Once for each time on air, as soon as the service listens and the microphone is ours, in
        its format."""
        sound = self._context.audio
        if self._file_due and self._ready and sound.is_attached(self) and sound.satisfied:
            self._file_due = False
            if sound.status.input_is_file and not self.conversation.manual:
                sound.speak_file()

    def _playback_stopped(self, part: PlayedPart, at_s: float, reason: str) -> None:
        self.append_local(
            Local.PLAYBACK_STOPPED,
            at_s,
            item_id=part.item_id,
            content_index=part.content_index,
            played_ms=part.played_ms,
            received_ms=part.received_ms,
            reason=reason,
        )

    def _changed(self) -> None:
        self._context.changed(self._key)
