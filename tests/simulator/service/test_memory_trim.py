"""Ended sessions leave no noticeable amount of memory behind."""

import asyncio
import base64
import contextlib
import gc
import sys
import threading
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from voicelive_simulator.arguments import TOKEN_VARIABLE
from voicelive_simulator.service.background import BackgroundWork
from voicelive_simulator.service.memory_trim import MemoryTrimmer
from voicelive_simulator.service.options import Options
from voicelive_simulator.service.server import Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.blocked_voice import BlockedVoice
from tests.simulator.support.wire_peer import WirePeer, wire_peer
from tests.support.control_requests import TOKEN, ask
from tests.support.deadlines import DEADLINE_S
from tests.support.simulator_process import simulator_process
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import peer

LARGE = bytes(12 * 2**20)
CROWD, CROWDS = 100, base64.b64encode(bytes(2**20)).decode()
TWO_TURNS = pcm16(silence(0.5), speech_like(1.0), silence(1.0), speech_like(1.0), silence(1.0))


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE_S):
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
    """While an append waits for the voice, no more frames are taken."""
    with BlockedVoice() as voice:
        async with Simulator(Options(), voice) as simulator, peer(simulator.url) as client:
            sessions = simulator.host.sessions
            (session,) = sessions.alive()
            wire = session.socket
            assert wire is not None and session.task is not None
            await client.append(TWO_TURNS)
            await until(lambda: voice.spoken)
            await client.append(LARGE)
            await client.append(LARGE)
            await until(lambda: wire.unread_frames == 2)
            session.task.cancel()
            await until(lambda: not sessions.alive())
            assert wire.unread_frames == 0


@pytest.mark.skipif(
    sys.platform != "linux", reason="reads /proc, and only glibc gives memory back when asked"
)
async def test_clients_that_hang_up_in_large_frames_leave_no_memory_behind() -> None:
    audio = base64.b64encode(LARGE).decode()
    with simulator_process(extra={TOKEN_VARIABLE: TOKEN}) as ready:
        before_mib = resident_mib(ready["pid"])
        for _ in range(4):
            async with wire_peer(ready["url"]) as client:
                assert (await client.frame()).kind == "session.created"
                for _ in range(2):
                    client.send("input_audio_buffer.append", audio=audio)
                    await client.writer.drain()
        await all_ended(ready["port"], 4)
        await until(lambda: resident_mib(ready["pid"]) < before_mib + 80)


@pytest.mark.skipif(
    sys.platform != "linux", reason="reads /proc, and only glibc gives memory back when asked"
)
async def test_a_crowd_leaves_no_memory_behind_though_one_of_them_stays() -> None:
    """Each of a hundred clients hears a long response of its own, sends much text and audio, and
    disconnects in the middle."""
    with simulator_process(extra={TOKEN_VARIABLE: TOKEN}) as ready:
        async with wire_peer(ready["url"]) as stays:
            await visit(ready["url"], 0)  # memory loaded by the first session is kept
            before_mib = resident_mib(ready["pid"])
            reading = asyncio.create_task(read_for_ever(stays))
            try:
                for first in range(1, CROWD, 20):
                    await asyncio.gather(
                        *(visit(ready["url"], n) for n in range(first, first + 20))
                    )
                await until(lambda: resident_mib(ready["pid"]) < before_mib + 30)
                assert not reading.done()
            finally:
                reading.cancel()


async def visit(url: str, n: int) -> None:
    async with wire_peer(url) as client:
        said = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": f"{n} {'word ' * 20_000}"}],
        }
        client.send("conversation.item.create", item=said)
        answer = {
            "content": [{"type": "text", "text": f"Number {n}. " + "the boats lay still, " * 25}]
        }
        client.send("response.create", response={"pre_generated_assistant_message": answer})
        await client.until("response.audio.delta")
        for _ in range(2):
            client.send("input_audio_buffer.append", audio=CROWDS)
        await client.writer.drain()


async def read_for_ever(client: WirePeer) -> None:
    """Ends only with the connection, which raises."""
    while True:
        with contextlib.suppress(TimeoutError):
            await client.frame()


async def all_ended(port: int, count: int) -> None:
    """Return when this many sessions have begun and ended."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            sessions = (await ask(port, "GET /simulator/state")).json["sessions"]
            if len(sessions) == count and all(session["ended"] for session in sessions):
                return


def resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


class Cycle:
    """The number of objects that only the garbage collector frees."""

    def __init__(self) -> None:
        self.itself = self


async def test_nothing_is_tidied_while_somebody_talks() -> None:
    busy, asked = True, 0

    def is_busy() -> bool:
        nonlocal asked
        asked += 1
        return busy

    thrift = MemoryTrimmer(is_busy, quiet_s=0.0, busy_s=1e6)
    gc.disable()
    try:
        gone = weakref.ref(Cycle())
        thrift.note_end()
        await until(lambda: asked == 1)
        assert gone() is not None
        busy = False
        thrift.note_end()
        await until(lambda: asked == 2)
        assert gone() is None
    finally:
        gc.enable()


async def test_who_talks_for_long_keeps_nothing_of_the_others_for_as_long() -> None:
    """The sessions end one after the other without a pause."""
    thrift = MemoryTrimmer(lambda: True, quiet_s=1e6, busy_s=0.0)
    gc.disable()
    try:
        gone = weakref.ref(Cycle())
        thrift.note_end()
        thrift.note_end()
        await until(lambda: gone() is None)
    finally:
        gc.enable()


async def test_what_was_kept_to_save_work_is_forgotten_first() -> None:
    kept = [Cycle()]
    gone = weakref.ref(kept[0])
    gc.disable()
    try:
        MemoryTrimmer(lambda: False, kept.clear, quiet_s=0.0).note_end()
        await until(lambda: gone() is None)
    finally:
        gc.enable()


async def test_work_in_a_thread_counts_to_its_end_though_nobody_waits_for_it() -> None:
    work, may_end, finished = BackgroundWork(), threading.Event(), asyncio.Event()
    work.finished = finished.set
    waiting = asyncio.create_task(work.run(lambda: may_end.wait(DEADLINE_S)))
    try:
        await until(lambda: work.running)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled() and work.running == 1 and not finished.is_set()
    finally:
        may_end.set()
    await asyncio.wait_for(finished.wait(), DEADLINE_S)
    assert work.running == 0


async def test_work_that_is_finished_holds_on_to_nothing() -> None:
    class Frame:
        pass

    frame = Frame()
    gone = weakref.ref(frame)
    held: list[Frame | None] = []
    work = BackgroundWork()
    work.finished = lambda: held.append(gone())
    gc.disable()
    try:
        working = work.run(partial(isinstance, frame, Frame))
        del frame
        assert await working
        await until(lambda: held)
        assert held == [None]
    finally:
        gc.enable()


async def test_work_that_fails_raises_what_it_raised() -> None:
    work = BackgroundWork()
    with pytest.raises(ZeroDivisionError):
        await work.run(lambda: 1 // 0)
    assert work.running == 0
