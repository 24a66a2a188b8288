"""However the engine ends, no child process, thread or transport is left; `running` holds every engine test to that."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.engine import Engine, EngineDown
from voicelive_tui.engine.settings import Settings
from voicelive_tui.model.snapshot import SessionState

from tests.support.engines import DEADLINE_S, Bench, key_settings, profile, running
from tests.support.hostile_servers import serving_beside
from tests.support.left_over import child_processes, nothing_left

HELD = """
import signal, sys
if {module!r} in sys.orig_argv:
    while True: signal.pause()
"""


def hold(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that runs this module is started and goes no further."""
    folder = tmp_path / "held"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HELD.format(module=module))
    monkeypatch.setenv("PYTHONPATH", str(folder))


def until_a_child_runs(bench: Bench) -> None:
    before = child_processes()
    bench.engine.post(intents.Start("a"))
    bench.until(lambda: child_processes() - before, "a child process")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
@pytest.mark.parametrize("module", ["voicelive_tui.simulator", "voicelive_tui.audio.host"])
def test_in_the_middle_of_starting_a_child(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(module, tmp_path, monkeypatch)
    with running(tmp_path, input="null", output="null") as bench:
        bench.engine.post(intents.OpenTab("a", profile()))
        until_a_child_runs(bench)


def test_at_once_after_every_kind_of_beginning(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    with running(tmp_path, input="null", output="null") as bench:
        bench.engine.post(intents.OpenTab("a", profile()))
        bench.engine.post(intents.Start("a"))
    with running(tmp_path, input="null", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Stop("a"))
    with running(tmp_path, input="null", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Stop("a"))
        bench.engine.post(intents.Start("a"))


def test_with_both_children_dying(tmp_path: Path) -> None:
    with running(tmp_path, input="null", output="null") as bench:
        bench.start(of=profile())
        bench.until(lambda: None not in bench.engine.child_pids, "both children")
        for pid in bench.engine.child_pids:
            assert pid is not None
            os.kill(pid, signal.SIGKILL)


def test_in_the_middle_of_a_handshake(tmp_path: Path) -> None:
    reached = threading.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        reached.set()
        await reader.read()

    with (
        serving_beside(silent) as server,
        running(tmp_path, **key_settings(server.url, "k"), input="null", output="null") as bench,
    ):
        bench.engine.post(intents.OpenTab("a", profile(service={"target": "azure"})))
        bench.engine.post(intents.Start("a"))
        assert reached.wait(DEADLINE_S)


def test_in_the_middle_of_asking_for_the_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold("voicelive_tui.audio.host", tmp_path, monkeypatch)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            bench.engine.devices(timeout_s=DEADLINE_S)
        except BaseException as error:
            failed.append(error)

    with running(tmp_path) as bench:
        before = child_processes()
        asking = threading.Thread(target=ask)
        asking.start()
        deadline = time.monotonic() + DEADLINE_S
        while not child_processes() - before:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        bench.engine.close()
        asking.join(DEADLINE_S)
    assert failed and not asking.is_alive()


def test_in_the_middle_of_reading_a_long_recording(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile())
        folder = Path(bench.session().folder)
        bench.stop()
    line = '{"n":%d,"t":%d,"dir":"received","event":{"type":"rate_limits.updated"}}\n'
    recorded = (folder / "events.jsonl").read_text().count("\n")
    with (folder / "events.jsonl").open("a") as file:
        file.writelines(line % (recorded + n, n) for n in range(300_000))
    with running(tmp_path) as bench:
        bench.engine.post(intents.OpenRecording("r", str(folder)))
        bench.until(lambda: "r" in bench.engine.snapshot().sessions, "the tab")
        shown = bench.session("r")
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
    with running(tmp_path, input="null", output="null") as bench:
        bench.start(of=profile())
        assert bench.engine.close(timeout_s=DEADLINE_S)
        with pytest.raises(EngineDown):
            bench.engine.post(intents.Start("a"))
        with pytest.raises(EngineDown):
            bench.engine.devices()
        assert bench.session().state is SessionState.ENDED
