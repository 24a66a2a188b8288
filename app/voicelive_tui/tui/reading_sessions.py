"""Reading the list of recorded sessions for a page."""

import threading
from functools import partial
from pathlib import Path

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.journal.recorded_sessions import RecordedSession, recorded_sessions

READING_ENDS_S = 1.0
"""Seconds that a cancelled reading may still run: it looks between two sessions."""


async def read_sessions(root: Path) -> tuple[RecordedSession, ...]:
    """Read the sessions that are recorded in this folder in a thread, the newest first. Raises
    OSError when the folder cannot be read."""
    cancelled = threading.Event()
    return await run_to_end_in_thread(
        partial(recorded_sessions, root, cancelled.is_set),
        cancelled.set,
        within_s=READING_ENDS_S,
    )
