"""The tasks of the engine's loop: a crash is shown, and none is left."""

import asyncio

from voicelive_tui.engine.background_tasks import BackgroundTasks
from voicelive_tui.model.notice import Notice

from tests.support.deadlines import DEADLINE_S


async def test_a_crash_is_shown_with_the_name_of_the_task() -> None:
    shown = asyncio.Queue[Notice]()

    async def crash() -> None:
        raise ZeroDivisionError

    BackgroundTasks(shown.put_nowait).spawn(crash(), "read a")
    async with asyncio.timeout(DEADLINE_S):
        notice = await shown.get()
    text = "An internal error (ZeroDivisionError) in read a; the log has the details."
    assert notice == Notice("error", text)


async def test_every_task_is_cancelled_and_awaited_the_callers_own_too() -> None:
    shown: list[Notice] = []
    ended: list[str] = []
    tasks = BackgroundTasks(shown.append)

    async def hang(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    async def ask() -> None:
        with tasks.current():
            await hang("asking")

    tasks.spawn(hang("sound"), "sound")
    asking = asyncio.create_task(ask())
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.sleep(0)
        await tasks.cancel()
    assert sorted(ended) == ["asking", "sound"]
    assert asking.cancelled() and shown == []


async def test_only_tasks_of_the_prefix_are_waited_for() -> None:
    tasks = BackgroundTasks(lambda notice: None)
    released = asyncio.Event()

    async def until_released() -> None:
        await released.wait()

    async def hang() -> None:
        await asyncio.Event().wait()

    tasks.spawn(until_released(), "session a")
    tasks.spawn(hang(), "sound")
    asyncio.get_running_loop().call_soon(released.set)
    async with asyncio.timeout(DEADLINE_S):
        await tasks.wait("session ", DEADLINE_S * 2)
        await tasks.wait("nobody ", DEADLINE_S * 2)
        await tasks.cancel()
