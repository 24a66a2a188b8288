"""The audio of one connection: its requirements, what is played, and what the devices report."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any, Protocol

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    MicBlock,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.engine.audio.device_choice import audio_requirements
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.model.events.record import STOP_DRAINED, STOP_OFF_AIR, FlushReason, Local
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Play, SpeakFile
from voicelive_tui.protocol.conversation import Conversation


class ConnectionHost(Protocol):
    """The connection, as its audio sees it."""

    @property
    def is_open(self) -> bool:
        """Whether the socket is open."""
        ...

    def perform(self, commands: Iterable[Command], now: float) -> None:
        """Carry out what the conversation decided, and see when it is to be called again."""
        ...

    def append_local(self, kind: str, at_s: float, **fields: Any) -> None:
        """Keep a fact that only this machine knows."""
        ...

    def talk(self) -> None:
        """Open a manual turn, or commit it."""
        ...


class ConnectionAudio:
    """The router's `AudioListener` for one connection, from before its socket opens until after it
    has closed."""

    def __init__(
        self, host: ConnectionHost, conversation: Conversation, key: str, context: SessionContext
    ) -> None:
        self._host = host
        self._conversation = conversation
        self._key = key
        self._context = context
        self._router = context.audio
        self._file_new = True
        """Whether the conversation must still be told, since the session went on air, of a file in
        place of the microphone."""
        self._file_asked = False
        """Whether the file is to be played as soon as the devices allow it."""
        self._flushes = 0
        """The number of flushes that the speaker has not answered."""
        self._all_flushed = asyncio.Event()
        self._all_flushed.set()

    # For the connection.

    def request(self, profile: Profile) -> None:
        """Tell the engine what the connection needs of the devices."""
        formats = self._conversation.input_format, self._conversation.output_format
        requirements = audio_requirements(self, profile, self._context.settings, *formats)
        self._context.require_audio(self._key, requirements)

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
                self._flushes += 1
                self._all_flushed.clear()
                self._router.flush(self, reason)
            case SpeakFile():
                self._file_asked = True
                self._speak_file_if_asked()

    async def silence(self, timeout_s: float) -> None:
        """Silence the speaker and wait until it has reported how much was heard, so that the
        journal has it."""
        now = time.perf_counter()
        self._host.perform(self._conversation.inaudible(), now)
        try:
            async with asyncio.timeout(timeout_s):
                await self._all_flushed.wait()
        except TimeoutError:
            # The devices may be gone with the session; nothing depends on the answer.
            return

    def speak_file_if_due(self) -> None:
        """Play the file in place of the microphone, if it was asked for. Tell the conversation of
        the file, once each time the session goes on air, as soon as the service accepts audio."""
        self._speak_file_if_asked()
        if self._file_new and self._has_devices and self._conversation.ready:
            self._file_new = False
            if self.from_file:
                self._host.perform(self._conversation.file_usable(), time.perf_counter())

    @property
    def _has_devices(self) -> bool:
        """Whether the devices are this connection's, with the formats that it asked for last."""
        return self._host.is_open and self._router.is_attached(self) and self._router.satisfied

    def _speak_file_if_asked(self) -> None:
        if self._file_asked and self._has_devices:
            self._file_asked = False
            if self.from_file:
                self._router.speak_file()

    # For the router.

    def sound_attached(self, audible: bool) -> None:
        """Take the devices. audible: they have a speaker."""
        self.speaker_changed(audible)
        self.speak_file_if_due()

    def speaker_changed(self, audible: bool) -> None:
        """Note that there is a speaker, or none any more."""
        commands: Iterable[Command] = ()
        if audible:
            self._conversation.audible()
        else:
            commands = self._conversation.inaudible()
        self._host.perform(commands, time.perf_counter())
        self._changed()

    def microphone(self, block: MicBlock) -> None:
        """Send 20 ms of the microphone."""
        if self._host.is_open:
            now = time.perf_counter()
            commands = self._conversation.microphone(block.audio, now, block.captured_at_s)
            self._host.perform(commands, now)

    def playback_started(self, message: PlaybackStarted) -> None:
        """Note that the first sample of a part was heard."""
        self._host.append_local(
            Local.PLAYBACK_STARTED,
            message.at_s,
            item_id=message.item_id,
            content_index=message.content_index,
        )
        self._changed()

    def drained(self, message: Drained) -> None:
        """Note that a part was heard to its end."""
        self._playback_stopped(message.part, message.at_s, STOP_DRAINED)
        self._drained((message.part,))

    def flushed(self, message: Flushed, reason: FlushReason) -> None:
        """Take the answer to a flush of this connection."""
        now = time.perf_counter()
        for part in message.parts:
            self._playback_stopped(part, message.at_s, reason)
        self._host.perform(self._conversation.flushed(message.parts), now)
        self._flushes -= 1
        if not self._flushes:
            self._all_flushed.set()
        self._changed()

    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None:
        """Note that the speaker went away in the middle of these parts."""
        for part in parts:
            self._playback_stopped(part, at_s, STOP_OFF_AIR)
        self._drained(parts)

    def underrun(self, message: Underrun) -> None:
        """Note that the speaker ran out of audio in the middle of a part."""
        self._host.append_local(
            Local.UNDERRUN, message.at_s, item_id=message.item_id, gap_ms=message.gap_ms
        )
        self._changed()

    def input_ended(self) -> None:
        """Commit the manual turn when the file in place of the microphone ends, because no key
        press will."""
        if self._host.is_open and self._conversation.talking:
            self._host.talk()
            self._changed()

    def _drained(self, parts: Iterable[PlayedPart]) -> None:
        """Tell the conversation that these parts are not heard any more. It decides nothing then,
        but what is due may have changed."""
        for part in parts:
            self._conversation.drained(part)
        self._host.perform((), time.perf_counter())
        self._changed()

    def _playback_stopped(self, part: PlayedPart, at_s: float, reason: str) -> None:
        self._host.append_local(
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
