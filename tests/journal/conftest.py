"""A busy machine may need long to make a folder; no journal here begins without one for that."""

from collections.abc import Iterator

import pytest
from voicelive_tui.journal import flusher

from tests.support.deadlines import DEADLINE_S


@pytest.fixture(autouse=True, scope="module")
def patient_journals() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flusher, "BEGIN_TIMEOUT_S", DEADLINE_S)
        yield
