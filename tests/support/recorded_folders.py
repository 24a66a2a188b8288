"""Folders of recorded sessions, made by the journal without a session."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicelive_tui.journal.writer import Journal

STARTED = datetime(2026, 11, 29, 12, 41, 7, tzinfo=UTC)
FIGURES: Mapping[str, Any] = {
    "length_s": 62.5,
    "turns": 5,
    "cut": 1,
    "errors": 0,
    "p50_ms": 742.0,
    "p95_ms": 1920.0,
}


def record_folder(
    root: Path, *, started: datetime = STARTED, title: str = "support", **meta: Any
) -> Path:
    """A closed session of this profile with two records, 62.5 s apart, in a new folder of root.
    meta: further entries of meta.toml."""
    journal = Journal.create(
        root,
        title=title,
        profile_toml=f'name = "{title}"\n',
        record="all",
        started=started,
        meta={"service": "simulator"},
    )
    journal.append_local("console.connected", 0.0)
    journal.append_local("console.closed", 62.5)
    journal.update_meta(**{**FIGURES, **meta})
    journal.close()
    journal.release()
    journal.index.store.close()
    return Path(journal.folder)
