"""A session's agent speaks first once: not again over a connection that goes on."""

from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.profile.profile import parse_profile
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import engine_harness

pytestmark = pytest.mark.engine

HOTEL = """
[service]
target = "simulator"
[greeting]
text = "Good evening."
[session]
modalities = ["text"]
"""


def test_a_restart_that_carries_the_greeting_over_says_it_no_second_time(tmp_path: Path) -> None:
    profile, problems = parse_profile(HOTEL, slug="a", path="")
    assert problems == ()
    with engine_harness(tmp_path) as engine:
        engine.start(of=profile)
        engine.until(lambda: engine.lines("agent"), "the greeting")
        engine.until(lambda: not engine.session().turn_open, "its end")
        engine.engine.post(intents.Restart("a"))
        engine.until_event("console.connected", count=2)
        engine.until_state(SessionState.CONNECTED)
        engine.engine.post(intents.SendText("a", "one two"))
        engine.until(lambda: len(engine.lines("agent")) == 2, "the answer")
        said = engine.lines("agent")
        assert said[0] == "Good evening." and said[1] != said[0]
        assert len(engine.events("response.create")) == 2
        engine.stop()
