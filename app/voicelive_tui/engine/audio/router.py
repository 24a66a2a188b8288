"""Gives the one microphone and the one speaker to the session on air.

Invariant: the audio process sends its messages in the order of its work. When another session gets
the sound, everything before the `Flushed` that answers the change belongs to the session before,
and everything after it to the new one. A device that is lost and comes back is the same change, of
the same session.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from voicelive_tui.audio.client.client import AudioClient
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.client.link_texts import link_back, muted_there, unmuted_there
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    Drained,
    Flushed,
    InputEnded,
    Levels,
    MicBlock,
    MicSpeech,
    Opened,
    OpenRequest,
    PlaybackStarted,
    Underrun,
)
from voicelive_tui.engine.audio.device_search import present_devices, unless_set
from voicelive_tui.engine.audio.flush_queue import FlushQueue
from voicelive_tui.engine.audio.link_recovery import LinkRecovery
from voicelive_tui.engine.audio.port_opening import (
    PortOpening,
    open_ports,
    status_after_loss,
    status_of,
)
from voicelive_tui.engine.audio.replay import Replay, of_replay, without_replays
from voicelive_tui.engine.audio.requirements import AudioListener, AudioRequirements, report
from voicelive_tui.engine.audio.sound_recovery import SoundRecovery
from voicelive_tui.model.events.record import FlushReason
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.meter import Meter
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.session.snapshot import AudioStatus
from voicelive_tui.protocol.commands import Play

BARRIER_S = 3.0
"""Seconds in which the audio process must answer the flush when another session gets the sound."""
RELEASE_S = 6.0
"""Seconds that `release` waits for the devices to close."""

_log = logging.getLogger(__name__)


class AudioRouter:
    """Keeps the audio process as the session on air needs it. Used in the engine's loop only.

    changed: called when the status changed; levels_moved: when a meter did; notify: shows the user
    a notice. host: the name of the machine, for the status. at: where the audio engine of another
    machine is, whose devices are used; None for those of this one.
    """

    def __init__(
        self,
        changed: Callable[[], None],
        levels_moved: Callable[[], None],
        notify: Callable[[Notice], None],
        host: str,
        at: LinkAddress | None = None,
    ) -> None:
        self._changed = changed
        self._levels_moved = levels_moved
        self._notify = notify
        self._at = at
        self._client = AudioClient(self._received, at=at, link_changed=self._link_changed)
        self._requirements: AudioRequirements | None = None
        self._attached: AudioRequirements | None = None
        self._opened: tuple[OpenRequest, bool] | None = None
        self._flushes = FlushQueue()
        self._recovery = SoundRecovery()
        self._link_recovery = LinkRecovery()
        self._loss_texts: tuple[str, ...] = ()
        """What was said of the devices that are lost."""
        self._replay: Replay | None = None
        """The audio that is being played again in place of a session's answers; None for none. The
        microphone is silent meanwhile."""
        self._muted = False
        self._file_plays = False
        """Whether a file in place of the microphone was asked for and has not ended."""
        self._unapplied = False
        """Whether there are requirements that `run` has not taken."""
        self._woken = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self.status = AudioStatus(host=host)
        self.mic = Meter()
        self.assistant = Meter()

    # What the engine asks for.

    def assign(self, requirements: AudioRequirements | None) -> None:
        """Give the sound to the session with these requirements; with None no session has it, and
        the devices are closed."""
        if requirements == self._requirements:
            return
        self._requirements = requirements
        self._unapplied = True
        self._settled.clear()
        self._woken.set()

    async def wait_until_applied(self, timeout_s: float) -> None:
        """Wait until the last requirements are met or the time is over, because a device that hangs
        must not hold up a session."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._settled.wait()
        except TimeoutError:
            _log.warning("the sound devices did not answer within %g s", timeout_s)

    @property
    def satisfied(self) -> bool:
        """Whether the last requirements are met."""
        return self._attached is not None and self._attached == self._requirements

    def is_attached(self, listener: AudioListener) -> bool:
        """Whether this session has the speaker and the microphone."""
        return self._attached is not None and self._attached.listener is listener

    def play(self, listener: AudioListener, sound: Play) -> None:
        """Queue audio of the session that has the speaker. It ends a replay."""
        if self.is_attached(listener):
            self.stop_replay()
            self._client.play(sound.item_id, sound.content_index, sound.audio, sound.received_ms)

    def end(self, listener: AudioListener, item_id: str, content_index: int) -> None:
        """Note that the part is complete."""
        if self.is_attached(listener):
            self._client.end(item_id, content_index)

    def flush(self, listener: AudioListener, reason: FlushReason) -> None:
        """Silence the speaker at once. A call of the session's `flushed` always follows."""
        self._flushes.put(self._client.flush(), listener, reason)

    def mute(self, on: bool) -> None:
        """Send silence in place of the microphone, or the microphone again."""
        self._muted = on
        self._client.mute(on or self._replay is not None)

    @property
    def busy(self) -> bool:
        """Whether a session's answer is being played."""
        return self._client.playing and self._replay is None

    @property
    def file_plays(self) -> bool:
        """Whether a file in place of the microphone was asked for and has not ended."""
        return self._file_plays

    def replay(self, replay: Replay) -> None:
        """Play this through the speaker of the session that has it. Silence is sent meanwhile. The
        replay ends with its last sample, with the next answer of the session, with anything else
        that silences the speaker, and with `stop_replay`."""
        self.stop_replay()
        attached = self._attached
        if attached is None or not self._audible(attached):
            replay.done.set()
            return
        self._replay = replay
        self._client.mute(True)
        replay.play(self._client, attached.input or AudioFormat(), attached.output or AudioFormat())

    def stop_replay(self) -> None:
        """Silence what is played again, if anything is."""
        if self._replay is not None:
            self._client.flush()
            self._end_replay()

    def _end_replay(self) -> None:
        replay, self._replay = self._replay, None
        if replay is not None:
            replay.done.set()
            self._client.mute(self._muted)

    def speak_file(self) -> None:
        """Play the file that replaces the microphone from its beginning."""
        self._file_plays = True
        self._client.speak_file()

    async def release(self) -> None:
        """Take the sound from the session that has it, and wait until the devices are closed, so
        that a file in place of the speaker is complete.

        Does not wait for devices that are still being opened.
        """
        self.assign(None)
        if self._client.holds_ports:
            await self.wait_until_applied(RELEASE_S)

    async def close(self) -> None:
        """End the audio process, once `run` is over."""
        await self._client.close()

    @property
    def pid(self) -> int | None:
        """The process id of the audio process; None if there is none."""
        return self._client.pid

    # The task that meets requirements, one after the other, and looks for lost devices meanwhile.

    async def run(self) -> None:
        """Meet requirements until the task is cancelled."""
        while True:
            waited = await self._wait_until_woken()
            if self._unapplied:
                self._unapplied = False
                await self._apply(self._requirements)
            elif waited:
                await self._look_for_lost_devices()
            if not self._unapplied:
                self._settled.set()

    async def _wait_until_woken(self) -> bool:
        """Wait for something to do. Returns whether it is time to look for a lost device."""
        try:
            async with asyncio.timeout(self._pause_s):
                await self._woken.wait()
        except TimeoutError:
            return True
        self._woken.clear()
        return False

    @property
    def _pause_s(self) -> float | None:
        """Seconds to wait before the next look for what is lost; None while nothing is."""
        if self._client.link_down:
            return self._link_recovery.pause_s
        return self._recovery.pause_s

    async def _apply(self, requirements: AudioRequirements | None) -> None:
        if requirements is None:
            self._attached = None
            self._opened = None
            self._recovery, self._link_recovery = SoundRecovery(), LinkRecovery()
            await self._client.close()
            self._show(AudioStatus(host=self.status.host))
            return
        if self._opened != (requirements.request, requirements.spoken_file):
            self._detach()
            await self._open(requirements)
        if self._requirements == requirements:
            await self._hand_over(requirements)

    async def _look_for_lost_devices(self) -> None:
        requirements = self._requirements
        if requirements is None:
            return
        if self._client.link_down:
            await self._try_link(requirements)
            return
        if self._reopening_cuts_file:
            return
        devices = await present_devices(self._woken, self._at)
        if devices is not None and self._recovery.may_reopen(devices, quiet=self._quiet):
            await self._reopen(requirements)

    async def _try_link(self, requirements: AudioRequirements) -> None:
        """Open the ports again if the link to the other machine is there. The attempt itself is the
        look for it."""
        opening = await unless_set(self._woken, self._open_again(requirements))
        if opening is None:
            return
        if not opening.done:
            self._link_recovery.failed(opening.status.problem, refused=opening.refused)
            self._show_missing_link()
            return
        self._opened = (requirements.request, requirements.spoken_file)
        self._link_recovery.opened(time.perf_counter())
        if self._client.link is not None and not self._recovery.problem:
            self._notify(Notice("info", link_back(self._client.link.machine)))
        await self._use_again(opening, requirements)

    async def _reopen(self, requirements: AudioRequirements) -> None:
        """Open the ports again, because a lost device is there. The session keeps the sound. A file
        in place of the microphone is not played again."""
        self._detach()
        self._recovery.reopening(time.perf_counter())
        await self._use_again(await self._open_again(requirements), requirements)

    async def _open_again(self, requirements: AudioRequirements) -> PortOpening:
        request = replace(self._recovery.request, file_waits=not self._file_plays)
        again = replace(requirements, request=request, spoken_file=False)
        return await open_ports(self._client, again, self.status.host)

    async def _use_again(self, opening: PortOpening, requirements: AudioRequirements) -> None:
        self._follow(opening.status)
        if self._requirements == requirements:
            await self._hand_over(requirements)

    @property
    def _quiet(self) -> bool:
        """Whether nobody speaks, so that opening the ports again cuts nothing off."""
        hears_user = self._attached is not None and self._attached.listener.hears_user
        return not hears_user and not self._client.playing

    @property
    def _reopening_cuts_file(self) -> bool:
        """Whether a file in place of the microphone is being played into a session."""
        listens = self._attached is not None and self._attached.input is not None
        is_file = self.status.input_is_file and bool(self.status.input_name)
        return is_file and listens and self._file_plays

    def _detach(self) -> None:
        """Tell the session that has the sound that it has no speaker until other devices are
        open."""
        if self._attached is not None:
            self._attached.listener.speaker_changed(False)
            self._attached = None

    async def _open(self, requirements: AudioRequirements) -> None:
        self._opened = None
        opening = await open_ports(self._client, requirements, self.status.host)
        self._recovery.begin(opening.request, opening.status)
        self._file_plays = False
        self._show(opening.status)
        if opening.done:
            self._opened = (requirements.request, requirements.spoken_file)
            self._link_recovery.opened(time.perf_counter())
        else:
            self._link_recovery.failed(opening.status.problem, refused=opening.refused)
        if opening.status.problem:
            self._notify(Notice("warning", opening.status.problem))

    async def _hand_over(self, requirements: AudioRequirements) -> None:
        self._client.listen(False)
        self._client.set_formats(
            requirements.input or AudioFormat(), requirements.output or AudioFormat()
        )
        try:
            await self._flushes.pass_barrier(self._client.flush(), BARRIER_S)
        except TimeoutError:
            _log.warning("the audio process did not answer a flush within %g s", BARRIER_S)
        if self._requirements != requirements:
            return
        self._attached = requirements
        requirements.listener.sound_attached(self._audible(requirements))
        self._client.listen(requirements.input is not None)

    def _show(self, status: AudioStatus) -> None:
        self.status = replace(status, link=self._client.link)
        self.mic, self.assistant = Meter(), Meter()
        self._changed()

    def _show_missing_link(self) -> None:
        """Say why there is no sound of the other machine, if that is not said yet."""
        link = self._client.link
        if link is not None:
            problem = self._link_recovery.problem(link.machine)
            if problem != self.status.problem:
                self._show(replace(self.status, problem=problem))

    # What the audio process reports.

    def _link_changed(self) -> None:
        """Show what is known of the link to the other machine now."""
        before = self.status.muted_at
        self.status = replace(self.status, link=self._client.link)
        self._changed()
        self._say_mute(before, self.status.muted_at)
        if self._attached is not None:
            self._attached.listener.link_changed()

    def _say_mute(self, before: str, now: str) -> None:
        """Say where the microphone was muted, and at which machine it no longer is. Both are empty
        for none."""
        if now and now != before:
            self._notify(Notice("warning", muted_there(now)))
        elif before and not now and self._client.link is not None:
            self._notify(Notice("info", unmuted_there(before), over=(muted_there(before),)))

    def _received(self, message: AudioMessage) -> None:
        if isinstance(message, PlaybackStarted | Drained | Underrun) and of_replay(message):
            self._replayed(message)
            return
        match message:
            case MicBlock():
                self._microphone(message)
                for levels in message.levels:
                    self._feed_meter(levels)
            case Levels():
                self._feed_meter(message)
            case Flushed():
                if self._replay is not None and self._replay.was_cut_by(message):
                    self._end_replay()
                self._flushed(without_replays(message))
            case Opened():
                # The process died and was started again by the client.
                is_file = self.status.input_is_file
                self._follow(status_of(message, self.status.host, input_is_file=is_file))
                self._speaker_changed()
            case DeviceNotice():
                self._device_notice(message)
            case InputEnded():
                self._file_plays = False
                self._report(message)
            case MicSpeech() | PlaybackStarted() | Drained() | Underrun():
                self._report(message)

    def _replayed(self, message: PlaybackStarted | Drained | Underrun) -> None:
        """Take what the speaker reports of the replay, or of one that was stopped."""
        if self._replay is not None:
            self._replay.take(message)
            if self._replay.done.is_set():
                self._end_replay()

    def _feed_meter(self, levels: Levels) -> None:
        meter = self.mic if levels.source == "mic" else self.assistant
        meter.feed(levels.peak_dbfs, levels.rms_dbfs, levels.full_scale, time.perf_counter())
        self._levels_moved()

    def _device_notice(self, notice: DeviceNotice) -> None:
        self._notify(Notice(notice.level, notice.text))
        if notice.lost == "nothing":
            self.status = replace(self.status, problem=self._recovery.problem or notice.text)
            self._changed()
            return
        self._loss_texts += (notice.text,)
        self._follow(status_after_loss(self.status, notice))
        if self._client.link_down:
            self._link_recovery.lost(time.perf_counter())
            self._show_missing_link()
        self._speaker_changed()

    def _follow(self, status: AudioStatus) -> None:
        """Show which ports are open now, and look for those that are lost from now on."""
        back = self._recovery.follow(status, time.perf_counter())
        problem = self._recovery.problem or status.problem or self._recovery.missing
        self._show(replace(status, problem=problem))
        over: tuple[str, ...] = ()
        if not self._recovery.problem:
            over, self._loss_texts = self._loss_texts, ()
        if back:
            self._notify(Notice("info", back, over=over))
        self._woken.set()

    def _speaker_changed(self) -> None:
        if self._attached is not None:
            self._attached.listener.speaker_changed(self._audible(self._attached))

    def _audible(self, requirements: AudioRequirements) -> bool:
        return bool(self.status.output_name) and requirements.output is not None

    def _report(
        self, message: MicSpeech | PlaybackStarted | Drained | Underrun | InputEnded
    ) -> None:
        if self._attached is not None:
            report(self._attached.listener, message)

    def _microphone(self, block: MicBlock) -> None:
        requirements = self._attached
        if requirements is None or requirements.input is None or self._flushes.at_barrier:
            return
        # A block cut before a change of formats may arrive after it.
        if len(block.audio) == requirements.input.block_bytes:
            requirements.listener.microphone(block)

    def _flushed(self, message: Flushed) -> None:
        answered = False
        for listener, answer, reason in self._flushes.answered(message):
            answered = True
            listener.flushed(answer, reason)
        if not answered and message.parts and self._attached is not None:
            # Audio was cut off without a flush of a session, because the speaker went away or
            # another session got it.
            self._attached.listener.speaker_lost(message.parts, message.at_s)
