"""Returns memory to the machine after sessions have ended: they leave reference cycles, and freed
frames that the C library keeps."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable

_QUIET_S = 1.0  # the client of an ended session may begin another at once
_BUSY_S = 5.0
_LARGE_BLOCK_BYTES = 2**20
_M_MMAP_THRESHOLD = -3  # malloc.h


class MemoryTrimmer:
    """Trims memory after something that used memory has ended.

    `note_end` must be called whenever that happens: a session, or work in a thread, which may
    outlast its session. `forget` drops caches.

    Trimming blocks the process for a moment. It waits until `quiet_s` after the last end; while
    `busy` returns True, it waits until at most `busy_s` after the first: the memory of many
    sessions must not be kept for as long as a single one goes on.
    """

    def __init__(
        self,
        busy: Callable[[], bool],
        forget: Callable[[], None] | None = None,
        *,
        quiet_s: float = _QUIET_S,
        busy_s: float = _BUSY_S,
    ) -> None:
        self._busy = busy
        self._forget = forget
        self._quiet_s = quiet_s
        self._busy_s = busy_s
        # The time by which memory must be trimmed; None when nothing has ended.
        self._latest_s: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def note_end(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._latest_s is None:
            self._latest_s = now_s + self._busy_s
        self._set_timer(min(now_s + self._quiet_s, self._latest_s))

    def _set_timer(self, at_s: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(at_s, self._trim, at_s)

    def _trim(self, now_s: float) -> None:
        self._timer = None
        if self._latest_s is not None and now_s < self._latest_s and self._busy():
            self._set_timer(self._latest_s)
            return
        self._latest_s = None
        if self._forget:
            self._forget()
        trim_memory()


def trim_memory() -> None:
    """Free what can be freed, and return it to the machine where the C library supports that
    (glibc)."""
    gc.collect()
    _call_libc("malloc_trim", 0)


def prepare_memory_trimming() -> None:
    """Prepare this process for `trim_memory`. Call it once all modules are loaded.

    Objects that exist by then are never garbage and need not be examined, and every large block is
    returned to the machine as soon as it is freed (glibc).
    """
    gc.collect()
    gc.freeze()
    _call_libc("mallopt", _M_MMAP_THRESHOLD, _LARGE_BLOCK_BYTES)


def _call_libc(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    if function:
        function(*arguments)
