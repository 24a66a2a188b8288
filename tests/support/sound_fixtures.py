"""Fixtures for audio: a virtual sound card for the whole run, and one that a test may remove."""

import os
from collections.abc import Iterator

import pytest

from tests.support.virtual_sound import VirtualSound, missing


def _card() -> VirtualSound:
    if reason := missing():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return VirtualSound()


@pytest.fixture(scope="session")
def shared_sound_card() -> Iterator[VirtualSound]:
    """One card for the whole run, for tests that leave it unchanged."""
    with _card() as card:
        yield card


@pytest.fixture
def sound_card(shared_sound_card: VirtualSound, monkeypatch: pytest.MonkeyPatch) -> VirtualSound:
    """The card as the only sound device of the test and of the programs that it starts."""
    for name, value in shared_sound_card.environment.items():
        monkeypatch.setenv(name, value)
    return shared_sound_card


@pytest.fixture
def fragile_sound_card(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualSound]:
    """A card for this test only, which may remove it."""
    with _card() as card:
        for name, value in card.environment.items():
            monkeypatch.setenv(name, value)
        yield card
