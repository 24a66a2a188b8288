"""The console's client of the audio process: starts the process, restarts it once when it dies, and
answers in its place while there is none. It is used in one asyncio loop and never blocks it. Where
the sound is that of another machine, it uses a link to the audio process there in the same way.

Nothing heavy is imported here: only the process imports numpy, sounddevice and soxr.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from voicelive_tui.audio.client.engine_connection import (
    ANSWER_WITHIN_S,
    AudioUnavailable,
    EngineConnection,
)
from voicelive_tui.audio.client.host_connection import connect
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.client.link_connection import LinkConnection
from voicelive_tui.audio.client.link_opening import connect_link
from voicelive_tui.audio.client.link_texts import link_lost
from voicelive_tui.audio.client.pending import PendingParts
from voicelive_tui.audio.client.placement import Placement, place
from voicelive_tui.audio.client.speaker_file import SpeakerFile
from voicelive_tui.audio.error_texts import GIVEN_UP, process_died
from voicelive_tui.audio.ipc.frames import Message
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    Flushed,
    InputEnded,
    Opened,
    OpenRequest,
)
from voicelive_tui.audio.ipc.requests import (
    AudioRequest,
    EndRequest,
    FlushRequest,
    ListenRequest,
    MuteRequest,
    PlayRequest,
    SetFormatsRequest,
    SpeakFileRequest,
)
from voicelive_tui.concurrency.waiting import cancel_and_wait
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.session.snapshot import SoundLink
from voicelive_tui.model.sound_devices import Devices

FLUSH_WITHIN_S = 10.0
"""Seconds after which a flush without an answer means that the process hangs. A process whose
device does not stop within 2 s ends itself; this limit is for one that cannot even do that."""
_STEADY_S = 60.0
"""Seconds after which a process that dies is restarted once more."""
_PIECE_BYTES = 1 << 16


class AudioClient:
    """The audio of one console. `on_message` is called in the loop that called `open`.

    Formats, listening and mute may be set at any time and are kept when the process is restarted.
    No block comes before `listen(True)`, and a sound file in place of the microphone waits until
    then.

    at: where the audio engine of another machine is, whose devices are used; None for those of this
    one. Sound files are always those of this machine. link_changed: called when `link` changed.
    answer_within_s, flush_within_s: how long the process may take to open the ports and to answer a
    flush before it counts as hung and is ended.
    """

    def __init__(
        self,
        on_message: Callable[[AudioMessage], None],
        *,
        at: LinkAddress | None = None,
        link_changed: Callable[[], None] = lambda: None,
        answer_within_s: float = ANSWER_WITHIN_S,
        flush_within_s: float = FLUSH_WITHIN_S,
    ) -> None:
        self._on_message = on_message
        self._at = at
        self._link_changed = link_changed
        self.link: SoundLink | None = None
        """The link to the machine whose devices are used, or that are to be; None if they are those
        of this one."""
        self._answer_within_s = answer_within_s
        self._flush_within_s = flush_within_s
        self._connection: EngineConnection | None = None
        self._dead: EngineConnection | None = None
        """A connection whose process died and which `_revive` has not closed yet. Never at the same
        time as `_connection`."""
        self._request = OpenRequest()
        self._formats = SetFormatsRequest(AudioFormat(), AudioFormat())
        self._muted = False
        self._listening = False
        self._epoch = 0
        self._answered_epoch = 0
        self._speaker_file = SpeakerFile()
        self._closing = False
        self._pending = PendingParts()
        self._restarts_left = 1
        self._reviving: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the audio process; None if there is none."""
        return self._connection.pid if self._connection else None

    @property
    def link_down(self) -> bool:
        """True if the devices are those of another machine and the link to it is lost."""
        return self.link is not None and self._connection is None

    @property
    def holds_ports(self) -> bool:
        """Whether ports are open, or a process is still closing them."""
        return self._connection is not None or self._closing

    @property
    def playing(self) -> bool:
        """Whether a part that was to be played has not been reported as ended."""
        return bool(self._pending)

    async def open(self, request: OpenRequest) -> Opened:
        """Open these ports in a new audio process, so that the device list is current. Raises
        AudioUnavailable if the process does not start, or if there is no link to it."""
        await self._end_connection()
        placed = place(request, self._at)
        self._request = placed.request
        self._restarts_left = 1
        try:
            opened = placed.completed(await self._start(placed))
        except AudioUnavailable:
            self._link_missing(placed)
            raise
        return opened

    def _link_missing(self, placed: Placement) -> None:
        """Note since when the link is awaited, unless it is known already."""
        if placed.link is not None and (self.link is None or self.link.lost_s is None):
            link = self.link or placed.link.link()
            self._link_became(replace(link, lost_s=time.perf_counter()))

    def _link_became(self, link: SoundLink | None) -> None:
        if link != self.link:
            self.link = link
            self._link_changed()

    async def _start(self, placed: Placement | None = None) -> Opened:
        """Open the ports. placed: where they are; None for a process that replaces one that
        died."""
        if placed is not None and placed.link is not None:
            connection: EngineConnection = await self._join(placed.link)
        else:
            self._link_became(None)
            connection = await connect(self._received, self._died)
        connection.send(self._formats)
        connection.send(self._request)
        try:
            opened = await connection.answer(self._answer_within_s)
        except BaseException:
            await connection.abandon()
            raise
        assert isinstance(opened, Opened)
        self._speaker_file.opened(opened)
        self._connection = connection
        connection.send(MuteRequest(self._muted))
        connection.send(ListenRequest(self._listening))
        if isinstance(connection, LinkConnection):
            self._link_became(connection.link)
        return opened

    async def _join(self, address: LinkAddress) -> LinkConnection:
        return await connect_link(address, "sound", self._received, self._died, self._told)

    def _told(self, link: SoundLink) -> None:
        # A connection whose ports are not open yet, or no longer, is not the client's.
        if isinstance(self._connection, LinkConnection) and self._connection.link is link:
            self._link_became(link)

    def set_formats(self, input: AudioFormat, output: AudioFormat) -> None:  # noqa: A002 - the wire's words
        """Set the formats that the session sends and receives. A part that already plays keeps its
        format."""
        self._formats = SetFormatsRequest(input, output)
        self._send(self._formats)

    def play(self, item_id: str, content_index: int, audio: bytes, received_ms: int) -> None:
        """Queue audio in the output format. Without an audio process the next flush or end reports
        it as not heard.

        received_ms: how much of the part was received so far, including this audio.
        """
        self._pending.play(item_id, content_index, received_ms)
        for at in range(0, len(audio), _PIECE_BYTES):
            self._send(
                PlayRequest(self._epoch, item_id, content_index, audio[at : at + _PIECE_BYTES])
            )

    def end(self, item_id: str, content_index: int) -> None:
        """Note that the part is complete; `Drained` or `Flushed` follows."""
        self._pending.end(item_id, content_index)
        self._send(EndRequest(self._epoch, item_id, content_index))
        if self._connection is None:
            self._report_lost_parts()

    def flush(self) -> int:
        """Silence the speaker at once. Returns the epoch that `Flushed` will carry."""
        self._epoch += 1
        loop = asyncio.get_running_loop()
        if self._connection is None:
            loop.call_soon(self._report_lost_parts)
        else:
            self._send(FlushRequest(self._epoch))
            loop.call_later(self._flush_within_s, self._check_flush, self._epoch, self._connection)
        return self._epoch

    def mute(self, on: bool) -> None:
        """Send silence instead of the microphone, or the microphone again."""
        self._muted = on
        self._send(MuteRequest(on))

    def listen(self, on: bool) -> None:
        """Ask for `MicBlock`s, or for none; levels come either way."""
        self._listening = on
        self._send(ListenRequest(on))

    def speak_file(self) -> None:
        """Rewind the sound file in place of the microphone."""
        self._request = replace(self._request, file_waits=False)
        self._send(SpeakFileRequest())

    async def close(self) -> None:
        """End the audio process; it can be opened again."""
        await self._end_connection()
        self._link_became(None)

    async def _end_connection(self) -> None:
        reviving, self._reviving = self._reviving, None
        try:
            if reviving is not None:
                await cancel_and_wait(reviving)
        finally:
            # A task of `_revive` that is cancelled before its first step closes nothing.
            connection, self._connection, self._dead = self._connection or self._dead, None, None
            if connection is not None:
                self._closing = True
                try:
                    await connection.close()
                finally:
                    self._closing = False
                    self._notify_unfinished()
        self._report_lost_parts(connection)

    def _send(self, request: AudioRequest) -> None:
        if self._connection is not None:
            self._connection.send(request)

    def _received(self, message: Message) -> None:
        if isinstance(message, AudioRequest | Devices):
            return
        self._pending.resolve(message)
        if isinstance(message, InputEnded):
            # A process that replaces this one must not play the file again.
            self._request = replace(self._request, file_waits=True)
        if isinstance(message, Flushed):
            # A new process knows no epoch before its first flush.
            self._answered_epoch = max(self._answered_epoch, message.epoch)
        self._on_message(message)

    def _check_flush(self, epoch: int, connection: EngineConnection) -> None:
        if self._answered_epoch < epoch and self._connection is connection:
            connection.kill()

    def _report_lost_parts(self, connection: EngineConnection | None = None) -> None:
        """Report the end of every part. connection: the one that is lost, which knows how much was
        sent; None if no part can have been sent."""
        if self._pending or self._answered_epoch < self._epoch:
            self._answered_epoch = self._epoch
            now_s = time.perf_counter()
            if connection is None:
                parts = self._pending.close(now_s)
            else:
                parts = self._pending.close(now_s, connection.heard_at_most_ms)
            self._on_message(Flushed(self._epoch, parts, now_s))

    def _notify_unfinished(self) -> None:
        for notice in self._speaker_file.ended():
            self._on_message(notice)

    def _died(self, connection: EngineConnection) -> None:
        if connection is not self._connection:
            return
        self._connection, self._dead = None, connection
        self._report_lost_parts(connection)
        self._reviving = asyncio.create_task(self._revive(connection))

    async def _revive(self, connection: EngineConnection) -> None:
        await connection.close()
        self._dead = None
        self._notify_unfinished()
        reason = connection.last_words()
        if isinstance(connection, LinkConnection):
            link = connection.link
            self._link_became(replace(link, lost_s=link.lost_s or connection.heard_s))
            self._on_message(DeviceNotice("error", link_lost(link.machine, reason), "both"))
            return
        if time.perf_counter() - connection.since_s > _STEADY_S:
            self._restarts_left = 1
        if not self._restarts_left:
            self._on_message(DeviceNotice("error", GIVEN_UP, "both"))
            return
        self._restarts_left -= 1
        try:
            opened = await self._start()
        except AudioUnavailable as error:
            self._on_message(DeviceNotice("error", str(error), "both"))
            return
        self._on_message(DeviceNotice("error", process_died(reason)))
        self._on_message(opened)
