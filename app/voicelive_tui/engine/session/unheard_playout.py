"""Speech that nobody hears: it ends in its own time, without a word from the speaker, and what is
shown must follow."""

import time
from collections.abc import Callable


class UnheardPlayout:
    """`later`: call after so many seconds. `until_s`: when such speech ends, None if there is none.
    `changed`: show it anew."""

    def __init__(
        self,
        later: Callable[[float, Callable[[], None]], None],
        until_s: Callable[[float], float | None],
        changed: Callable[[], None],
    ) -> None:
        self._later = later
        self._until_s = until_s
        self._changed = changed
        self._watching = False

    def start(self) -> None:
        """There may be some, or more of it."""
        now_s = time.perf_counter()
        over_s = self._until_s(now_s)
        if over_s is not None and not self._watching:
            self._watching = True
            self._later(over_s - now_s + 0.01, self._check)

    def _check(self) -> None:
        self._watching = False
        self.start()
        self._changed()
