"""The journal and the fold of one running session: what is kept is also what is shown."""

import asyncio
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from voicelive_tui.engine.settings import Recording
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.fold import SessionFold
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.model.profile import Profile, dump_profile
from voicelive_tui.model.recording_status import RecordingStatus
from voicelive_tui.model.snapshot import SessionView
from voicelive_tui.text_file import read_text_file

Tell = Callable[[Literal["info", "error"], str], None]


class SessionLog:
    """Keeps every frame and fact, before anything interprets it. `t_s` of a record counts from here."""

    def __init__(self, journal: Journal, started_s: float) -> None:
        self._journal = journal
        self._fold = SessionFold()
        self.started_s = started_s

    @classmethod
    def create(cls, profile: Profile, root: Path, record: Recording, *, meta: Mapping[str, Any], tell: Tell) -> "SessionLog":
        """A journal in a new folder of `root`; `tell` gets a sentence, later and in the loop, whenever the disk takes nothing
        any more, and when it takes it again.
        """
        loop = asyncio.get_running_loop()

        def from_writer(level: Literal["info", "error"], sentence: str) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody is there to be told
                loop.call_soon_threadsafe(tell, level, sentence)

        started_s, started = time.perf_counter(), datetime.now(UTC)
        kept = Journal.create(
            root,
            title=profile.slug,
            profile_toml=profile_text(profile),
            record=record,
            started=started,
            meta=meta,
            on_problem=partial(from_writer, "error"),
            on_resumed=partial(from_writer, "info"),
        )
        # A front end may hold the index longer than the engine does; its file is closed with the last of them.
        weakref.finalize(kept.index, kept.index.store.close)
        return cls(kept, started_s)

    @property
    def index(self) -> EventIndex:
        """The columns of all records; any thread may read them."""
        return self._journal.index

    @property
    def folder(self) -> str:
        """Where it is written; empty when nothing is recorded, or not yet."""
        return self._journal.folder

    @property
    def recording(self) -> RecordingStatus:
        """How much of it is on the disk."""
        return self._journal.status

    def view(self) -> SessionView:
        """What the records say so far."""
        return self._fold.view()

    def frame(
        self,
        direction: Literal["sent", "received"],
        raw: str | bytes,
        event: Mapping[str, Any] | None,
        now: float,
        *,
        standard: bool = True,
    ) -> None:
        """A frame that crossed the wire at `now`. standard: it is JSON by all its rules."""
        self._fold.apply(self._journal.append(direction, raw, event, now - self.started_s, standard=standard))

    def fact(self, kind: str, at_s: float, **fields: Any) -> None:
        """Something only this machine knows, and when it happened on its clock."""
        self._fold.apply(self._journal.local(kind, at_s - self.started_s, **fields))

    def formats(self, mic: WireFormat | None, agent: WireFormat | None) -> None:
        """The formats of the sound from now on."""
        self._journal.set_formats(
            mic=None if mic is None else (mic.codec, mic.rate_hz), agent=None if agent is None else (agent.codec, agent.rate_hz)
        )

    def meta(self, **more: Any) -> None:
        """Further facts for meta.toml."""
        self._journal.meta(**more)

    def close(self) -> None:
        """Write everything; waits for the disk, so not in the loop's thread. What it refuses is tried again until `release`."""
        self._journal.close()

    def release(self) -> None:
        """Nobody waits for the disk any more. Waits for a last try, so not in the loop's thread."""
        self._journal.release()


def profile_text(profile: Profile) -> str:
    """The profile as it stands in its file, or as it is held when that file cannot be read any more."""
    if profile.path:
        try:
            return read_text_file(Path(profile.path))
        except (OSError, UnicodeDecodeError):
            # It was deleted or broken since it was read; what is in force is what we hold.
            return dump_profile(profile)
    return dump_profile(profile)
