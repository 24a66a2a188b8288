"""A session that loses its connection takes another one by itself."""

import os
import signal
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import engine_harness, profile

pytestmark = pytest.mark.engine


def test_a_simulator_that_dies_is_replaced_and_the_session_goes_on(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as engine:
        engine.start(of=profile())
        engine.engine.post(intents.SendText("a", "one two"))
        engine.until(lambda: engine.lines("agent"), "an answer")
        folder = engine.session().folder
        _, simulator = engine.engine.child_pids
        assert simulator is not None
        os.kill(simulator, signal.SIGKILL)
        again = engine.until_event("console.connected", count=2)
        engine.until_state(SessionState.CONNECTED)
        assert again["connection"] == 2
        engine.engine.post(intents.SendText("a", "three four"))
        engine.until(lambda: len(engine.lines("agent")) == 2, "another answer")
        assert engine.session().folder == folder
        assert len(list(Path(folder).parent.iterdir())) == 1
        assert engine.stop().problem == ""
