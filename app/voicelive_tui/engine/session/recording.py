"""A recorded session, read once and shown like a live one."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voicelive_tui.journal.reader import Recorded, read_folder
from voicelive_tui.model.events.fields import get_str
from voicelive_tui.model.session.snapshot import ServiceKind, SessionSnapshot, SessionState


@dataclass(frozen=True, slots=True)
class Recording:
    """What a folder holds."""

    folder: str
    recorded: Recorded

    def snapshot(self, key: str) -> SessionSnapshot:
        """As a tab."""
        meta = self.recorded.meta
        kind: ServiceKind = "url"
        if meta.get("service") in ("azure", "simulator"):
            kind = "azure" if meta["service"] == "azure" else "simulator"
        title = get_str(meta, "title") or Path(self.folder).name
        host = get_str(meta, "host")
        return SessionSnapshot(
            key, title, SessionState.RECORDED, service=kind, host=host, folder=self.folder, view=self.recorded.view
        )


def read_recording(folder: str, is_cancelled: Callable[[], bool]) -> Recording:
    """Read it; slow for a long session, so not in the loop's thread. Raises JournalError with one sentence, ReadingCancelled."""
    recorded = read_folder(Path(folder), is_cancelled)
    weakref.finalize(recorded.index, recorded.index.store.close)
    return Recording(folder, recorded)
