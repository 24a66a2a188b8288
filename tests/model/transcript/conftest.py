"""A fixture with a journal in memory."""

import pytest

from tests.support.memory_journal import MemoryJournal


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()
