"""Journals that wait for their folder as long as a busy machine needs to make it."""

from collections.abc import Iterator

import pytest
from voicelive_tui.journal import flusher

from tests.support.deadlines import DEADLINE_S


@pytest.fixture(autouse=True, scope="module")
def patient_journals() -> Iterator[None]:
    """No journal of the module's tests begins without a folder because making it takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flusher, "BEGIN_TIMEOUT_S", DEADLINE_S)
        yield
