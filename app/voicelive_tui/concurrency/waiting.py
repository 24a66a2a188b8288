"""Waits that end only when what they wait for has ended, however often the waiting task is cancelled."""

import asyncio
from typing import Any


async def wait_until_done(future: "asyncio.Future[Any]") -> None:
    """Return when the future is done, with whatever result; CancelledError follows then if the caller was cancelled meanwhile.

    The future is not cancelled with the caller. For clean-up that is bounded by itself: a process that was killed, a file that
    is being closed.
    """
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def cancel_and_wait(task: "asyncio.Task[Any]") -> None:
    """Cancel the task and return when it has ended. Its own exception is the business of whoever awaits the task."""
    task.cancel()
    await wait_until_done(task)
