"""Plays turns again as they were heard: beside a session that runs, or by itself."""

from dataclasses import dataclass
from typing import Protocol

from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.engine import refusals
from voicelive_tui.engine.audio.device_choice import output_choice
from voicelive_tui.engine.audio.replay import Replay, ReplayedPart
from voicelive_tui.engine.audio.requirements import AudioRequirements
from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.audio.speaker_listener import SpeakerListener
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.hearable import Hearable, hearable
from voicelive_tui.engine.tab import Tab
from voicelive_tui.journal.heard_audio import HeardPart, NotRecorded
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.question_audio import TooMuchAudio
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.session.snapshot import ReplayStatus, SessionView


class ReplayContext(Protocol):
    """The engine, as the replayer sees it."""

    settings: Settings
    audio: AudioRouter
    on_air: str | None

    def notify(self, notice: Notice, key: str = "") -> None:
        """Show the user a notice."""
        ...

    def changed(self, key: str) -> None:
        """Note that something of this tab changed that a snapshot shows."""
        ...


@dataclass(slots=True, eq=False)
class HearRequest:
    """A line of a tab's transcript that is to be heard. index, view: what the tab showed when it
    was asked for."""

    tab: Tab
    item_id: str
    index: EventIndex
    view: SessionView


class Replayer:
    """Plays one turn at a time. Used in the engine's loop only."""

    def __init__(self, context: ReplayContext) -> None:
        self._context = context
        self._audio = context.audio
        self._replay: Replay | None = None
        self._asked: HearRequest | None = None
        """The newest request; None if it was taken back. Only this one is played once it is
        read."""
        self.status: ReplayStatus | None = None
        """What is played; None if nothing is."""

    def stop(self) -> None:
        """End what is played, and play nothing that is still being read."""
        self._asked = None
        self._end()

    def _end(self) -> None:
        if self._replay is not None:
            self._replay.done.set()
        self._audio.stop_replay()

    def stop_if_of(self, key: str) -> None:
        """End what is played or read if it is of this tab, which is closed."""
        if self._asked is not None and self._asked.tab.key == key:
            self._asked = None
        if self.status is not None and self.status.key == key:
            self._end()

    def ask(self, tab: Tab, item_id: str) -> HearRequest | None:
        """Take the place of every earlier request; `hear` must follow, and plays nothing if this
        one is taken back before. Returns None, after a notice, if nothing can be heard now; the
        request before stays then."""
        index, view = tab.index, tab.view
        if index is None or view is None:
            self._context.notify(refusals.NOTHING_TO_HEAR, tab.key)
            return None
        if refusal := self._refusal(tab):
            self._context.notify(refusal, tab.key)
            return None
        self._asked = HearRequest(tab, item_id, index, view)
        return self._asked

    async def hear(self, asked: HearRequest) -> None:
        """Play what was heard for this line, until its end or until it is stopped. Whatever is
        wrong becomes a notice."""
        try:
            await self._hear(asked)
        finally:
            if self._asked is asked:
                self._asked = None

    async def _hear(self, asked: HearRequest) -> None:
        if self._asked is not asked:
            return
        tab = asked.tab
        wanted = await run_in_thread(lambda: hearable(asked.view, asked.item_id))
        if isinstance(wanted, Notice):
            self._context.notify(wanted, tab.key)
            return
        parts = await self._read(tab, wanted, asked.index)
        if not parts or self._asked is not asked:
            return
        if refusal := self._refusal(tab):
            self._context.notify(refusal, tab.key)
            return
        self._end()
        await self._play(tab, wanted, parts)

    def _refusal(self, tab: Tab) -> Notice | None:
        """The notice that says why nothing can be heard now; None if something can."""
        settings, session = self._context.settings, tab.session
        choice = output_choice(tab.profile, settings)
        if tab.running and self._context.on_air != tab.key:
            return refusals.NOT_ON_AIR
        if not tab.running and self._context.on_air is not None:
            return refusals.OTHER_SESSION_HAS_SPEAKER
        if choice.startswith("wav:"):
            return refusals.SPEAKER_IS_FILE
        if choice == "none" or (tab.running and not self._audio.status.output_name):
            return refusals.NO_SPEAKER
        if self._audio.busy:
            return refusals.AGENT_SPEAKS
        if self._audio.file_plays:
            return refusals.FILE_SPEAKS
        if tab.running and session is not None and session.talking:
            return refusals.TURN_IS_OPEN
        return None

    async def _read(self, tab: Tab, wanted: Hearable, index: EventIndex) -> tuple[HeardPart, ...]:
        """Read what is to be heard; nothing, and a notice, if there is nothing."""
        try:
            parts = await run_in_thread(lambda: wanted.read(index))
        except NotRecorded:
            self._context.notify(refusals.SOUND_NOT_RECORDED, tab.key)
            return ()
        except TooMuchAudio:
            self._context.notify(refusals.TOO_LONG_TO_HEAR, tab.key)
            return ()
        if not parts:
            self._context.notify(refusals.NOTHING_TO_HEAR, tab.key)
        if left_out := sum(part.unplaced_gaps for part in parts):
            self._context.notify(_gaps_left_out(left_out), tab.key)
        return parts

    async def _play(self, tab: Tab, wanted: Hearable, parts: tuple[HeardPart, ...]) -> None:
        replay = self._replay = Replay(
            [ReplayedPart(part.audio, part.audio_format) for part in parts]
        )
        self.status = ReplayStatus(
            tab.key, wanted.name, sum(part.duration_s for part in parts), parts[0].begins_s
        )
        self._context.changed(tab.key)
        try:
            if tab.running:
                await self._beside_session(tab, wanted, replay)
            else:
                await self._alone(tab, parts, replay)
        finally:
            if self._replay is replay:
                self._replay = self.status = None
            self._context.changed(tab.key)

    async def _beside_session(self, tab: Tab, wanted: Hearable, replay: Replay) -> None:
        """Play through the speaker of the session on air, which journals that silence is sent."""
        session = tab.session
        assert session is not None, "it runs"
        self._audio.replay(replay)
        session.replay_changed(True, wanted.name)
        try:
            await replay.done.wait()
        finally:
            session.replay_changed(False, wanted.name)

    async def _alone(self, tab: Tab, parts: tuple[HeardPart, ...], replay: Replay) -> None:
        """Open the speaker, play, and close it again. A session that goes on air meanwhile gets the
        devices, which ends the replay."""

        def changed(audible: bool) -> None:
            if not audible:
                replay.done.set()
            elif not replay.done.is_set():
                self._audio.replay(replay)

        output = output_choice(tab.profile, self._context.settings)
        self._audio.assign(
            AudioRequirements(
                SpeakerListener(changed),
                OpenRequest("none", output),
                None,
                parts[-1].audio_format,
                spoken_file=False,
            )
        )
        try:
            await replay.done.wait()
        finally:
            if self._context.on_air is None and self._replay is replay:
                self._audio.assign(None)


def _gaps_left_out(number: int) -> Notice:
    gaps = "1 gap is" if number == 1 else f"{number} gaps are"
    return Notice(
        "info", f"{gaps} left out, because this older recording does not say where in the answer."
    )
