"""Run one blocking call in a thread of its own, so that it does not block the loop.

The threads are daemons: the program's exit would wait for the threads of an executor.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from voicelive_tui.concurrency.waiting import wait_until_done

T = TypeVar("T")


async def run_in_thread(function: Callable[[], T]) -> T:
    """Call the function in a thread and return its result. A cancelled caller does not wait for the
    thread, which may outlive the loop."""
    return await _start(function)


async def run_to_end_in_thread(
    function: Callable[[], T],
    on_cancel: Callable[[], object] = lambda: None,
    *,
    within_s: float | None = None,
) -> T:
    """Call the function in a thread and return its result. A cancelled caller calls `on_cancel` and
    returns when the thread has ended.

    within_s: the longest time in seconds that a cancelled caller waits; the thread may then outlive
    the loop.
    """
    future = _start(function)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        on_cancel()
        await wait_until_done(future, within_s)
        # Nobody awaits a result that comes too late.
        future.cancel()
        raise


def _start(function: Callable[[], T]) -> "asyncio.Future[T]":
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def resolve(result: T | None, error: BaseException | None) -> None:
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
            loop.call_soon_threadsafe(resolve, *outcome)
        except RuntimeError:
            # The loop was closed meanwhile: nobody waits for the result.
            return

    threading.Thread(target=run, name="voicelive-worker", daemon=True).start()
    return future
