"""The asynchronous effects of one session: work beside its conversation, such as a goodbye.

Invariant: a failed effect is logged and shown, and ends neither the session nor another effect. No
effect outlives the block of its group.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

from voicelive_tui.engine.internal_error import internal_error
from voicelive_tui.model.notice import Notice

_log = logging.getLogger(__name__)


class EffectGroup:
    """A context manager: effects can be started inside the block, and those that still run at its
    end are cancelled and awaited."""

    def __init__(self, show: Callable[[Notice], None]) -> None:
        """show: gets a notice when an effect has failed."""
        self._show = show
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> None:
        await self._group.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def start(self, effect: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Run an effect as a task. name: the words that complete "An internal error in the ..."."""
        # The coroutine is made in the task: one that is cancelled before it begins leaves none that
        # was never awaited.
        task = self._group.create_task(self._guarded(effect, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, effect: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        try:
            await effect()
        except Exception as error:
            # The border of an effect.
            _log.exception("the %s failed", name)
            self._show(internal_error(error, f"in the {name}"))
