"""Failures below the sessions: the simulator's process, threads, and a service that stops
reading."""

import asyncio
import gc
import socket
import sys
import threading
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.service.simulator import Simulator, SimulatorError
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.net.liveness import LivenessLimits

from tests.support.engine_harness import engine_harness, key_settings, profile
from tests.support.hostile_servers import (
    CLOSE,
    close_frame,
    frame,
    read_frame,
    serving_beside,
    upgrade,
)


@pytest.mark.parametrize("program", ["/no/such/python", "/bin/false", "/bin/echo"])
async def test_a_simulator_that_cannot_start_is_one_sentence(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/bin/false").exists():
        pytest.skip("needs the usual programs")
    monkeypatch.setattr(sys, "executable", program)
    simulator = Simulator()
    with pytest.raises(SimulatorError) as caught:
        await simulator.start()
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert simulator.url == "" and simulator.pid is None
    await simulator.stop()


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell")
@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (11, "SIGSEGV")])
async def test_a_simulator_that_is_killed_while_it_starts_names_the_signal(
    number: int, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho one line >&2\nkill -{number} $$\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(SimulatorError) as caught:
        await Simulator().start()
    assert str(caught.value) == (
        f"The simulator was killed by signal {number} ({name}) while it started. Its last output: "
        "one line. Try `voicelive-tui simulate` to see why."
    )


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell")
async def test_a_simulator_that_is_not_ready_in_time_is_told_as_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr("voicelive_tui.engine.service.simulator.READY_TIMEOUT_S", 0.2)
    with pytest.raises(SimulatorError) as caught:
        await Simulator().start()
    assert str(caught.value) == (
        "The simulator was not ready within 0.2 s. Try again when this machine has less to do."
    )


async def test_the_simulator_starts_once_and_ends_with_us() -> None:
    simulator = Simulator()
    urls = await asyncio.gather(simulator.start(), simulator.start())
    assert urls[0] == urls[1] == simulator.url
    await simulator.stop()
    assert simulator.url == ""
    port = int(urls[0].rsplit(":", 1)[1])
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), 5):
        pass


def test_a_simulator_that_cannot_start_fails_the_session_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.OpenTab("a", profile()))
        harness.engine.post(intents.Start("a"))
        assert "simulator" in harness.until_state(SessionState.FAILED).problem


def test_an_exception_that_leaves_a_thread_is_told(tmp_path: Path) -> None:
    def crash() -> None:
        raise ZeroDivisionError

    before = threading.excepthook
    with engine_harness(tmp_path) as harness:
        thread = threading.Thread(target=crash, name="careless")
        thread.start()
        thread.join()
        assert any("careless" in text for text in harness.texts())
    assert threading.excepthook is before


def test_a_service_that_stops_reading_costs_old_microphone_audio_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This service answers no ping.
    patient = LivenessLimits(ping_after_s=3600.0)
    monkeypatch.setattr("voicelive_tui.net.transport.LIVENESS", patient)
    reads_again = threading.Event()
    seen: list[int] = []

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        writer.write(
            frame(b'{"type":"session.created","session":{}}')
            + frame(b'{"type":"session.updated","session":{}}')
        )
        while not reads_again.is_set():
            await asyncio.sleep(0.02)
        while (opcode := (await read_frame(reader))[0]) != CLOSE:
            seen.append(opcode)
        writer.write(close_frame(1000))

    with (
        serving_beside(slow, window_bytes=4096) as server,
        engine_harness(tmp_path, **key_settings(server.url, "k"), input="null") as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.engine.post(intents.SendText("a", "I am still here."))
        harness.until_event(Local.DROPPED)
        assert harness.session().state is SessionState.CONNECTED
        reads_again.set()
        # The typed message is behind the waiting audio, and it is not among what was dropped.
        harness.until(lambda: harness.events("response.create"), "the typed turn")
        harness.until(lambda: harness.session().view.dropped_blocks > 0, "the count")
        sent = len(harness.events("input_audio_buffer.append"))
        harness.until(
            lambda: len(harness.events("input_audio_buffer.append")) > sent + 10, "fresh audio"
        )
        harness.stop()
    assert seen


def test_files_of_finished_sessions_are_closed(tmp_path: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("needs /proc")
    with engine_harness(tmp_path) as harness:

        def open_files() -> int:
            gc.collect()
            return len(list(descriptors.iterdir()))

        def once() -> None:
            harness.start(of=profile())
            harness.stop()

        once()
        once()
        first = open_files()
        for _ in range(3):
            once()
        # A thread may still close the journal of the last session when that session has ended.
        harness.until(lambda: open_files() <= first, "as many open files as before")
