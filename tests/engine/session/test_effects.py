"""Asynchronous effects of a session: each fails alone, and none outlives the session."""

import asyncio

import pytest
from voicelive_tui.engine.session.effects import EffectGroup
from voicelive_tui.model.notice import Notice

from tests.support.deadlines import DEADLINE_S


async def test_a_failed_effect_is_shown_and_ends_nothing_but_itself() -> None:
    shown: list[Notice] = []
    done: list[str] = []
    failed = asyncio.Event()

    async def fail() -> None:
        failed.set()
        raise ZeroDivisionError

    async def work() -> None:
        await failed.wait()
        await asyncio.sleep(0)
        done.append("work")

    effects = EffectGroup(shown.append)
    async with asyncio.timeout(DEADLINE_S), effects:
        effects.start(work, "work")
        effects.start(fail, "export")
        while not done:
            await asyncio.sleep(0)
        done.append("session")
    assert done == ["work", "session"]
    text = "An internal error (ZeroDivisionError) in the export; the log has the details."
    assert shown == [Notice("error", text)]


async def test_an_effect_that_still_runs_at_the_end_is_cancelled_and_awaited() -> None:
    ended: list[str] = []
    shown: list[Notice] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            # An effect may need the loop once more to clean up.
            await asyncio.sleep(0)
            ended.append("hang")

    effects = EffectGroup(shown.append)
    async with asyncio.timeout(DEADLINE_S), effects:
        effects.start(hang, "hanging work")
        await asyncio.sleep(0)
    assert (ended, shown) == (["hang"], [])


async def test_an_effect_that_has_not_begun_at_the_end_never_does() -> None:
    async def begin() -> None:
        raise AssertionError("it began")

    shown: list[Notice] = []
    effects = EffectGroup(shown.append)
    async with effects:
        effects.start(begin, "late work")
    # pytest turns the warning of a coroutine that was never awaited into an error.
    assert shown == []


async def test_the_failure_of_the_session_itself_ends_its_effects() -> None:
    cancelled = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    effects = EffectGroup(lambda notice: None)
    with pytest.raises(asyncio.CancelledError):
        async with effects:
            effects.start(hang, "hanging work")
            await asyncio.sleep(0)
            raise asyncio.CancelledError
    assert cancelled.is_set()
