"""The console's own simulator as a child process."""

import os
import resource

import pytest
from voicelive_tui.engine.service.simulator import Simulator, SimulatorError
from voicelive_tui.net.recovery import Recovery
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus


async def test_the_consoles_simulator_takes_the_consoles_key_only() -> None:
    async def knock(url: str, key: str) -> None:
        path = "/voice-live/realtime?api-version=2026-07-15&model=gpt-4o"
        async with connect(
            url.replace("http", "ws") + path, additional_headers={"api-key": key}, proxy=None
        ):
            pass

    simulator = Simulator()
    try:
        url = await simulator.start()
        await knock(url, simulator.key.reveal())
        with pytest.raises(InvalidStatus):
            await knock(url, "none")
    finally:
        await simulator.stop()


async def test_too_many_open_files_are_not_blamed_on_the_installation() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, soft), hard))
    try:
        with pytest.raises(OSError):
            while True:
                held.append(os.dup(0))
        with pytest.raises(SimulatorError) as caught:
            await Simulator().start()
    finally:
        for number in held:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "ulimit -n" in str(caught.value) and "reinstall" not in str(caught.value)
    assert caught.value.recovery is Recovery.RETRY
