"""What a session does later, and no more once it is over."""

import asyncio
from collections.abc import Callable


class Timers:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.TimerHandle] = set()

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Call it then, unless `cancel` comes first."""

        def due() -> None:
            self._waiting.discard(timer)
            action()

        timer = asyncio.get_running_loop().call_later(delay_s, due)
        self._waiting.add(timer)

    def cancel(self) -> None:
        """Nothing of what was to come happens."""
        for timer in self._waiting:
            timer.cancel()
        self._waiting.clear()
