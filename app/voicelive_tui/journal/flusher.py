"""The thread that writes a journal to disk every `FLUSH_INTERVAL_S`, audio before the lines that
refer to it.

While the disk accepts nothing, records wait in memory within bounds, and the thread tries again
every `RETRY_INTERVAL_S` until it is released. A folder that cannot be made is tried again too.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import tomli_w

from voicelive_tui.journal.audio_store import AudioStore
from voicelive_tui.journal.folder import META, JournalError, replace_file
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.model.session.recording_status import RecordingStatus

FLUSH_INTERVAL_S: Final = 0.5
"""How long a record waits for others at most: a program that is killed loses these, and what was
being written, which together is less than a second."""
RETRY_INTERVAL_S: Final = 1.0
CLOSE_TIMEOUT_S: Final = 5.0
LONGEST_CLOSE_S: Final = 2 * CLOSE_TIMEOUT_S
"""The longest that `Flusher.close` takes: it waits for the last records to be written, then for the
thread to end."""
BEGIN_TIMEOUT_S: Final = 2.0
"""The time after which a session goes on without its folder, as if the folder could not be made
yet."""
_NO_ANSWER: Final = (
    "The session cannot be recorded yet (the disk does not answer); it waits in memory and is "
    "written when the disk answers. "
    "Or start with --record none."
)

BeginSession = Callable[[], tuple[Path, int]]
"""Makes the session's folder and opens its file of events. Raises JournalError."""


class Flusher:
    """Writes the contents of the stores to disk. begin: None when the session is not recorded.

    on_problem: called with one sentence when the disk accepts nothing, from the thread or from
    `start`. on_resumed: called with one sentence from the thread when everything that waited is
    written. Invariant: only the thread touches the disk, so a disk that hangs blocks nobody else.
    """

    def __init__(
        self,
        store: LineStore,
        audio_store: AudioStore | None,
        begin: BeginSession | None,
        on_problem: Callable[[str], None],
        on_resumed: Callable[[str], None],
    ) -> None:
        self.folder: Path | None = None
        self._store = store
        self._audio_store = audio_store
        self._begin = begin
        self._on_problem = on_problem
        self._on_resumed = on_resumed
        self._problem = ""
        self._reported_lost = 0
        self._meta: Mapping[str, Any] = {}
        self._meta_changed = False
        self._begun = threading.Event()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._closed = threading.Event()
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def status(self) -> RecordingStatus:
        """The recording status of the session."""
        return RecordingStatus(
            self._begin is not None, self._problem, self._store.lost, self._closed.is_set()
        )

    def start(self) -> None:
        """Start the thread and wait until it has made the folder or failed to, at most for
        `BEGIN_TIMEOUT_S`."""
        self._thread.start()
        if not self._begun.wait(BEGIN_TIMEOUT_S):
            # If the folder is made at this very moment, the next flush clears the problem and
            # reports it.
            self._stop_recording(_NO_ANSWER)

    def wake(self) -> None:
        """Tell the thread that there is something to write."""
        if not self._dirty.is_set():
            self._dirty.set()

    def set_meta(self, facts: Mapping[str, Any]) -> None:
        """Set the contents of meta.toml. The caller must not change the mapping afterwards."""
        self._meta = facts
        self._meta_changed = True
        self.wake()

    def close(self) -> None:
        """Write everything. The thread ends, unless something could not be written: then it keeps
        trying until `release`."""
        self._closing.set()
        self.wake()
        if self._closed.wait(CLOSE_TIMEOUT_S) and (not self._problem or self._released.is_set()):
            self._thread.join(CLOSE_TIMEOUT_S)

    def release(self) -> None:
        """Try a last time once the journal is closed, and give up what cannot be written."""
        self._released.set()
        if self._closing.is_set():
            self._thread.join(CLOSE_TIMEOUT_S)

    # The methods below run in the thread.

    def _run(self) -> None:
        try:
            self._make_folder()
        except JournalError as error:
            self._stop_recording(str(error))
        self._begun.set()
        self._dirty.wait()
        while not self._closing.is_set():
            self._closing.wait(RETRY_INTERVAL_S if self._problem else FLUSH_INTERVAL_S)
            if self._dirty.is_set():
                self._dirty.clear()
                self._flush()
            else:
                self._dirty.wait()
        self._flush()
        self._closed.set()
        released = False
        while self._problem and not (released or self._store.closed):
            released = self._released.wait(RETRY_INTERVAL_S)
            self._flush()
        if self._audio_store:
            self._audio_store.close()
        self._store.written_to_end()

    def _flush(self) -> None:
        if self._store.closed:
            return
        try:
            self._make_folder()
            self._write_meta()
            while self._write_lines():
                pass
        except JournalError as error:
            self._stop_recording(str(error))
        except OSError as error:
            self._stop_recording(self._disk_problem(error))
        else:
            self._resume_recording()

    def _make_folder(self) -> None:
        if self._begin is None or self.folder is not None:
            return
        folder, fd = self._begin()
        if self._audio_store:
            self._audio_store.folder = str(folder)
        self._store.attach(fd)
        self.folder = folder
        if not self._problem:
            self._store.resume()

    def _write_meta(self) -> None:
        if self.folder is None or not self._meta_changed:
            return
        self._meta_changed = False
        try:
            replace_file(self.folder / META, tomli_w.dumps(self._meta))
        except OSError:
            self._meta_changed = True
            raise

    def _write_lines(self) -> bool:
        """Write the next lines and return whether there were any. Their audio is written first, so
        that no line on disk refers to missing audio."""
        lines = self._store.next_lines()
        numbers = [line.n for line in lines]
        try:
            if self._audio_store:
                self._audio_store.flush(numbers)
            self._store.write(lines)
        except OSError:
            self._store.return_lines(lines)
            raise
        if self._audio_store:
            self._audio_store.mark_written(numbers)
        return bool(lines)

    def _stop_recording(self, sentence: str) -> None:
        first, self._problem = not self._problem, sentence
        self._store.stop()
        self._dirty.set()
        if first:
            self._on_problem(sentence)

    def _resume_recording(self) -> None:
        if not self._problem:
            return
        self._store.resume()
        self._problem = ""
        lost, self._reported_lost = self._store.lost - self._reported_lost, self._store.lost
        records = "record" if lost == 1 else "records"
        missing = f", except {lost} {records} for which memory had no room" if lost else ""
        self._on_resumed(
            f"Recording again in {self.folder}: everything that waited in memory is "
            f"written{missing}."
        )

    def _disk_problem(self, error: OSError) -> str:
        reason = error.strerror or str(error)
        if self._begin is None:
            return (
                f"The temporary folder cannot be written ({reason}): only the newest events can be "
                "shown; free some space there."
            )
        return (
            f"Recording stopped ({reason}): free some space, and the records that wait in memory "
            f"are written; the earlier ones are safe in {self.folder}."
        )
