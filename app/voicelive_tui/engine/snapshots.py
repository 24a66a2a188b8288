"""The snapshot that front ends see, composed from the tabs and the sound."""

import time
from collections.abc import Mapping

from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.services import Services
from voicelive_tui.engine.service.target import service_kind
from voicelive_tui.engine.tab import Tab
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState


class SnapshotComposer:
    """Composes snapshots; a tab's part is only made again when the tab has changed."""

    def __init__(
        self, tabs: Mapping[str, Tab], settings: Settings, services: Services, audio: AudioRouter
    ) -> None:
        self._tabs = tabs
        self._settings = settings
        self._services = services
        self._audio = audio

    def compose(self, revision: int, *, on_air: str | None, muted: bool) -> EngineSnapshot:
        """Everything at once. on_air: the key of the tab that has microphone and speaker. muted:
        the microphone is."""
        now = time.perf_counter()
        return EngineSnapshot(
            sessions={key: self._tab(tab, muted) for key, tab in self._tabs.items()},
            on_air=on_air,
            audio=self._audio.status,
            mic=self._audio.mic.level(now),
            assistant=self._audio.assistant.level(now),
            muted=muted,
            revision=revision,
        )

    def _tab(self, tab: Tab, muted: bool) -> SessionSnapshot:
        if tab.cached_snapshot is None:
            tab.cached_snapshot = self._compose_tab(tab, muted)
        return tab.cached_snapshot

    def _compose_tab(self, tab: Tab, muted: bool) -> SessionSnapshot:
        if tab.recording is not None:
            return tab.recording.snapshot(tab.key)
        title = tab.profile.slug if tab.profile is not None else tab.key
        if tab.session is not None:
            return tab.session.snapshot(title, muted)
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
            service=service_kind(tab.profile, self._settings),
            destination=self._services.destination(tab.profile),
            muted=muted,
        )
