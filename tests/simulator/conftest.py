"""Fixtures: the simulator in this process, on a real socket, with the voice that needs no extra."""

from collections.abc import AsyncIterator

import pytest_asyncio
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice


@pytest_asyncio.fixture
async def url() -> AsyncIterator[str]:
    async with Simulator(Options(), ToneVoice()) as simulator:
        yield simulator.url
