"""Asks before anything that lives only in memory is thrown away, and writes it elsewhere if the user wants that."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.export import transcript_text
from voicelive_tui.tui.screens.unsaved import UnsavedScreen


class UnsavedQuestion:
    """Stands before what ends a session's life on the screen: quitting, closing its tab, starting it again."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context

    def ask_before(self, action: str, sessions: Iterable[SessionSnapshot], proceed: Callable[[], None]) -> None:
        """Proceed at once when the disk has everything, else when the user agrees.

        action: what the user is about to do, as the screen names it, such as "Quit".
        """
        unsaved = [session for session in sessions if session.recording.only_in_memory]
        if not unsaved:
            proceed()
            return
        screen = UnsavedScreen(unsaved, action)

        def answered(agreed: bool | None) -> None:
            if agreed and screen.choice == "write":
                self._context.run_worker(self._write(unsaved, proceed), group="unsaved", exclusive=True)
            elif agreed:
                proceed()

        self._context.push_screen(screen, answered)

    async def _write(self, sessions: Sequence[SessionSnapshot], proceed: Callable[[], None]) -> None:
        """Proceed only when every session is written."""
        for session in sessions:
            index = self._context.engine.index(session.key)
            if index is None:
                continue
            try:
                folder = await asyncio.to_thread(write_elsewhere, session.title, session.view.transcript, index)
            except OSError as error:
                why = error.strerror or str(error)
                text = (
                    f"{session.title} cannot be written elsewhere either ({why}). It is still in memory: make room and try again."
                )
                self._context.show_message("error", text)
                return
            self._context.show_at_exit(f"Wrote events and transcript to {_short_path(folder)}")
        proceed()


def write_elsewhere(title: str, transcript: Iterable[TranscriptLine], index: EventIndex) -> Path:
    """A new folder in the current folder, else in the temporary one, with the transcript and the events; sound is not in it.

    The folder can be opened like a recorded session; the numbers of events that were forgotten are missing in it. Raises OSError
    when neither folder takes it.
    """
    try:
        return _write(Path.cwd(), title, transcript, index)
    except OSError:
        return _write(Path(tempfile.gettempdir()), title, transcript, index)


def _short_path(folder: Path) -> str:
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
