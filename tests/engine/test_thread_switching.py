"""While a session runs, no thread waits long for the interpreter; without one, Python's own
interval holds, so that nothing wakes more often than it must."""

import sys
from pathlib import Path

from voicelive_tui.engine.config.thread_switching import SESSION_S

from tests.support.engine_harness import engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService


def test_the_interval_is_short_only_while_a_session_runs(tmp_path: Path) -> None:
    usual_s = sys.getswitchinterval()
    assert usual_s > SESSION_S
    with (
        ScriptedService() as service,
        engine_harness(tmp_path, **key_settings(service.url, "k")) as harness,
    ):
        assert sys.getswitchinterval() == usual_s
        harness.start(of=profile(service={"target": "azure"}))
        assert round(sys.getswitchinterval(), 6) == SESSION_S
        harness.stop()
        assert sys.getswitchinterval() == usual_s
