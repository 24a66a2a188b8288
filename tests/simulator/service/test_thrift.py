"""What ended sessions leave behind: nothing that a machine would miss."""

import asyncio
import base64
import gc
import json
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from voicelive_tui.simulator.service.options import Options
from voicelive_tui.simulator.service.server import Simulator
from voicelive_tui.simulator.service.thrift import Thrift
from voicelive_tui.simulator.sound.tones import ToneVoice
from websockets.asyncio.client import connect

from tests.support.program import Program
from tests.support.voice_live_peer import DEADLINE_S, peer

PATH = "/voice-live/realtime?api-version=2026-07-15&model=gpt-4o"
LARGE = json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(12 * 2**20)).decode()})


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(2 * DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.02)


async def test_an_ended_session_holds_no_socket() -> None:
    async with Simulator(Options(), ToneVoice()) as simulator:
        sessions = simulator.host.sessions
        async with peer(simulator.url):
            (session,) = sessions.alive()
            assert session.socket is not None
            socket = weakref.ref(session.socket)
        await until(lambda: not sessions.alive())
        assert sessions.all() == [session] and session.ended and session.ended.by == "client"

        def forgotten() -> bool:
            gc.collect()
            return socket() is None

        await until(forgotten)


async def test_frames_that_nobody_took_are_freed_at_the_end() -> None:
    async with Simulator(Options(), ToneVoice()) as simulator:
        sessions = simulator.host.sessions
        async with connect(simulator.url + PATH, additional_headers={"api-key": "k"}, proxy=None, compression=None) as client:
            await client.recv()
            (session,) = sessions.alive()
            wire = session.socket
            assert wire is not None
            await client.send(LARGE)
            await client.send(LARGE)
            await until(lambda: wire.recv_messages.frames.queue)
            assert session.task
            session.task.cancel()
            await until(lambda: not sessions.alive())
            assert not wire.recv_messages.frames.queue


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and only glibc gives memory back when asked")
async def test_clients_that_hang_up_in_large_frames_leave_no_memory_behind(program: Program) -> None:
    with program.started("simulate") as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        before_mib = resident_mib(ready["pid"])
        for _ in range(4):
            client = await connect(ready["url"] + PATH, additional_headers={"api-key": "k"}, proxy=None, compression=None)
            await client.recv()
            for _ in range(2):
                await client.send(LARGE)
            client.transport.abort()
        await until(lambda: resident_mib(ready["pid"]) < before_mib + 80)


def resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def test_nothing_is_tidied_while_somebody_talks() -> None:
    busy, asked = True, 0

    def is_busy() -> bool:
        nonlocal asked
        asked += 1
        return busy

    class Cycle:
        pass

    thrift = Thrift(is_busy, quiet_s=0.0)
    cycle = Cycle()
    cycle.itself = cycle  # type: ignore[attr-defined]
    gone = weakref.ref(cycle)
    gc.disable()
    try:
        del cycle
        thrift.ended()
        await until(lambda: asked == 1)
        assert gone() is not None
        busy = False
        thrift.ended()
        await until(lambda: asked == 2)
        assert gone() is None
    finally:
        gc.enable()
