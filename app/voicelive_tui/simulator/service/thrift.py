"""Gives memory back when nobody talks: sessions leave cycles behind, and freed frames that the C library keeps for later."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable

_QUIET_S = 1.0  # who ended a session may begin another at once


class Thrift:
    """`ended` is called whenever something ends that used memory: a session, or work in a thread, which may outlast its session.
    `busy` tells whether anything of that kind runs. Tidying takes as long as a blink, in which nobody may be kept waiting."""

    def __init__(self, busy: Callable[[], bool], quiet_s: float = _QUIET_S) -> None:
        self._busy = busy
        self._quiet_s = quiet_s
        self._timer: asyncio.TimerHandle | None = None

    def ended(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._quiet_s, self._tidy)

    def _tidy(self) -> None:
        self._timer = None
        if not self._busy():
            give_back()


def give_back() -> None:
    """Frees what can be freed, to the machine where the C library knows how (glibc)."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
