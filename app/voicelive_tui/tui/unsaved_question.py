"""Asks before anything that lives only in memory is thrown away, and writes it elsewhere if the user wants that."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.snapshot import SessionSnapshot
from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.tui.export import transcript_text
from voicelive_tui.tui.screens.unsaved import UnsavedScreen

if TYPE_CHECKING:
    from voicelive_tui.tui.app import ConsoleApp

WRITING_ENDS_S = 2.0
"""Who leaves while it is written waits no longer than this for the disk."""


class UnsavedQuestion:
    """Stands before what ends a session's life on the screen: quitting, closing its tab, starting it again."""

    def __init__(self, app: "ConsoleApp") -> None:
        self._app = app

    def before(self, deed: str, sessions: Iterable[SessionSnapshot], do: Callable[[], None]) -> None:
        """Do it at once when the disk has everything, else when the user agrees. deed: its name on the screen, such as "Quit"."""
        unsaved = [session for session in sessions if session.recording.only_in_memory]
        if not unsaved:
            do()
            return
        screen = UnsavedScreen(unsaved, deed)

        def answered(agreed: bool | None) -> None:
            if agreed and screen.choice == "write":
                self._app.main_screen.run_worker(self._write(unsaved, do), group="unsaved", exclusive=True)
            elif agreed:
                do()

        self._app.push_screen(screen, answered)

    async def _write(self, sessions: Sequence[SessionSnapshot], do: Callable[[], None]) -> None:
        """Go on only when every session is written."""
        for session in sessions:
            index = self._app.engine.index(session.key)
            if index is None:
                continue
            try:
                folder = await run_to_end_in_thread(
                    partial(write_elsewhere, session.title, session.view.transcript, index), within_s=WRITING_ENDS_S
                )
            except OSError as error:
                why = error.strerror or str(error)
                text = (
                    f"{session.title} cannot be written elsewhere either ({why}). It is still in memory: make room and try again."
                )
                self._app.main_screen.say("error", text)
                return
            self._app.tell_at_the_end(f"Wrote events and transcript to {_shown(folder)}")
        do()


def write_elsewhere(title: str, transcript: Iterable[TranscriptLine], index: EventIndex) -> Path:
    """A new folder in the current folder, else in the temporary one, with the transcript and the events; sound is not in it.

    The folder can be opened like a recorded session; the numbers of events that were forgotten are missing in it. Raises OSError
    when neither folder takes it.
    """
    try:
        return _write(Path.cwd(), title, transcript, index)
    except OSError:
        return _write(Path(tempfile.gettempdir()), title, transcript, index)


def _shown(folder: Path) -> str:
    """Short enough for a line of messages where that is possible."""
    with suppress(OSError):  # the current folder may be gone
        if folder.parent == Path.cwd():
            return f"./{folder.name}"
    return str(folder)


def _write(root: Path, title: str, transcript: Iterable[TranscriptLine], index: EventIndex) -> Path:
    # A new name and a new folder: nothing that exists is written to, and nobody else can have put a link there.
    folder = Path(tempfile.mkdtemp(prefix=f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', title)[:60].lstrip('.-')}-unrecorded-", dir=root))
    try:
        with open(folder / "transcript.txt", "x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(transcript_text(transcript))
        with open(folder / "events.jsonl", "xb") as events:
            events.writelines(line + b"\n" for n in range(index.count) if (line := index.kept_line(n)) is not None)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder
