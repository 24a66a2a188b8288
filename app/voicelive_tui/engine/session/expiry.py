"""When to say that the service will end a session (protocol.md sections 3 and 14)."""

import time
from collections.abc import Callable
from functools import partial

from voicelive_tui.engine.session.timers import Timers

_WARN_BEFORE_S = (300, 60)


class ExpiryWatch:
    """`tell` gets each sentence when it is due."""

    def __init__(self, timers: Timers, notify: Callable[[str], None]) -> None:
        self._timers = timers
        self._notify = notify
        self._expires_at: int | None = None

    def expires(self, at_unix_s: int | None) -> None:
        """What the service says; it may say it with every answer to an update."""
        if at_unix_s is None or at_unix_s == self._expires_at:
            return
        self._expires_at = at_unix_s
        for delay_s, text in expiry_warnings(at_unix_s, time.time()):
            self._timers.later(delay_s, partial(self._notify, text))


def expiry_warnings(expires_at_unix_s: float, now_unix_s: float) -> list[tuple[float, str]]:
    """(delay in seconds, sentence) for each warning that is still ahead."""
    left_s = expires_at_unix_s - now_unix_s
    return [
        (left_s - ahead_s, _sentence(ahead_s)) for ahead_s in _WARN_BEFORE_S if left_s > ahead_s
    ]


def _sentence(ahead_s: int) -> str:
    minutes = ahead_s // 60
    return (
        f"The service ends this session in {minutes} minute{'s' if minutes > 1 else ''}; start "
        "a new one to go on longer."
    )
