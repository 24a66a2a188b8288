"""The snapshot that front ends see, composed from the tabs and the sound."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.services import Services
from voicelive_tui.engine.service.target import service_kind
from voicelive_tui.engine.tab import (
    OpenedRecording,
    ProfileContent,
    RecordingBeingRead,
    Tab,
    UnreadableRecording,
)
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import (
    EngineSnapshot,
    ReplayStatus,
    SessionSnapshot,
    SessionState,
)


class SnapshotComposer:
    """Composes snapshots; a tab's part is only made again when the tab has changed."""

    def __init__(
        self, tabs: Mapping[str, Tab], settings: Settings, services: Services, audio: AudioRouter
    ) -> None:
        self._tabs = tabs
        self._settings = settings
        self._services = services
        self._audio = audio

    def compose(
        self, revision: int, *, on_air: str | None, muted: bool, replay: ReplayStatus | None
    ) -> EngineSnapshot:
        """Everything at once. on_air: the key of the tab that has microphone and speaker. muted:
        the microphone is. replay: what is played again."""
        now = time.perf_counter()
        return EngineSnapshot(
            sessions={key: self._tab(tab, muted) for key, tab in self._tabs.items()},
            on_air=on_air,
            audio=self._audio.status,
            mic=self._audio.mic.level(now),
            assistant=self._audio.assistant.level(now),
            muted=muted,
            replay=replay,
            revision=revision,
        )

    def _tab(self, tab: Tab, muted: bool) -> SessionSnapshot:
        if tab.cached_snapshot is None:
            tab.cached_snapshot = self._compose_tab(tab, muted)
        return tab.cached_snapshot

    def _compose_tab(self, tab: Tab, muted: bool) -> SessionSnapshot:
        session = tab.reachable_session()
        refusal = session if isinstance(session, Notice) else session.text_refusal
        markable = tab.markable_session()
        mark_refusal = markable if isinstance(markable, Notice) else None
        return replace(
            self._content(tab, muted),
            text_refusal=refusal,
            mark_refusal=mark_refusal,
            **_documents(tab),
        )

    def _content(self, tab: Tab, muted: bool) -> SessionSnapshot:
        key = tab.key
        match tab.content:
            case ProfileContent(profile, session=session, recorded_session=recorded) if (
                session is not None
            ):
                snapshot = session.snapshot(profile.slug, muted)
                if recorded is None or recorded is session:
                    return snapshot
                return _with_records_of(recorded.snapshot(profile.slug, muted), snapshot)
            case ProfileContent(profile):
                return self._off(key, profile, muted)
            case RecordingBeingRead(folder):
                return SessionSnapshot(
                    key, key, SessionState.RECORDED, folder=folder, being_read=True
                )
            case OpenedRecording(recording):
                return recording.snapshot(key)
            case UnreadableRecording(folder, problem):
                return SessionSnapshot(
                    key, key, SessionState.FAILED, problem=problem, folder=folder
                )

    def _off(self, key: str, profile: Profile, muted: bool) -> SessionSnapshot:
        """A profile whose session was never started."""
        return SessionSnapshot(
            key,
            profile.slug,
            service=service_kind(profile, self._settings),
            destination=None if profile.fault else self._services.destination(profile),
            muted=muted,
        )


def _documents(tab: Tab) -> dict[str, Any]:
    """Return the fields of the snapshot that describe the tab's profile."""
    if not isinstance(tab.content, ProfileContent):
        return {"profile_document": tab.profile.document} if tab.profile is not None else {}
    profile, file_profile = tab.content.profile, tab.content.file_profile
    return {
        "profile_document": profile.document,
        "file_document": file_profile.document,
        "edited": profile.edited,
        "fault": profile.fault,
        "refused_changes": tab.refused_changes,
    }


def _with_records_of(recorded: SessionSnapshot, snapshot: SessionSnapshot) -> SessionSnapshot:
    """Return a session that was never connected, with the records of the one before it, so that a
    start that fails clears nothing."""
    return replace(
        snapshot,
        connected_s=recorded.connected_s,
        folder=recorded.folder,
        recording=recorded.recording,
        view=recorded.view,
    )
