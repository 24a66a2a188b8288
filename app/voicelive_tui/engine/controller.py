"""The tabs, who is on air, and what an intent means: everything that lives in the engine's loop."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Literal

from voicelive_common.redaction.redact import redact

from voicelive_tui.audio.client.client import AudioUnavailable, list_devices
from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine import intents
from voicelive_tui.engine.audio.requirements import AudioRequirements
from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.config.gc_tuning import freeze_heap
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts, TrustError
from voicelive_tui.engine.notice_log import LoggedNotice, NoticeLog
from voicelive_tui.engine.publisher import Publisher
from voicelive_tui.engine.service.credential_destination import destination_of
from voicelive_tui.engine.service.simulator import Simulator, SimulatorError
from voicelive_tui.engine.service.target import (
    ServiceTarget,
    service_endpoint,
    service_kind,
    service_target,
    simulator_target,
)
from voicelive_tui.engine.tab import Tab
from voicelive_tui.journal.writer import JournalError
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.model.sound_devices import Devices
from voicelive_tui.net.auth import EntraCredentials
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import EndpointError
from voicelive_tui.protocol.commands import Notice

if TYPE_CHECKING:
    from voicelive_tui.engine.session.runner import SessionRunner
    from voicelive_tui.engine.session.session import Session

SESSIONS_END_S = 5.0
READING_ENDS_S = 1.0
"""A thread that reads a recording asks at each MiB whether it is wanted; on a disk that hangs it
does not come to ask."""
_log = logging.getLogger(__name__)


class Controller:
    """Carries out intents; the `SessionContext` of its sessions."""

    def __init__(self, settings: Settings, notices: NoticeLog, host: str) -> None:
        self.settings = settings
        self.publisher = Publisher(self._compose)
        self.audio = AudioRouter(
            self.publisher.mark_changed, self.publisher.levels_moved, self.notify, host
        )
        self.simulator = Simulator()
        self.tabs: dict[str, Tab] = {}
        self.on_air: str | None = None
        self.muted = False
        self._notices = notices
        self._entra = EntraCredentials(settings.scope)
        self._trusted = TrustedHosts(settings.config_dir, settings.trusted_hosts)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    # The context of the sessions.

    async def target(self, profile: Profile) -> ServiceTarget:
        """Where this profile's session connects; starts the simulator if it is needed.

        Raises ConnectError, EndpointError, HostNotTrusted.
        """
        if service_kind(profile, self.settings) != "simulator":
            return service_target(profile, self.settings, self._trusted, self._entra)
        try:
            url = await self.simulator.start()
        except SimulatorError as error:
            raise ConnectError(str(error)) from None
        return simulator_target(profile, self.settings, url, self.simulator.key)

    def destination(self, profile: Profile) -> Destination | None:
        """Where this profile's sessions would go; None for the simulator and for an address that
        cannot be used."""
        if service_kind(profile, self.settings) == "simulator":
            return None
        try:
            return destination_of(
                profile, self.settings, service_endpoint(profile, self.settings), self._trusted
            )
        except EndpointError:
            return None

    def is_on_air(self, key: str) -> bool:
        """Whether this tab has microphone and speaker."""
        return self.on_air == key

    def require_audio(self, key: str, requirements: AudioRequirements) -> None:
        """What the session on air needs of the sound."""
        if self.on_air == key:
            self.audio.assign(requirements)

    def ended(self, key: str) -> None:
        """This tab's session gives up microphone and speaker, if it has them."""
        if self.on_air == key:
            self._release_audio()
        self.changed(key)

    def changed(self, key: str) -> None:
        """This tab is to be shown anew."""
        tab = self.tabs.get(key)
        if tab is not None:
            tab.cached_snapshot = None
        self.publisher.mark_changed()

    def notify(
        self,
        level: Literal["info", "warning", "error"] | str,
        text: str,
        key: str = "",
        cure: str = "",
    ) -> None:
        """Give the user a notice. text, cure: as in `Notice`. key: the tab's, or empty."""
        known: Literal["info", "warning", "error"] = (
            "info" if level == "info" else "warning" if level == "warning" else "error"
        )
        self._notices.put(LoggedNotice(known, redact(text), key, cure))
        self.publisher.mark_changed()

    # Intents.

    def carry_out(self, intent: intents.Intent) -> None:
        """Begin what the front end asked for; nothing begins once `close` was called."""
        if self._closing:
            _log.info("an intent after the engine was closed: %s", type(intent).__name__)
            return
        match intent:
            case intents.OpenTab(key, profile):
                self._open_tab(key, profile)
            case intents.OpenRecording(key, folder):
                self._open_recording(key, folder)
            case intents.CloseTab(key):
                self.spawn(self._close_tab(key), f"close {key}")
            case intents.ReplaceProfile(key, profile):
                self._replace_profile(key, profile)
            case intents.Start(key):
                self._start(key)
            case intents.TrustHost(key, host):
                self._trust(key, host)
            case intents.Stop(key):
                self._stop(key)
            case intents.GoOnAir(key):
                self._go_on_air(key)
            case intents.Mute(on):
                self.muted = on
                self.audio.mute(on)
                self._all_changed()
            case intents.Talk(key):
                self._with_live(key, lambda runner: runner.talk())
            case intents.Interrupt(key):
                self._with_live(key, lambda runner: runner.interrupt())
            case intents.Say(key, text):
                self._with_live(key, lambda runner: runner.send_text(text))

    def _open_tab(self, key: str, profile: Profile) -> None:
        if key in self.tabs:
            self._replace_profile(key, profile)
            return
        self.tabs[key] = Tab(key, profile)
        self.publisher.mark_changed()

    def _replace_profile(self, key: str, profile: Profile) -> None:
        tab = self._tab(key)
        if tab is None:
            return
        tab.profile = profile
        if tab.session is not None and tab.session.running:
            tab.session.replace_profile(profile)
        self.changed(key)

    def _start(self, key: str) -> None:
        tab = self._tab(key)
        if tab is None or (tab.session is not None and tab.session.running):
            return
        if tab.profile is None or tab.recording is not None:
            self._refused(tab.why_not_startable(), key)
            return
        if not any(
            other.session is not None and other.session.running for other in self.tabs.values()
        ):
            # No sound runs yet: the one moment at which a full collection disturbs nobody.
            freeze_heap()
        # Imported on use: the first frame of the console need not wait for the network's libraries.
        from voicelive_tui.engine.session.session import Session

        if tab.session is not None:
            self.spawn(tab.session.release(), f"release {key}")
        tab.attempts += 1
        tab.session = Session(key, tab.profile, self, tab.attempts)
        if self.on_air is None:
            self.on_air = key
        self._all_changed()
        self.spawn(tab.session.run(), f"session {key}")

    def _trust(self, key: str, host: str) -> None:
        try:
            self._trusted.add(host)
        except TrustError as error:
            self.notify("error", str(error), key)
            return
        for tab in self.tabs.values():
            tab.cached_snapshot = None
            if tab.session is not None:
                tab.session.trust_changed()
        self._start(key)

    def _stop(self, key: str) -> None:
        tab = self._tab(key)
        if tab is not None and tab.session is not None and tab.session.running:
            self.spawn(tab.session.stop(), f"stop {key}")

    async def _close_tab(self, key: str) -> None:
        tab = self.tabs.pop(key, None)
        if tab is None:
            return
        if tab.session is not None and tab.session.running:
            await tab.session.stop()
        if self.on_air == key:
            self._release_audio()
        self.publisher.mark_changed()
        if tab.session is not None:
            await tab.session.release()

    def _go_on_air(self, key: str) -> None:
        tab = self._tab(key)
        if tab is None or self.on_air == key:
            return
        if self._refused(tab.why_not_running(), key) or tab.session is None:
            return
        old = self._session_on_air()
        if old is not None:
            old.runner.audio_released()
        self.on_air = key
        tab.session.runner.audio_assigned()
        self._all_changed()

    def _release_audio(self) -> None:
        session = self._session_on_air()
        if session is not None:
            session.runner.audio_released()
        self.on_air = None
        self.audio.assign(None)
        self._all_changed()

    def _session_on_air(self) -> "Session | None":
        tab = self.tabs.get(self.on_air) if self.on_air is not None else None
        return tab.session if tab is not None else None

    def _with_live(self, key: str, action: Callable[["SessionRunner"], None]) -> None:
        tab = self._tab(key)
        if tab is None:
            return
        if self._refused(tab.why_not_connected(), key) or tab.session is None:
            return
        action(tab.session.runner)
        self.changed(key)

    def _refused(self, reason: Notice | None, key: str) -> bool:
        """Tell the user the reason for refusing an intent, if any. Returns whether there is one."""
        if reason is not None:
            self.notify(reason.level, reason.text, key, reason.cure)
        return reason is not None

    def _tab(self, key: str) -> Tab | None:
        tab = self.tabs.get(key)
        if tab is None:
            _log.info("an intent for tab %s, which is closed", key)
        return tab

    def _open_recording(self, key: str, folder: str) -> None:
        tab = self.tabs.setdefault(key, Tab(key))
        tab.loading = folder
        self.publisher.mark_changed()
        self.spawn(self._read(tab, folder), f"read {key}")

    async def _read(self, tab: Tab, folder: str) -> None:
        from voicelive_tui.engine.session.recording import read_recording

        cancelled = threading.Event()
        try:
            tab.recording = await run_to_end_in_thread(
                lambda: read_recording(folder, cancelled.is_set),
                cancelled.set,
                within_s=READING_ENDS_S,
            )
        except JournalError as error:
            self.notify("error", str(error), tab.key)
            tab.cached_snapshot = SessionSnapshot(
                tab.key, tab.key, SessionState.FAILED, problem=str(error), folder=folder
            )
        else:
            tab.profile = tab.recording.recorded.profile
            tab.cached_snapshot = tab.recording.snapshot(tab.key)
            for problem in tab.recording.recorded.problems:
                self.notify("warning", problem, tab.key)
        tab.loading = ""
        self.publisher.mark_changed()

    # Tasks: none of their exceptions vanishes.

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        """Run it as a task whose failure is logged and told."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        error = task.exception()
        _log.error("task %s crashed", task.get_name(), exc_info=error)
        self.notify(
            "error",
            f"An internal error ({type(error).__name__}) in {task.get_name()}; the log has the "
            "details.",
        )

    async def devices(self) -> Devices:
        """The machine's devices, asked anew in a process of its own. Raises AudioUnavailable."""
        task = asyncio.current_task()
        if task is None or self._closing:
            raise AudioUnavailable("The devices are not asked for any more: the engine ends.")
        self._tasks.add(task)
        try:
            return await list_devices()
        finally:
            self._tasks.discard(task)

    async def close(self) -> None:
        """Say goodbye to every service, then let sound and simulator go. No task, process or thread
        that was started is left.

        Tasks that are starting a process are cancelled and awaited here. If the loop's own shutdown
        cancelled them, it would also cancel the start inside asyncio, and the process would never
        be reaped.
        """
        self._closing = True
        try:
            await self._end_sessions()
            await self.audio.release()
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for ended in await asyncio.gather(
                self.audio.close(), self.simulator.stop(), return_exceptions=True
            ):
                if isinstance(ended, Exception):
                    _log.error("an error while the engine ended", exc_info=ended)

    async def _end_sessions(self) -> None:
        running = [
            tab.session
            for tab in self.tabs.values()
            if tab.session is not None and tab.session.running
        ]
        await asyncio.gather(*(session.stop() for session in running), return_exceptions=True)
        lives = [task for task in self._tasks if task.get_name().startswith("session ")]
        if lives:
            await asyncio.wait(lives, timeout=SESSIONS_END_S)
        await asyncio.gather(
            *(tab.session.release() for tab in self.tabs.values() if tab.session is not None)
        )

    # What front ends see.

    def _all_changed(self) -> None:
        for tab in self.tabs.values():
            if tab.session is not None:
                tab.cached_snapshot = None
        self.publisher.mark_changed()

    def _compose(self, revision: int) -> EngineSnapshot:
        now = time.perf_counter()
        return EngineSnapshot(
            sessions={key: self._tab_snapshot(tab) for key, tab in self.tabs.items()},
            on_air=self.on_air,
            audio=self.audio.status,
            mic=self.audio.mic.level(now),
            assistant=self.audio.assistant.level(now),
            muted=self.muted,
            revision=revision,
        )

    def _tab_snapshot(self, tab: Tab) -> SessionSnapshot:
        if tab.cached_snapshot is None:
            tab.cached_snapshot = self._compose_tab(tab)
        return tab.cached_snapshot

    def _compose_tab(self, tab: Tab) -> SessionSnapshot:
        if tab.recording is not None:
            return tab.recording.snapshot(tab.key)
        title = tab.profile.slug if tab.profile is not None else tab.key
        if tab.session is not None:
            return tab.session.snapshot(title, self.muted)
        if tab.profile is None:
            return SessionSnapshot(
                tab.key,
                title,
                SessionState.RECORDED,
                folder=tab.loading,
                being_read=bool(tab.loading),
            )
        return SessionSnapshot(
            tab.key,
            title,
            service=service_kind(tab.profile, self.settings),
            destination=self.destination(tab.profile),
            muted=self.muted,
        )
