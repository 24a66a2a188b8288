"""Fixtures: one recorded session, and its folder as the replay reads it."""

import pytest
from voicelive_simulator.replay.recording import Recording, load_recording

from tests.simulator.support.recorded_session import record_session
from tests.simulator.support.session_recorder import SessionRecorder


@pytest.fixture(scope="module")
def recorder() -> SessionRecorder:
    return record_session()


@pytest.fixture(scope="module")
def recording(recorder: SessionRecorder, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return load_recording(recorder.write(tmp_path_factory.mktemp("recorded")))
