"""Fixtures for sound: a virtual card, and a console's end of the audio process that remembers what it was told."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.support.audio_probe import AudioProbe
from tests.support.virtual_sound import VirtualSound, missing


def _card() -> VirtualSound:
    if reason := missing():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return VirtualSound()


@pytest.fixture(scope="session")
def shared_sound_card() -> Iterator[VirtualSound]:
    """One card for the whole run, for tests that leave it as it was."""
    with _card() as card:
        yield card


@pytest.fixture
def sound_card(shared_sound_card: VirtualSound, monkeypatch: pytest.MonkeyPatch) -> VirtualSound:
    """The card is this machine's only sound device for the test and the programs that it starts."""
    for name, value in shared_sound_card.environment.items():
        monkeypatch.setenv(name, value)
    return shared_sound_card


@pytest.fixture
def fragile_sound_card(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualSound]:
    """A card of the test's own, to be taken away."""
    with _card() as card:
        for name, value in card.environment.items():
            monkeypatch.setenv(name, value)
        yield card


@pytest_asyncio.fixture
async def probe() -> AsyncIterator[AudioProbe]:
    """An AudioLink and everything that it reported; closed at the end."""
    probe = AudioProbe()
    yield probe
    await probe.link.close()
