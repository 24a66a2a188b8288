"""Carries out intents on the tabs and the session on air, in the engine's loop."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from voicelive_tui.audio.client.device_list import list_devices, list_over_link
from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.engine import intents, refusals
from voicelive_tui.engine.audio.device_choice import sound_address
from voicelive_tui.engine.audio.requirements import AudioRequirements
from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.background_tasks import BackgroundTasks
from voicelive_tui.engine.config.gc_tuning import freeze_heap
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.thread_switching import shorten_switch_interval
from voicelive_tui.engine.config.trusted_hosts import TrustError
from voicelive_tui.engine.going_on import read_to_go_on
from voicelive_tui.engine.notice_log import NoticeLog
from voicelive_tui.engine.profile_edits import Changes, drop_changes, edit, replace_file
from voicelive_tui.engine.publisher import Publisher
from voicelive_tui.engine.recordings import open_recording
from voicelive_tui.engine.replayer import Replayer
from voicelive_tui.engine.service.services import Services
from voicelive_tui.engine.snapshots import SnapshotComposer
from voicelive_tui.engine.tab import ProfileContent, RecordingBeingRead, Tab
from voicelive_tui.engine.tabs import Tabs
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import EngineSnapshot, SoundLink
from voicelive_tui.model.sound_devices import Devices

if TYPE_CHECKING:
    from voicelive_tui.engine.session.session import Session

GOODBYES_S = 6.0
"""Seconds that saying goodbye takes when both the speaker and the service hang."""
SESSIONS_END_S = 5.0
"""Seconds that the sessions may then take to end, and the disk to accept what was recorded."""
_LIFE = "session "
_log = logging.getLogger(__name__)


class Controller:
    """Carries out intents. It is the `SessionContext` of its sessions."""

    def __init__(self, settings: Settings, tabs: Tabs, notices: NoticeLog, host: str) -> None:
        self.settings = settings
        self._publisher = Publisher(self._compose)
        self._sound_at = sound_address(settings)
        self.audio = AudioRouter(
            self._publisher.mark_changed,
            self._publisher.levels_moved,
            self.notify,
            host,
            self._sound_at,
        )
        self.services = Services(settings)
        self._tabs = tabs
        self._composer = SnapshotComposer(self._tabs, settings, self.services, self.audio)
        self.on_air: str | None = None
        self._muted = False
        self._replayer = Replayer(self)
        self._notices = notices
        self._tasks = BackgroundTasks(self.notify)
        self._closing = False

    # The context of the sessions.

    @property
    def muted(self) -> bool:
        """Whether silence is sent in place of the microphone: it is muted here, or at the machine
        that has it."""
        return self._muted or bool(self.audio.status.muted_at)

    def is_on_air(self, key: str) -> bool:
        """Whether this tab has microphone and speaker."""
        return self.on_air == key

    def require_audio(self, key: str, requirements: AudioRequirements) -> None:
        """Give this tab's session the devices that it needs; ignored unless it is on air."""
        if self.on_air == key:
            self.audio.assign(requirements)

    def ended(self, key: str) -> None:
        """Take microphone and speaker from this tab's session, if it has them."""
        if self.on_air == key:
            self._release_audio()
        if not any(tab.running for tab in self._tabs.values()):
            shorten_switch_interval(False)
        self.changed(key)

    def changed(self, key: str) -> None:
        """Note that something of this tab changed that a snapshot shows."""
        tab = self._tabs.get(key)
        if tab is not None:
            tab.cached_snapshot = None
            self._release_previous(tab)
        self._publisher.mark_changed()

    def _release_previous(self, tab: Tab) -> None:
        """Let go of the session before, once the new one has records to show."""
        match tab.content:
            case ProfileContent(session=session, previous=previous) as content if (
                previous is not None and session is not None and session.index is not None
            ):
                tab.content = replace(content, previous=None)
                self._tasks.spawn(previous.release(), f"release {tab.key}")

    def notify(self, notice: Notice, key: str = "", *, answers_key: bool = False) -> None:
        """Show the user a notice. key: the tab that it is about; empty for the engine itself.
        answers_key: as for `NoticeLog.put`."""
        tab = self._tabs.get(key)
        attempts = tab.attempts if tab is not None else 0
        self._notices.put(notice, key, attempts, answers_key=answers_key)
        self._publisher.mark_changed()

    # Intents.

    def carry_out(self, intent: intents.Intent) -> None:
        """Begin what the front end asks for; nothing begins once `close` was called."""
        if self._closing:
            _log.info("an intent after the engine was closed: %s", type(intent).__name__)
            return
        match intent:
            case intents.OpenTab(key, profile):
                self._open_tab(key, profile)
            case intents.OpenRecording(key, folder):
                self._open_recording(key, folder)
            case intents.GoOn(key, folder):
                self._go_on(key, folder)
            case intents.CloseTab(key):
                self._tasks.spawn(self._close_tab(key), f"close {key}")
            case intents.ReplaceProfile(key, profile, changes):
                self._replace_profile(key, profile, changes)
            case intents.ChangeSettings(key, changes):
                self._change_settings(key, changes)
            case intents.DropChanges(key, keys):
                self._drop_changes(key, keys)
            case intents.Start(key, resume):
                self._start(key, resume=resume)
            case intents.TrustHost(key, host):
                self._trust(key, host)
            case intents.Stop(key):
                self._stop(key)
            case intents.NoteTerminalLost():
                for tab in self._tabs.values():
                    if tab.session is not None:
                        tab.session.terminal_lost()
            case intents.Restart(key, ask_again):
                self._with_live(key, lambda session: session.restart(ask_again=ask_again))
            case intents.GoOnAir(key):
                self._go_on_air(key)
            case intents.Mute(on):
                self._mute(on)
            case intents.ToggleTalk(key):
                self._with_live(key, lambda session: self._talk(key, session))
            case intents.Interrupt(key):
                self._with(key, Tab.reachable_session, lambda session: session.interrupt())
            case intents.SendText(key, text):
                self._with(key, Tab.reachable_session, lambda session: session.send_text(text))
            case intents.Hear() | intents.StopHearing():
                self._hear(intent)
            case intents.MarkMoment() | intents.AddNote():
                self._mark(intent)

    def _mark(self, intent: intents.MarkMoment | intents.AddNote) -> None:
        def write(session: "Session") -> None:
            match intent:
                case intents.MarkMoment(at_s=at_s, note=note):
                    session.mark(at_s, note)
                case intents.AddNote(t_s=t_s, item_id=item_id, note=note):
                    session.add_note(t_s, item_id, note)

        self._with(intent.key, Tab.markable_session, write)

    def _hear(self, intent: intents.Hear | intents.StopHearing) -> None:
        match intent:
            case intents.Hear(key, item_id):
                tab = self._tab(key)
                # Asked at once, so that an intent right behind this one can take it back.
                asked = self._replayer.ask(tab, item_id) if tab is not None else None
                if asked is not None:
                    self._tasks.spawn(self._replayer.hear(asked), f"replay {key}")
            case intents.StopHearing():
                self._replayer.stop()

    def _open_tab(self, key: str, profile: Profile) -> None:
        if key in self._tabs:
            self._replace_profile(key, profile)
            return
        self._tabs[key] = Tab(key, ProfileContent(profile, profile))
        self._publisher.mark_changed()

    def _replace_profile(self, key: str, profile: Profile, changes: Changes = ()) -> None:
        self._edit(key, lambda content: replace_file(content, profile, changes), Tab.replaceable)

    def _change_settings(self, key: str, changes: Changes) -> None:
        self._edit(key, lambda content: edit(content, changes))

    def _drop_changes(self, key: str, keys: tuple[str, ...]) -> None:
        self._edit(key, lambda content: drop_changes(content, keys))

    def _edit(
        self,
        key: str,
        edited: Callable[[ProfileContent], ProfileContent | Notice],
        judge: Callable[[Tab], ProfileContent | Notice] = Tab.startable,
    ) -> None:
        """Replace the profile of a tab, and tell its session. judge: says whether it may be."""
        tab = self._tab(key)
        if tab is None:
            return
        content = judge(tab)
        if isinstance(content, ProfileContent):
            content = edited(content)
        if isinstance(content, Notice):
            tab.refused_changes += 1
            self.notify(content, key, answers_key=True)
            self.changed(key)
            return
        tab.content = content
        session = content.session
        if session is not None and (session.running or session.can_resume):
            session.replace_profile(content.profile)
        self.changed(key)

    def _start(self, key: str, *, resume: bool = False) -> None:
        tab = self._tab(key)
        if tab is None:
            return
        if tab.session is not None and tab.session.running:
            tab.session.retry_now()
            return
        if resume and tab.session is not None and tab.session.can_resume:
            self._resume(key, tab.session)
            return
        content = tab.startable()
        if isinstance(content, Notice):
            self.notify(content, key)
            return
        if not any(other.running for other in self._tabs.values()):
            # No audio runs yet, so a full garbage collection disturbs nothing.
            freeze_heap()
            shorten_switch_interval(True)
        # Imported on use: the first frame of the console need not wait for the network's libraries.
        from voicelive_tui.engine.session.session import Session

        previous = content.recorded_session
        if previous is not None:
            previous.stop()
        for old in content.sessions:
            if old is not previous:
                self._tasks.spawn(old.release(), f"release {key}")
        attempts = content.attempts + 1
        session = Session(key, content.profile, self, attempts, content.next_earlier)
        tab.content = replace(content, session=session, attempts=attempts, previous=previous)
        if self.on_air is None:
            self._take_air(key)
        self._all_changed()
        self._tasks.spawn(session.run(), f"{_LIFE}{key}")

    def _resume(self, key: str, session: "Session") -> None:
        session.resume()
        if self.on_air is None:
            self._take_air(key)
            session.audio_assigned()
        self._all_changed()

    def _trust(self, key: str, host: str) -> None:
        try:
            self.services.trust(host)
        except TrustError as error:
            self.notify(Notice("error", str(error)), key)
            return
        for tab in self._tabs.values():
            if tab.session is not None:
                tab.session.trust_changed()
        self._all_changed()
        self._start(key, resume=True)

    def _stop(self, key: str) -> None:
        tab = self._tab(key)
        if tab is not None and tab.session is not None:
            tab.session.stop()

    async def _close_tab(self, key: str) -> None:
        tab = self._tabs.pop(key, None)
        if tab is None:
            return
        self._replayer.stop_if_of(key)
        if tab.session is not None:
            tab.session.stop()
            await tab.session.wait_over()
        if self.on_air == key:
            self._release_audio()
        self._publisher.mark_changed()
        for session in tab.sessions:
            await session.release()

    def _go_on_air(self, key: str) -> None:
        tab = self._tab(key)
        if tab is None or self.on_air == key:
            return
        session = tab.running_session()
        if isinstance(session, Notice):
            self.notify(session, key)
            return
        old = self._session_on_air()
        if old is not None:
            old.audio_released()
        self._take_air(key)
        session.audio_assigned()
        self._all_changed()

    def _take_air(self, key: str) -> None:
        """Give microphone and speaker to this tab, which ends a replay."""
        self._replayer.stop()
        self.on_air = key

    def _release_audio(self) -> None:
        session = self._session_on_air()
        if session is not None:
            session.audio_released()
        self.on_air = None
        self.audio.assign(None)
        self._all_changed()

    def _session_on_air(self) -> "Session | None":
        tab = self._tabs.get(self.on_air) if self.on_air is not None else None
        return tab.session if tab is not None else None

    def _talk(self, key: str, session: "Session") -> None:
        if self.muted and key == self.on_air and not session.talking:
            machine = self.audio.status.muted_at
            self.notify(refusals.muted_at(machine) if machine else refusals.MUTED, key)
        else:
            session.talk()

    def _mute(self, on: bool) -> None:
        self._muted = on
        self.audio.mute(on)
        session = self._session_on_air()
        if session is not None:
            session.mute_changed()
        self._all_changed()

    def _with_live(self, key: str, action: Callable[["Session"], None]) -> None:
        self._with(key, Tab.connected_session, action)

    def _with(
        self,
        key: str,
        usable: Callable[[Tab], "Session | Notice"],
        action: Callable[["Session"], None],
    ) -> None:
        tab = self._tab(key)
        if tab is None:
            return
        session = usable(tab)
        if isinstance(session, Notice):
            self.notify(session, key)
            return
        action(session)
        self.changed(key)

    def _tab(self, key: str) -> Tab | None:
        tab = self._tabs.get(key)
        if tab is None:
            _log.info("an intent for tab %s, which is closed", key)
        return tab

    def _open_recording(self, key: str, folder: str) -> None:
        if key in self._tabs:
            _log.info("tab %s is open already, so no recording is opened in it", key)
            return
        tab = self._tabs[key] = Tab(key, RecordingBeingRead(folder))
        self._publisher.mark_changed()
        self._tasks.spawn(self._read(tab, folder), f"read {key}")

    def _go_on(self, key: str, folder: str) -> None:
        if key in self._tabs:
            _log.info("tab %s is open already, so no session goes on in it", key)
            return
        tab = self._tabs[key] = Tab(key, RecordingBeingRead(folder))
        self._publisher.mark_changed()
        self._tasks.spawn(self._read_and_start(tab, folder), f"go on {key}")

    async def _read_and_start(self, tab: Tab, folder: str) -> None:
        tab.content = await read_to_go_on(folder, lambda notice: self.notify(notice, tab.key))
        self.changed(tab.key)
        if isinstance(tab.content, ProfileContent) and self._tabs.get(tab.key) is tab:
            self._start(tab.key)

    async def _read(self, tab: Tab, folder: str) -> None:
        tab.content = await open_recording(folder, lambda notice: self.notify(notice, tab.key))
        tab.cached_snapshot = None
        self._publisher.mark_changed()

    # The beginning and the end.

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Publish changes from this loop and route the sound from now on, until `close`."""
        self._publisher.attach(loop)
        self._tasks.spawn(self.audio.run(), "sound")

    async def devices(self, *, measure: bool = False) -> tuple[Devices, SoundLink | None]:
        """Ask for the devices in a process of its own. Returns also the link to the machine that
        has them, None for this one. measure: take a second to measure the link. Raises
        AudioUnavailable."""
        if self._closing:
            raise AudioUnavailable("The devices are not asked for any more: the engine ends.")
        with self._tasks.current():
            if self._sound_at is None:
                return await list_devices(), None
            return await list_over_link(self._sound_at, measure=measure)

    async def close(self) -> None:
        """Say goodbye to every service, then end sound and simulator. No task, process or thread is
        left."""
        self._closing = True
        try:
            await self._end_sessions()
            await self.audio.release()
        finally:
            await self._tasks.cancel()
            for ended in await asyncio.gather(
                self.audio.close(), self.services.close(), return_exceptions=True
            ):
                if isinstance(ended, Exception):
                    _log.error("an error while the engine ended", exc_info=ended)

    async def _end_sessions(self) -> None:
        sessions = [session for tab in self._tabs.values() for session in tab.sessions]
        for session in sessions:
            session.stop()
        try:
            async with asyncio.timeout(GOODBYES_S):
                await asyncio.gather(*(session.wait_over() for session in sessions))
        except TimeoutError:
            _log.warning("not every session said goodbye within %g s", GOODBYES_S)
        await self._tasks.wait(_LIFE, SESSIONS_END_S)
        await asyncio.gather(*(session.release() for session in sessions))

    def publish_now(self) -> None:
        """Publish a snapshot without waiting for its turn."""
        self._publisher.publish()

    def publish_last(self) -> None:
        """Publish the last snapshot: the loop is closed."""
        self._publisher.detach()
        self._publisher.publish()

    # What front ends see. Other threads ask for it too; nothing is written here.

    @property
    def snapshot(self) -> EngineSnapshot:
        """The newest snapshot."""
        return self._publisher.snapshot

    def wait_change(self, revision: int, timeout_s: float) -> int:
        """Wait, in any thread but the engine's, until the revision is above this one or the time is
        over. Returns the newest revision."""
        return self._publisher.wait(revision, timeout_s)

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call this function after each snapshot; see `Publisher.listen`."""
        self._publisher.listen(listener)

    def call_listener(self) -> None:
        """Tell the listener of a notice that no snapshot follows."""
        self._publisher.call_listener()

    @property
    def child_pids(self) -> tuple[int | None, int | None]:
        """The process ids of the audio process and of the simulator; None for one that does not
        run."""
        return self.audio.pid, self.services.simulator_pid

    def _all_changed(self) -> None:
        for tab in self._tabs.values():
            tab.cached_snapshot = None
        self._publisher.mark_changed()

    def _compose(self, revision: int) -> EngineSnapshot:
        return self._composer.compose(
            revision, on_air=self.on_air, muted=self._muted, replay=self._replayer.status
        )
