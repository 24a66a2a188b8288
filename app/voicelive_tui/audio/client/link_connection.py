"""The connection to the audio engine of another machine: joining, the round trip, the clocks, and
the signs of life.

Invariant: whoever receives its messages sees the times of this machine's clock only, and no trace
of the link's own messages.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from functools import cache
from typing import Any

from voicelive_tui import __version__
from voicelive_tui.audio.client import link_texts
from voicelive_tui.audio.client.clock_alignment import ClockAlignment
from voicelive_tui.audio.client.engine_connection import AudioUnavailable, EngineConnection
from voicelive_tui.audio.client.link_address import LONGEST_NAME, LinkTarget
from voicelive_tui.audio.client.link_messages import checked
from voicelive_tui.audio.client.paced_playback import PacedPlayback
from voicelive_tui.audio.ipc.frames import FrameError, Message
from voicelive_tui.audio.ipc.messages import (
    DeviceNotice,
    Drained,
    Flushed,
    MutedThere,
    Opened,
    PlaybackStarted,
    PlayoutReport,
    Pong,
    Underrun,
    Welcome,
)
from voicelive_tui.audio.ipc.requests import (
    AudioRequest,
    EndRequest,
    FlushRequest,
    JoinRequest,
    PingRequest,
    PlayRequest,
    Purpose,
    SetFormatsRequest,
)
from voicelive_tui.model.session.snapshot import SoundLink
from voicelive_tui.model.sound_devices import Devices

WELCOME_WITHIN_S = 10.0
"""Seconds that the other machine may need for its first answer. A link that stalls takes longer
than one that works, and nothing tells the two apart."""
STALLED_AFTER_S = 1.0
"""Seconds without a byte after which the link counts as stalled."""
LOST_AFTER_S = 10.0
"""Seconds without a byte after which the link is given up."""
_CLOSE_S = 1.0
_LOOK_EVERY_S = 0.2
"""Seconds between two looks whether the link is silent, and whether its address has changed."""
_PING_AFTER_S = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)
"""Seconds before each of the first pings; then one goes every `_PING_EVERY_S`."""
_PING_EVERY_S = 0.5
"""Half of `STALLED_AFTER_S`, because the pongs may be all that comes."""
_SHOWN_MS = 1.0
"""The least difference of a round trip that is told."""


class LinkRefused(AudioUnavailable):
    """The other machine gives no sound to this console, for a reason that trying again will hardly
    change. The text is its sentence."""


class LinkConnection(EngineConnection):
    """One link, from its first byte to its end. changed: called when `link` changed noticeably."""

    def __init__(
        self,
        target: LinkTarget,
        received: Callable[[Message], None],
        died: Callable[[EngineConnection], None],
        changed: Callable[[SoundLink], None],
    ) -> None:
        super().__init__(received, died)
        self.link = SoundLink(target.machine or str(target), target.way)
        self.welcome: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()
        self.heard_s = time.perf_counter()
        """When the last byte came."""
        self._target = target
        self._changed = changed
        self._clocks = ClockAlignment()
        self._pacing = PacedPlayback()
        self._pings: deque[float] = deque(maxlen=64)
        """When the pings were sent that are not answered."""
        self._reason = "it closed the connection"
        self._moved: Callable[[], bool] = lambda: False
        self._purpose: Purpose = "sound"
        self._watch: asyncio.TimerHandle | None = None
        self._ping: asyncio.TimerHandle | None = None

    # Joining.

    async def join(self, purpose: Purpose, moved: Callable[[], bool]) -> None:
        """Ask for the sound, or for the list of devices. moved: whether the link is elsewhere by
        now, so that nothing more is to be expected of a silent one. Raises AudioUnavailable."""
        self._moved, self._purpose = moved, purpose
        token = self._target.token.reveal() if self._target.token is not None else ""
        self._write(JoinRequest(token, purpose, __version__))
        until_s = time.perf_counter() + WELCOME_WITHIN_S
        either: tuple[asyncio.Future[Any], ...] = (self.welcome, self._lost)
        while not self.welcome.done() and time.perf_counter() < until_s and not moved():
            await asyncio.wait(either, timeout=_LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            if self._lost.done():
                break
        if not self.welcome.done():
            reason = self._reason if self._lost.done() else "it does not answer"
            raise AudioUnavailable(link_texts.not_welcomed(str(self._target), reason))
        welcome = self.welcome.result()
        if welcome.refusal:
            raise LinkRefused(welcome.refusal)
        name = welcome.machine[:LONGEST_NAME]
        self.link = replace(self.link, machine=name or self.link.machine)
        self._send_pings(iter(_PING_AFTER_S))

    def _send_pings(self, pauses_s: Iterable[float]) -> None:
        rest_s = iter(pauses_s)
        now_s = time.perf_counter()
        self._pings.append(now_s)
        self._write(PingRequest(now_s))
        pause_s = next(rest_s, _PING_EVERY_S)
        loop = asyncio.get_running_loop()
        self._ping = loop.call_later(pause_s, self._send_pings, rest_s)

    async def answer(self, within_s: float) -> Opened | Devices:
        """Wait for the first answer. Raises LinkRefused if none comes: an engine that was joined
        and fails at its devices would fail again at once."""
        try:
            return await super().answer(within_s)
        except AudioUnavailable as error:
            raise LinkRefused(str(error)) from None

    # Requests.

    def send(self, request: AudioRequest) -> None:
        """Queue a request. Audio waits until little of it is ahead of the speaker."""
        match request:
            case PlayRequest() | EndRequest() | SetFormatsRequest():
                self._write_all(self._pacing.put(request))
            case FlushRequest():
                self._write_all(self._pacing.flush(request))
            case _:
                self._write(request)

    def _write_all(self, requests: Iterable[AudioRequest]) -> None:
        for request in requests:
            self._write(request)

    def heard_at_most_ms(self, item_id: str, content_index: int) -> int:
        """The length of the part that was sent."""
        return self._pacing.sent_ms(item_id, content_index)

    # Messages.

    def data_received(self, data: bytes) -> None:
        self.heard_s = time.perf_counter()
        if self.link.lost_s is not None:
            self._set(replace(self.link, lost_s=None))
        super().data_received(data)

    def _dispatch(self, message: Message) -> None:
        if isinstance(message, Pong):
            self._answered(message)
            return
        message = checked(message)
        self._check_order(message)
        match message:
            case Welcome():
                self.welcome.set_result(message)
                return
            case MutedThere(on):
                self._set(replace(self.link, muted=on))
                return
            case PlayoutReport():
                self._write_all(self._pacing.reported(message))
                return
            case Drained() | PlaybackStarted() | Underrun() if not self._pacing.knows(message):
                return  # Nothing of it is to be heard.
            case Drained(part):
                message = replace(message, part=self._pacing.bounded(part))
            case Opened():
                # No path of the other machine is one of this machine.
                message = replace(message, unfinished_path="")
                self._pacing.set_speaker(bool(message.output_name))
                self._begin_watch()
            case DeviceNotice(lost="loudspeaker" | "both"):
                self._pacing.set_speaker(False)
            case Flushed():
                message = self._pacing.completed(message)
        super()._dispatch(on_this_clock(message, self._clocks, time.perf_counter()))
        if isinstance(message, Drained):
            self._write_all(self._pacing.drained(message))

    def _check_order(self, message: Message) -> None:
        """Raise FrameError for what is no answer to anything that was asked."""
        answers = {"sound": Opened, "devices": Devices}
        match message:
            case Welcome():
                fits = not self.welcome.done()
            case Opened() | Devices():
                fits = self._is_welcome and isinstance(message, answers[self._purpose])
                fits = fits and not self._answer.done()
            case Flushed():
                fits = self._is_welcome and message.epoch <= self._pacing.epoch
            case _:
                fits = self._is_welcome and not isinstance(message, AudioRequest)
        if not fits:
            raise FrameError(f"it said {type(message).__name__}, which nothing had asked for")

    @property
    def _is_welcome(self) -> bool:
        return self.welcome.done() and not self.welcome.result().refusal

    def _answered(self, pong: Pong) -> None:
        now_s = time.perf_counter()
        if pong.sent_s not in self._pings:
            return
        self._pings.remove(pong.sent_s)
        self._clocks.add(pong.sent_s, pong.received_s, pong.answered_s, now_s)
        best = self._clocks.best(now_s)
        if best is None:
            return
        round_trip_ms = best.round_trip_s * 1000
        self._pacing.round_trip_ms = round_trip_ms
        link = replace(
            self.link,
            round_trip_ms=round(round_trip_ms, 2),
            clock_error_ms=round(best.error_s(now_s) * 1000, 2),
        )
        shown_ms = self.link.round_trip_ms
        if shown_ms is None or abs(round_trip_ms - shown_ms) >= _SHOWN_MS:
            self._set(link)

    def _set(self, link: SoundLink) -> None:
        self.link = link
        self._changed(link)

    # Signs of life.

    def _begin_watch(self) -> None:
        """Watch for silence from now on: while devices are opened nothing may come."""
        if self._watch is None:
            self._look(time.perf_counter())

    def _look(self, due_s: float) -> None:
        loop, now_s = asyncio.get_running_loop(), time.perf_counter()
        self._watch = loop.call_later(_LOOK_EVERY_S, self._look, now_s + _LOOK_EVERY_S)
        if now_s - due_s > STALLED_AFTER_S / 2:
            return  # This program stood still, and what came meanwhile is not read yet.
        silent_s = now_s - self.heard_s
        if silent_s > LOST_AFTER_S:
            self._reason = f"nothing came for {LOST_AFTER_S:g} s"
            self.kill()
        elif silent_s > STALLED_AFTER_S:
            if self.link.lost_s is None:
                self._set(replace(self.link, lost_s=self.heard_s))
            if self._moved():
                self._reason = "a new link takes its place"
                self.kill()

    # Its end.

    def _garbled(self, error: FrameError) -> None:
        self._reason = str(error)
        self.kill()

    def kill(self) -> None:
        """End the connection at once; the other machine ends its engine with it."""
        if self._transport is not None:
            self._transport.abort()

    async def _end(self) -> None:
        if self._transport is not None:
            await asyncio.wait([self._lost], timeout=_CLOSE_S)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._watch, self._ping):
            if timer is not None:
                timer.cancel()
        if isinstance(exc, OSError) and exc.strerror and not isinstance(exc, ConnectionError):
            self._reason = exc.strerror
        super().connection_lost(exc)

    def last_words(self) -> str:
        """Why the link ended, as part of a sentence."""
        return self._reason

    def _unusable(self, reason: str) -> str:
        return link_texts.unusable(self.link.machine, reason)


def on_this_clock(message: Message, clocks: ClockAlignment, now_s: float) -> Message:
    """The message with this machine's times in place of the other one's."""
    kind: type = type(message)
    names = _times_of(kind)
    times: dict[str, Any] = {
        name: clocks.local_s(there_s, now_s)
        for name in names
        if (there_s := getattr(message, name)) is not None
    }
    return replace(message, **times) if times else message


@cache
def _times_of(kind: type) -> tuple[str, ...]:
    """The fields of a message that are times."""
    return tuple(each.name for each in fields(kind) if each.name.endswith("_s"))
