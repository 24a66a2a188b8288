"""The tasks of the engine's loop: each exception is logged and shown, and no task is left at the
end."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from voicelive_tui.engine.internal_error import internal_error
from voicelive_tui.model.notice import Notice

_log = logging.getLogger(__name__)


class BackgroundTasks:
    """Lives in one event loop. show: gets a notice when a task has crashed."""

    def __init__(self, show: Callable[[Notice], None]) -> None:
        self._show = show
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run it as a task. A failure is logged and shown."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def wait(self, prefix: str, timeout_s: float) -> None:
        """Wait until the tasks whose names begin with this prefix have ended, or the time is
        over."""
        waiting = [task for task in self._tasks if task.get_name().startswith(prefix)]
        if waiting:
            await asyncio.wait(waiting, timeout=timeout_s)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Count the caller's own task among these, until the end of the block. Its failure is the
        caller's."""
        task = asyncio.current_task()
        assert task is not None, "called in a task"
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def cancel(self) -> None:
        """Cancel all tasks and wait until they have ended.

        Tasks that are starting a process end here, because the loop's own shutdown would also
        cancel the start inside asyncio, and the process would never be reaped.
        """
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        error = task.exception()
        _log.error("task %s crashed", task.get_name(), exc_info=error)
        self._show(internal_error(error, f"in {task.get_name()}"))
