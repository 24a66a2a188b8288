"""A running engine for tests, with waits on conditions of its snapshot."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Secret, Settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.profile.profile import Profile, parse_profile
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState

from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import nothing_left
from tests.support.signals import write_wav
from tests.support.speech_like import pcm16, silence, speech_like

LONG_TEXT = " ".join(["9" * 40] * 14)
"""A text that the simulator repeats for minutes, so that its answer still plays whenever a test
looks."""
VAD = {"type": "server_vad", "silence_duration_ms": 300}


def profile(
    slug: str = "test", *, service: Mapping[str, Any] | None = None, **session: Any
) -> Profile:
    """A profile as its file would hold it."""
    table = {"turn_detection": VAD, **session}
    text = tomli_w.dumps(
        {"name": slug, "service": dict(service or {"target": "simulator"}), "session": table}
    )
    parsed, problems = parse_profile(text, slug=slug, path="")
    assert parsed is not None, problems
    return parsed


def spoken_wav(path: Path, *, seconds: float = 1.2) -> Path:
    """A file with a moment of silence and speech-like sound."""
    return write_wav(path, pcm16(silence(0.3), speech_like(seconds), silence(0.2)))


def spoken_microphone(tmp_path: Path) -> dict[str, str]:
    """Settings with a spoken file as microphone, and a paced port without a device as speaker."""
    return {"input": f"wav:{spoken_wav(tmp_path / 'me.wav')}", "output": "null"}


class EngineHarness:
    """An engine with the actions and waits that tests need."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = Engine(settings)

    def session(self, key: str = "a") -> SessionSnapshot:
        """The session of this tab in the current snapshot."""
        return self.engine.snapshot().sessions[key]

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until the condition holds; it is checked after every change."""
        deadline = time.monotonic() + DEADLINE_S
        revision = 0
        while not condition():
            assert time.monotonic() < deadline, (
                f"never {what or condition}: {self.engine.snapshot()} {self.texts()}"
            )
            revision = self.engine.wait_change(revision, 0.25)

    def until_state(self, state: SessionState, key: str = "a") -> SessionSnapshot:
        """Wait until the tab's session is in this state."""
        self.until(
            lambda: key in self.engine.snapshot().sessions and self.session(key).state is state,
            state.value,
        )
        return self.session(key)

    def start(self, key: str = "a", of: Profile | None = None) -> None:
        """Open a tab with this profile and connect it."""
        if of is not None:
            self.engine.post(intents.OpenTab(key, of))
        self.engine.post(intents.Start(key))
        self.until_state(SessionState.CONNECTED, key)

    def stop(self, key: str = "a") -> SessionSnapshot:
        """End the tab's session."""
        self.engine.post(intents.Stop(key))
        return self.until_state(SessionState.ENDED, key)

    def stop_if_running(self, key: str = "a") -> None:
        """End the tab's session, whatever its state, and let its journal close."""
        self.engine.post(intents.Stop(key))
        self.until(
            lambda: self.session(key).state in (SessionState.ENDED, SessionState.FAILED), "the end"
        )

    def events(self, kind: str, key: str = "a", direction: str = "") -> list[Mapping[str, Any]]:
        """Every event of this type in the tab's journal."""
        index = self.engine.index(key)
        if index is None:
            return []
        found = (
            n
            for n in range(index.count)
            if index.type_name(n) == kind and direction in ("", index.direction(n))
        )
        return [index.record(n).event for n in found]

    def until_event(self, kind: str, key: str = "a", *, count: int = 1) -> Mapping[str, Any]:
        """Wait until the journal has `count` events of this type, and until the snapshot shows
        what came of them; returns the newest."""
        self.until(lambda: len(self.events(kind, key)) >= count, f"{count} x {kind}")
        self.catch_up()
        return self.events(kind, key)[-1]

    def catch_up(self) -> None:
        """Let the snapshot show all that the journal and the notices, which are visible at once,
        show already."""
        assert self.engine.publish(DEADLINE_S), "no snapshot was published"

    def texts(self) -> list[str]:
        """The texts of all notices."""
        return [notice.text for _, notice in self.engine.notices(0)]

    def lines(self, who: str, key: str = "a") -> list[str]:
        """The final lines of this speaker."""
        return [
            line.text
            for line in self.session(key).view.transcript
            if line.who == who and line.state == "final"
        ]


@contextmanager
def engine_harness(tmp_path: Path, **fields: Any) -> Iterator[EngineHarness]:
    """An engine without devices unless `input` and `output` say otherwise; it writes only below
    tmp_path."""
    own = Settings(
        input="none", output="none", state_dir=tmp_path / "state", config_dir=tmp_path / "config"
    )
    settings = replace(own, **fields)
    harness = EngineHarness(settings)
    with nothing_left():
        harness.engine.start()
        try:
            yield harness
        finally:
            assert harness.engine.close(timeout_s=DEADLINE_S), "the engine did not end"


def key_settings(endpoint: str, key: str) -> dict[str, Any]:
    """Settings for a server that stands for Azure."""
    return {"endpoint": endpoint, "key": Secret(key)}
