"""Opening a recorded session in a tab."""

import threading
from collections.abc import Callable
from typing import Literal

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine.tab import Tab
from voicelive_tui.journal.writer import JournalError
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState

READING_ENDS_S = 1.0
"""A thread that reads a recording checks at each MiB whether it is still wanted; on a disk that
hangs it does not get to that."""


async def open_recording(
    tab: Tab, folder: str, notify: Callable[[Literal["warning", "error"], str], None]
) -> None:
    """Read a folder in a thread, and show it in the tab. notify: gets each problem as a
    sentence."""
    # Imported on use: the first frame of the console need not wait for it.
    from voicelive_tui.engine.session.recording import read_recording

    cancelled = threading.Event()
    try:
        tab.recording = await run_to_end_in_thread(
            lambda: read_recording(folder, cancelled.is_set),
            cancelled.set,
            within_s=READING_ENDS_S,
        )
    except JournalError as error:
        notify("error", str(error))
        tab.cached_snapshot = SessionSnapshot(
            tab.key, tab.key, SessionState.FAILED, problem=str(error), folder=folder
        )
    else:
        tab.profile = tab.recording.recorded.profile
        tab.cached_snapshot = tab.recording.snapshot(tab.key)
        for problem in tab.recording.recorded.problems:
            notify("warning", problem)
    tab.loading = ""
