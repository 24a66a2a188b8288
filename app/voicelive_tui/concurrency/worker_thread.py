"""One call in a thread of its own, for what would block the loop.

The threads are daemons, because the exit of the program waits for the threads of an executor.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from voicelive_tui.concurrency.waiting import settled

T = TypeVar("T")


async def run_in_thread(function: Callable[[], T]) -> T:
    """The function's result. A caller that is cancelled does not wait for the thread, which may then outlive the loop."""
    return await _start(function)


async def run_to_end_in_thread(
    function: Callable[[], T], on_cancel: Callable[[], object] = lambda: None, *, within_s: float | None = None
) -> T:
    """The function's result. A caller that is cancelled meanwhile calls on_cancel and returns when the thread has ended.

    within_s: a caller that is cancelled waits no longer than this; the thread may then outlive the loop.
    """
    future = _start(function)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        on_cancel()
        await settled(future, within_s)
        # A result that comes too late is nobody's.
        future.cancel()
        raise


def _start(function: Callable[[], T]) -> "asyncio.Future[T]":
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        try:
            outcome: tuple[T | None, BaseException | None] = (function(), None)
        except Exception as error:
            outcome = (None, error)
        try:
            loop.call_soon_threadsafe(settle, *outcome)
        except RuntimeError:
            # The loop was closed meanwhile: nobody waits for the answer.
            return

    threading.Thread(target=run, name="voicelive-worker", daemon=True).start()
    return future
