"""Calls in a thread: their results, and how long a cancelled caller waits."""

import asyncio
import threading

import pytest
from voicelive_tui.concurrency.worker_thread import run_in_thread, run_to_end_in_thread

from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import nothing_left

CALLS = [run_in_thread, run_to_end_in_thread]
each_call = pytest.mark.parametrize("call", CALLS)


class HeldCall:
    """A function that sets `entered` and then waits for `released`."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.released = threading.Event()

    def __call__(self) -> None:
        self.entered.set()
        assert self.released.wait(DEADLINE_S)

    async def until_entered(self) -> None:
        while not self.entered.is_set():
            await asyncio.sleep(0)


@pytest.mark.parametrize("call", CALLS)
async def test_it_runs_in_a_daemon_thread(call: object) -> None:
    assert callable(call)
    thread = await call(threading.current_thread)
    assert thread is not threading.current_thread() and thread.daemon


@pytest.mark.parametrize("call", CALLS)
async def test_its_exception_arrives(call: object) -> None:
    def fail() -> None:
        raise LookupError("No.")

    assert callable(call)
    with pytest.raises(LookupError, match="No"):
        await call(fail)


async def test_a_cancelled_caller_does_not_wait() -> None:
    held = HeldCall()
    task = asyncio.create_task(run_in_thread(held))
    await held.until_entered()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    held.released.set()


def test_a_cancelled_caller_that_has_to_wait() -> None:
    held = HeldCall()

    async def main() -> None:
        task = asyncio.create_task(run_to_end_in_thread(held, on_cancel=held.released.set))
        await held.until_entered()
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task

    with nothing_left():
        asyncio.run(main())


async def test_a_cancelled_caller_waits_no_longer_than_it_wants_to() -> None:
    held = HeldCall()
    task = asyncio.create_task(run_to_end_in_thread(held, within_s=0.01))
    await held.until_entered()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    held.released.set()


def test_the_end_of_the_loop_waits_for_it_too() -> None:
    held = HeldCall()

    async def main() -> None:
        task = asyncio.create_task(run_to_end_in_thread(held, on_cancel=held.released.set))
        await held.until_entered()
        assert not task.done()

    with nothing_left():
        asyncio.run(main())
    assert held.released.is_set()
