"""Waits for futures and tasks: to their end however often the waiting task is cancelled, or for as
long as work advances."""

import asyncio
from collections.abc import Callable
from typing import Any


async def wait_until_done(future: "asyncio.Future[Any]", within_s: float | None = None) -> None:
    """Return when the future is done, whatever its result. Raises CancelledError then if the caller
    was cancelled meanwhile.

    The future is not cancelled with the caller. For clean-up that ends by itself, such as reaping a
    killed process or closing a file. within_s: the longest wait in seconds, for a future that may
    never be done.
    """
    cancelled: asyncio.CancelledError | None = None
    loop = asyncio.get_running_loop()
    until_s = None if within_s is None else loop.time() + within_s
    while not future.done() and (until_s is None or loop.time() < until_s):
        try:
            await asyncio.wait([future], timeout=None if until_s is None else until_s - loop.time())
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def cancel_and_wait(task: "asyncio.Task[Any]") -> None:
    """Cancel the task and return when it has ended. The task's own exception is left to whoever
    awaits it."""
    task.cancel()
    await wait_until_done(task)


async def wait_while_advancing(
    task: "asyncio.Task[Any]", progress: Callable[[], int], period_s: float
) -> None:
    """Wait until the task is done, or until `progress` has stayed the same for `period_s`: slow
    work is waited for however long it takes, and work that hangs is not. The task goes on."""
    seen: int | None = None
    while not task.done() and progress() != seen:
        seen = progress()
        await asyncio.wait([task], timeout=period_s)
