"""One recorded session, and its folder as the replay reads it."""

import pytest
from voicelive_simulator.replay.recording import Recording, load_recording

from tests.support.recorded_sessions import Tape
from tests.support.taped_session import record_session


@pytest.fixture(scope="module")
def tape() -> Tape:
    return record_session()


@pytest.fixture(scope="module")
def recording(tape: Tape, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return load_recording(tape.write(tmp_path_factory.mktemp("taped")))
