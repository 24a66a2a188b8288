"""Whether a recording is in use by a console, this one or another: by a lock on its file of events,
which ends with the process that has it.

Invariant: who writes a recording has an exclusive lock on it, who shows one a shared lock. On a
system or disk without such locks, no recording counts as in use.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from voicelive_common.text_file import open_ordinary

from voicelive_tui.journal.folder import EVENTS

try:
    import fcntl
except ImportError:  # Windows, which removes no file that is open
    _LOCK: Callable[[int, int], None] | None = None
    _WRITE = _SHOW = _RELEASE = 0
else:
    _LOCK = fcntl.flock
    _WRITE, _SHOW = fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_SH | fcntl.LOCK_NB
    _RELEASE = fcntl.LOCK_UN


def hold_to_write(fd: int) -> None:
    """Hold the recording whose file of events this is, until the file is closed."""
    _takes(fd, _WRITE)


def hold_to_show(fd: int) -> bool:
    """Hold the recording as one that is shown, also if it was held to be written before. Returns
    whether nobody writes it."""
    return _takes(fd, _SHOW)


def is_written(folder: Path) -> bool:
    """Whether a console writes this recording."""
    return not _is_free(folder, _SHOW)


def is_in_use(folder: Path) -> bool:
    """Whether a console writes or shows this recording."""
    return not _is_free(folder, _WRITE)


def _is_free(folder: Path, operation: int) -> bool:
    try:
        fd = open_ordinary(folder / EVENTS, follow_links=False)
    except OSError:
        return True  # nobody can have a lock on it
    try:
        free = _takes(fd, operation)
        if free and _LOCK is not None:
            with suppress(OSError):
                _LOCK(fd, _RELEASE)
        return free
    finally:
        os.close(fd)


def _takes(fd: int, operation: int) -> bool:
    if _LOCK is None:
        return True
    try:
        _LOCK(fd, operation)
    except BlockingIOError:
        return False
    except OSError:
        return True  # this disk has no locks
    return True
