"""Reading a recorded session for a tab."""

import threading
from collections.abc import Callable

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine.tab import OpenedRecording, UnreadableRecording
from voicelive_tui.journal.writer import JournalError
from voicelive_tui.model.notice import Notice

READING_ENDS_S = 1.0
"""A thread that reads a recording checks at each MiB whether it is still wanted; on a disk that
hangs it does not get to that."""


async def open_recording(
    folder: str, notify: Callable[[Notice], None]
) -> OpenedRecording | UnreadableRecording:
    """Read a folder in a thread, and return what the tab shows of it. notify: gets each problem."""
    # Imported on use: the first frame of the console need not wait for it.
    from voicelive_tui.engine.session.recording import read_recording

    cancelled = threading.Event()
    try:
        recording = await run_to_end_in_thread(
            lambda: read_recording(folder, cancelled.is_set),
            cancelled.set,
            within_s=READING_ENDS_S,
        )
    except JournalError as error:
        notify(Notice("error", str(error)))
        return UnreadableRecording(folder, str(error))
    for problem in recording.problems:
        notify(Notice("warning", problem))
    return OpenedRecording(recording)
