"""Fixtures: the simulator in this process, with the control path switched on."""

from collections.abc import AsyncIterator

import pytest_asyncio
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.support.control_requests import TOKEN


@pytest_asyncio.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Options(token=TOKEN), ToneVoice()) as running:
        yield running
