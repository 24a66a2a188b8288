"""A recorded session, read once and shown like a live one."""

import logging
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicelive_tui.engine.session.session_log import profile_text
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.reader import Recorded, read_folder
from voicelive_tui.journal.writer import write_facts
from voicelive_tui.model.events.fields import get_str
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import (
    ServiceKind,
    SessionSnapshot,
    SessionState,
    SessionView,
)
from voicelive_tui.model.timeline.fold import TimelineFold

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recording:
    """A folder and what was read from it."""

    folder: str
    recorded: Recorded

    @property
    def index(self) -> EventIndex:
        """Its records."""
        return self.recorded.index

    @property
    def timeline(self) -> TimelineFold:
        """Its timeline."""
        return self.recorded.timeline

    @property
    def profile(self) -> Profile | None:
        """The profile with which it was made; None if the folder has none that can be read."""
        return self.recorded.profile

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong with the folder, one sentence each."""
        return self.recorded.problems

    @property
    def view(self) -> SessionView:
        """The fold over its records."""
        return self.recorded.view

    def snapshot(self, key: str) -> SessionSnapshot:
        """The snapshot of the tab that shows it."""
        meta = {**_connected(self.recorded), **self.recorded.meta}
        kind: ServiceKind = "url"
        if meta.get("service") in ("azure", "simulator"):
            kind = "azure" if meta["service"] == "azure" else "simulator"
        title = get_str(meta, "title") or Path(self.folder).name
        host = get_str(meta, "host")
        return SessionSnapshot(
            key,
            title,
            SessionState.RECORDED,
            service=kind,
            host=host,
            folder=self.folder,
            ends_early=bool(self.recorded.meta) and "ended" not in self.recorded.meta,
            view=self.view,
        )


def _connected(recorded: Recorded) -> Mapping[str, Any]:
    """The facts about the service in the journal's first record, for a folder without meta.toml."""
    index = recorded.index
    if not index.count or (index.direction(0), index.type_name(0)) != ("local", Local.CONNECTED):
        return {}
    return index.record(0).event


def write_session_facts(folder: Path, session: SessionSnapshot, profile: Profile | None) -> None:
    """Write meta.toml and profile.toml of a session into a folder that holds its events.

    Blocks on the disk, so it is called in another thread than a loop's. An error of the disk is
    only logged: the events hold most of it too.
    """
    meta = {"title": session.title, "service": session.service, "host": session.host}
    try:
        write_facts(folder, profile_text(profile) if profile is not None else "", meta)
    except OSError as error:
        _log.warning("%s has no profile.toml or meta.toml: %s", folder, error)


def read_recording(folder: str, is_cancelled: Callable[[], bool]) -> Recording:
    """Read a folder. A long session takes seconds, so it is called in another thread than the
    loop's. Raises JournalError, with one sentence; ReadingCancelled."""
    recorded = read_folder(Path(folder), is_cancelled)
    weakref.finalize(recorded.index, recorded.index.store.close)
    return Recording(folder, recorded)
