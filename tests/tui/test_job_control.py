"""SIGCONT gives the terminal back to a console that needs it, and to no other."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from voicelive_tui.tui.job_control import JobControl

from tests.support.deadlines import DEADLINE_S


@pytest.mark.parametrize("running", [True, False])
async def test_a_console_that_has_ended_does_not_take_the_terminal_again(running: bool) -> None:
    taken: list[bool] = []

    @contextmanager
    def lend() -> Iterator[None]:
        yield
        taken.append(True)

    handled = asyncio.Event()
    control = JobControl(lend, lambda: None, lambda: running)
    control.begin()
    try:
        os.kill(os.getpid(), signal.SIGCONT)
        # Signals are handled in the order in which they came.
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, handled.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        async with asyncio.timeout(DEADLINE_S):
            await handled.wait()
    finally:
        control.end()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)
    assert taken == ([True] if running else [])
