"""A fixture with an audio client that keeps every message."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.audio.support.audio_probe import AudioProbe


@pytest_asyncio.fixture
async def probe() -> AsyncIterator[AudioProbe]:
    """An AudioClient and everything that it reported; closed at the end."""
    probe = AudioProbe()
    yield probe
    await probe.client.close()
