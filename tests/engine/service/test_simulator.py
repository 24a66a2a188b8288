"""The console's own simulator as a child process."""

import pytest
from voicelive_tui.engine.service.simulator import Simulator
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
