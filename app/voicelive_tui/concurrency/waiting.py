"""Waits that end only when what they wait for has ended, however often the waiting task is cancelled."""

import asyncio
from typing import Any


async def settled(future: "asyncio.Future[Any]", within_s: float | None = None) -> None:
    """Return when the future is done, with whatever result; CancelledError follows then if the caller was cancelled meanwhile.

    The future is not cancelled with the caller. For clean-up that is bounded by itself: a process that was killed, a file that
    is being closed. within_s: what is not bounded by itself is waited for no longer than this.
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
    """Cancel the task and return when it has ended. Its own exception is the business of whoever awaits the task."""
    task.cancel()
    await settled(task)
