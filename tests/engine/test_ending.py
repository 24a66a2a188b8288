"""However the engine ends, no child process, thread or transport is left; `engine_harness` checks
that in every engine test."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.engine import Engine, EngineDown
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.deadlines import DEADLINE_S
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.hostile_servers import serving_beside
from tests.support.left_over import child_processes, nothing_left

HELD = """
import signal, sys
if {module!r} in sys.orig_argv:
    while True: signal.pause()
"""


def hold(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a child process that runs this module start and go no further."""
    folder = tmp_path / "held"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HELD.format(module=module))
    monkeypatch.setenv("PYTHONPATH", str(folder))


def until_a_child_runs(harness: EngineHarness) -> None:
    before = child_processes()
    harness.engine.post(intents.Start("a"))
    harness.until(lambda: child_processes() - before, "a child process")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
@pytest.mark.parametrize("module", ["voicelive_simulator", "voicelive_tui.audio.host.server"])
def test_in_the_middle_of_starting_a_child(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(module, tmp_path, monkeypatch)
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.engine.post(intents.OpenTab("a", profile()))
        until_a_child_runs(harness)


def test_at_once_after_every_kind_of_beginning(tmp_path: Path) -> None:
    with engine_harness(tmp_path):
        pass
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.engine.post(intents.OpenTab("a", profile()))
        harness.engine.post(intents.Start("a"))
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.start(of=profile())
        harness.engine.post(intents.Stop("a"))
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.start(of=profile())
        harness.engine.post(intents.Stop("a"))
        harness.engine.post(intents.Start("a"))


def test_with_both_children_dying(tmp_path: Path) -> None:
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.start(of=profile())
        harness.until(lambda: None not in harness.engine.child_pids, "both children")
        for pid in harness.engine.child_pids:
            assert pid is not None
            os.kill(pid, signal.SIGKILL)


def test_in_the_middle_of_a_handshake(tmp_path: Path) -> None:
    reached = threading.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        reached.set()
        await reader.read()

    with (
        serving_beside(silent) as server,
        engine_harness(
            tmp_path, **key_settings(server.url, "k"), input="null", output="null"
        ) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service={"target": "azure"})))
        harness.engine.post(intents.Start("a"))
        assert reached.wait(DEADLINE_S)


def test_in_the_middle_of_asking_for_the_devices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold("voicelive_tui.audio.host.server", tmp_path, monkeypatch)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            harness.engine.devices(timeout_s=DEADLINE_S)
        except BaseException as error:
            failed.append(error)

    with engine_harness(tmp_path) as harness:
        before = child_processes()
        asking = threading.Thread(target=ask)
        asking.start()
        deadline = time.monotonic() + DEADLINE_S
        while not child_processes() - before:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        harness.engine.close()
        asking.join(DEADLINE_S)
    assert failed and not asking.is_alive()


def test_in_the_middle_of_reading_a_long_recording(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile())
        folder = Path(harness.session().folder)
        harness.stop()
    line = '{"n":%d,"t":%d,"dir":"received","event":{"type":"rate_limits.updated"}}\n'
    recorded = (folder / "events.jsonl").read_text().count("\n")
    with (folder / "events.jsonl").open("a") as file:
        file.writelines(line % (recorded + n, n) for n in range(300_000))
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.OpenRecording("r", str(folder)))
        harness.until(lambda: "r" in harness.engine.snapshot().sessions, "the tab")
        shown = harness.session("r")
        assert shown.being_read or shown.view.last_t_s


def test_before_it_began(tmp_path: Path) -> None:
    settings = Settings(input="none", output="none", state_dir=tmp_path)
    with nothing_left():
        assert Engine(settings).close()
        engine = Engine(settings)
        with pytest.raises(EngineDown):
            engine.devices()
        with pytest.raises(EngineDown):
            engine.post(intents.Start("a"))


def test_nothing_begins_any_more_after_it(tmp_path: Path) -> None:
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.start(of=profile())
        assert harness.engine.close(timeout_s=DEADLINE_S)
        with pytest.raises(EngineDown):
            harness.engine.post(intents.Start("a"))
        with pytest.raises(EngineDown):
            harness.engine.devices()
        assert harness.session().state is SessionState.ENDED
