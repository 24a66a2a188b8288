"""The audio of one session: its requirements, what is played, what the devices report, and the
microphone's audio that waits for the next connection."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    MicBlock,
    MicSpeech,
    OpenRequest,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.engine.audio.device_choice import audio_requirements
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.devices_in_use import DevicesInUse
from voicelive_tui.engine.session.link_in_use import LinkInUse
from voicelive_tui.engine.session.microphone_buffer import MicrophoneBuffer
from voicelive_tui.engine.session.reporter import SessionReporter
from voicelive_tui.engine.session.sound_records import cut_fields, link_fields, speech_fields
from voicelive_tui.model.events.record import STOP_DRAINED, STOP_OFF_AIR, FlushReason, Local
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Play, SpeakFile
from voicelive_tui.protocol.conversation import Conversation


class OpenConnection(Protocol):
    """The open connection, as the session's audio sees it."""

    def perform(self, commands: Iterable[Command], now: float) -> None:
        """Carry out what the conversation decided, and see when it is to be called again."""
        ...

    def talk(self) -> None:
        """Open a manual turn, or commit it."""
        ...


class SessionAudio:
    """The router's `AudioListener` for one session, over all its connections."""

    def __init__(
        self, conversation: Conversation, context: SessionContext, reporter: SessionReporter
    ) -> None:
        self._conversation = conversation
        self._connection: OpenConnection | None = None
        self._context = context
        self._reporter = reporter
        self._router = context.audio
        self._microphone = MicrophoneBuffer()
        self._keeps_microphone = False
        """Whether blocks that the service cannot take yet are kept: the session was connected
        before."""
        self._audible = False
        """Whether the session has a speaker."""
        self._file_new = True
        """Whether the conversation must still be told, since the session went on air, of a file in
        place of the microphone."""
        self._file_asked = False
        """Whether the file is to be played as soon as the devices allow it."""
        self._request = OpenRequest("none", "none")
        self._devices = DevicesInUse()
        self._link = LinkInUse()
        self._flushes: deque[float] = deque()
        """When the flushes were asked for that the speaker has not answered."""
        self._stale_flushes = 0
        """Those among them that an earlier conversation asked for."""
        self._all_flushed = asyncio.Event()
        self._all_flushed.set()

    # For the session.

    def connected(self, connection: OpenConnection) -> None:
        """Note that the conversation has an open connection from now on."""
        self._connection = connection
        self.link_changed()

    def disconnected(self) -> None:
        """Note that there is no connection any more, and perhaps never again."""
        self._connection = None

    def use(self, conversation: Conversation) -> None:
        """Go on with the conversation of the next connection. The microphone is kept for it, with
        the speech that was broken off. A file in its place is not: it can be spoken again."""
        before, self._conversation = self._conversation, conversation
        self._connection = None
        self._stale_flushes = len(self._flushes)
        self._keeps_microphone = not self.from_file
        self._microphone.connection_lost(speaking=before.user_turn_open and self._keeps_microphone)
        if self._audible:
            conversation.audible()

    def request(self, profile: Profile) -> None:
        """Tell the engine what the session needs of the devices."""
        formats = self._conversation.input_format, self._conversation.output_format
        requirements = audio_requirements(self, profile, self._context.settings, *formats)
        self._request = requirements.request
        self._context.require_audio(self._reporter.key, requirements)

    def assigned(self) -> None:
        """Note that this session will get microphone and speaker."""
        self._file_new, self._file_asked = True, False

    @property
    def from_file(self) -> bool:
        """Whether a file is in place of the microphone."""
        return self._router.status.input_is_file

    def carry_out(self, command: Play | EndOfAudio | Flush | SpeakFile) -> None:
        """Pass what the conversation decided on to the devices."""
        match command:
            case Play():
                self._router.play(self, command)
            case EndOfAudio(item_id, content_index):
                self._router.end(self, item_id, content_index)
            case Flush(reason):
                self._flushes.append(time.perf_counter())
                self._all_flushed.clear()
                self._router.flush(self, reason)
            case SpeakFile():
                self._file_asked = True
                self._speak_file_if_asked()

    async def silence(self, timeout_s: float) -> None:
        """Silence the speaker and wait until it has reported how much was heard, so that the
        journal has it."""
        self._perform(self._conversation.inaudible())
        try:
            async with asyncio.timeout(timeout_s):
                await self._all_flushed.wait()
        except TimeoutError:
            # The devices may be gone with the session; nothing depends on the answer.
            return

    def settings_applied(self) -> None:
        """Do what waits until the service accepts audio: send the microphone's audio that was kept,
        and play the file in place of the microphone if it was asked for. The conversation is told
        of the file once each time the session goes on air."""
        self._send_kept()
        self._speak_file_if_asked()
        if self._file_new and self._has_devices and self._conversation.ready:
            self._file_new = False
            if self.from_file:
                self._perform(self._conversation.file_usable(time.perf_counter()))

    @property
    def _has_devices(self) -> bool:
        """Whether the devices are this connection's, with the formats that it asked for last."""
        attached = self._router.is_attached(self) and self._router.satisfied
        return self._connection is not None and attached

    def _speak_file_if_asked(self) -> None:
        if self._file_asked and self._has_devices:
            self._file_asked = False
            if self.from_file:
                self._router.speak_file()

    # For the router.

    @property
    def hears_user(self) -> bool:
        """Whether the user speaks."""
        return self._conversation.user_turn_open

    def sound_attached(self, audible: bool) -> None:
        """Take the devices. audible: they have a speaker."""
        self.speaker_changed(audible)
        self.settings_applied()

    def speaker_changed(self, audible: bool) -> None:
        """Note that there is a speaker, or none any more, and which devices are open."""
        self._audible = audible
        self.link_changed()
        self._journal_devices()
        if audible:
            self._conversation.audible()
        else:
            self._perform(self._conversation.inaudible())
        self._changed()

    def _journal_devices(self) -> None:
        now_s = time.perf_counter()
        for change in self._devices.follow(self._request, self._router.status, now_s):
            self._reporter.append_local(Local.DEVICE, now_s, **change.fields())

    def link_changed(self) -> None:
        """Note what became of the link to the machine that has the devices, and of a mute there,
        once there is a journal."""
        if self._reporter.log is None or not self._router.is_attached(self):
            return
        now_s = time.perf_counter()
        self._reporter.append_mute(now_s)
        if change := self._link.follow(self._router.status, now_s):
            self._reporter.append_local(Local.LINK, now_s, **change.fields())
            self._changed()

    def microphone(self, block: MicBlock) -> None:
        """Send 20 ms of the microphone, or keep them for the next connection."""
        if self._connection is not None and self._conversation.ready:
            self._send_kept()
            self._send(block)
        elif self._keeps_microphone and self._conversation.listens:
            self._microphone.keep(block)

    def _send_kept(self) -> None:
        """Send what was kept, as soon as the service takes it."""
        if self._connection is None or not self._conversation.ready:
            return
        blocks, lost = self._microphone.take()
        if lost:
            self._reporter.append_local(
                Local.DROPPED, time.perf_counter(), blocks=lost, what="microphone"
            )
        for block in blocks:
            self._send(block)

    def _send(self, block: MicBlock) -> None:
        conversation, now = self._conversation, time.perf_counter()
        commands = conversation.microphone(block.audio, now, block.captured_at_s)
        if commands:
            self._microphone.sent(block, speaking=conversation.user_turn_open)
        self._perform(commands, now)

    def speech(self, message: MicSpeech) -> None:
        """Note that speech at the microphone began or ended."""
        self._reporter.append_local(Local.SPEECH, message.at_s, **speech_fields(message))

    def playback_started(self, message: PlaybackStarted) -> None:
        """Note that the first sample of a part was heard."""
        self._reporter.append_local(
            Local.PLAYBACK_STARTED,
            message.at_s,
            item_id=message.item_id,
            content_index=message.content_index,
        )
        self._changed()

    def drained(self, message: Drained) -> None:
        """Note that a part was heard to its end."""
        self._playback_stopped(message.part, message.at_s, STOP_DRAINED)
        self._conversation.drained(message.part)
        self._silent()

    def flushed(self, message: Flushed, reason: FlushReason) -> None:
        """Take the answer to a flush of this session."""
        asked_s = self._flushes.popleft()
        more = link_fields(message, asked_s) if self._router.status.link is not None else {}
        for part in message.parts:
            self._playback_stopped(part, message.at_s, reason, **more)
            self._measured(part, message)
        if self._stale_flushes:
            self._stale_flushes -= 1
        else:
            self._perform(self._conversation.flushed(message.parts))
        if not self._flushes:
            self._all_flushed.set()
        self._changed()

    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None:
        """Note that the speaker went away in the middle of these parts."""
        for part in parts:
            self._playback_stopped(part, at_s, STOP_OFF_AIR)
            self._conversation.speaker_lost(part)
        self._silent()

    def underrun(self, message: Underrun) -> None:
        """Note that the speaker ran out of audio in the middle of a part."""
        self._reporter.append_local(
            Local.UNDERRUN,
            message.at_s,
            item_id=message.item_id,
            content_index=message.content_index,
            gap_ms=message.gap_ms,
            at_ms=round(message.at_ms, 3),
        )
        self._changed()

    def input_ended(self) -> None:
        """Commit the manual turn when the file in place of the microphone ends, because no key
        press will."""
        if self._connection is not None and self._conversation.talking:
            self._connection.talk()
            self._changed()

    def _silent(self) -> None:
        """Do what waits for the end of a part: what is due may have changed, and a file may have
        waited for the end of the greeting."""
        self._perform(self._conversation.speak_waiting_file(time.perf_counter()))
        self._changed()

    def _playback_stopped(self, part: PlayedPart, at_s: float, reason: str, **more: float) -> None:
        self._reporter.append_local(
            Local.PLAYBACK_STOPPED,
            at_s,
            item_id=part.item_id,
            content_index=part.content_index,
            played_ms=part.played_ms,
            received_ms=part.received_ms,
            reason=reason,
            **more,
        )

    def _measured(self, part: PlayedPart, message: Flushed) -> None:
        """Note what was at the microphone when a part was cut, as far as it was measured."""
        if message.evidence is not None and part.played_ms < part.received_ms:
            fields = cut_fields(part, message.evidence)
            self._reporter.append_local(Local.CUT, message.at_s, **fields)

    def _perform(self, commands: Iterable[Command], now: float | None = None) -> None:
        if self._connection is not None:
            self._connection.perform(commands, time.perf_counter() if now is None else now)

    def _changed(self) -> None:
        self._reporter.changed()
