"""Waiting for work that may be slow and may hang."""

import asyncio

from voicelive_tui.concurrency.waiting import wait_while_advancing


async def test_slow_work_is_waited_for_however_long_it_takes() -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        for _ in range(100):
            await asyncio.sleep(0)
            done += 1

    task = asyncio.create_task(work())
    # The shortest period there is: without the progress the wait would end at once.
    await wait_while_advancing(task, lambda: done, 0.0)
    assert task.done() and done == 100


async def test_work_that_hangs_is_not_waited_for() -> None:
    never = asyncio.Event()
    task = asyncio.create_task(never.wait())
    await wait_while_advancing(task, lambda: 0, 0.0)
    assert not task.done()
    task.cancel()


async def test_work_that_is_done_is_not_asked_about() -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    await wait_while_advancing(task, lambda: 0, 60.0)
