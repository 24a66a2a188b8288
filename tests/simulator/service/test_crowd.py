"""Several clients at once on real sockets, each doing anything in any order and leaving in any way.
Each gets a complete session as far as it went, the one beside it notices nothing, and no memory is
retained."""

import asyncio
import contextlib
import gc
import struct
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.client_strategies import equipped, resolved, scenes, steps
from tests.simulator.support.event_checker import EventChecker
from tests.simulator.support.websocket_frames import CLOSE, PING, TEXT
from tests.simulator.support.wire_peer import WirePeer, connection, wire_peer
from tests.support.deadlines import DEADLINE_S

TOLD = {
    "Session",
    "SessionRecord",
    "EventLog",
    "Ended",
    "Opening",
    "SessionFaults",
}  # the state of sessions that have ended
SPOKEN = {"Prosody", "Rendered", "Word", "Viseme"}  # the voice's own memory, see test_render.py
LEAVES = ("goodbye", "abort", "half a frame", "no mask")
Move = tuple[int, str, Any]

says = scenes.map(lambda scene: [step for step in scene if step[0] not in ("wait", "voice")])
says |= steps.filter(lambda step: step[0] not in ("wait", "voice", "garbage")).map(
    lambda step: [step]
)
moves: st.SearchStrategy[list[Move]] = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.just("say"),
        says,
    )
    | st.tuples(st.integers(0, 3), st.just("leave"), st.sampled_from(LEAVES))
    | st.tuples(st.integers(0, 3), st.sampled_from(["ping", "read", "look away"]), st.none()),
    min_size=5,
    max_size=25,
)


class Visitor:
    """One client, which reads everything unless it is told to stop reading."""

    def __init__(self, peer: WirePeer) -> None:
        self.peer = peer
        self.events: list[dict[str, Any]] = []
        self._reading = asyncio.create_task(self._read())

    def read(self) -> None:
        self.peer.resume_reading()

    def look_away(self) -> None:
        self.peer.pause_reading()

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while (frame := await self.peer.frame()).opcode != CLOSE:
                if frame.opcode == TEXT:
                    self.events.append(frame.json)

    async def leave(self, how: str) -> None:
        with contextlib.suppress(ConnectionError):
            match how:
                case "goodbye":
                    self.peer.write(struct.pack("!H", 1000), CLOSE)
                case "half a frame":
                    self.peer.writer.write(b"\x81\xfe\xff")
                case "no mask":
                    self.peer.writer.write(b"\x81\x02{}")
            if how == "abort":
                self.peer.writer.transport.abort()
            elif how == "half a frame":
                self.peer.writer.write_eof()
        self.read()
        await self._reading
        self.peer.writer.transport.abort()


class Crowd:
    """The clients by their positions; a new client takes an empty one."""

    def __init__(self, url: str, session: dict[str, Any], stack: AsyncExitStack) -> None:
        self._url = url
        self._session = session
        self._stack = stack
        self._visitors: dict[int, Visitor] = {}

    async def carry_out(self, move: Move) -> None:
        slot, what, how = move
        visitor = self._visitors.get(slot) or await self._come(slot)
        match what:
            case "say":
                for kind, fields in how:
                    visitor.peer.send(kind, **resolved(fields, visitor.events))
            case "ping":
                visitor.peer.write(b"?", PING)
            case "read":
                visitor.read()
            case "look away":
                visitor.look_away()
            case _:
                await self._leave(slot, how)

    async def close(self) -> None:
        for n, slot in enumerate(list(self._visitors)):
            await self._leave(slot, LEAVES[n % len(LEAVES)])

    async def _come(self, slot: int) -> Visitor:
        visitor = Visitor(await self._stack.enter_async_context(wire_peer(self._url)))
        visitor.peer.send("session.update", session=self._session)
        self._visitors[slot] = visitor
        return visitor

    async def _leave(self, slot: int, how: str) -> None:
        visitor = self._visitors.pop(slot)
        await visitor.leave(how)
        checker = EventChecker()
        for event in visitor.events:
            checker.check(event)


def living() -> Counter[str]:
    """The simulator's objects by their class."""
    gc.collect()
    kinds = (type(one) for one in gc.get_objects())
    return Counter(
        kind.__qualname__
        for kind in kinds
        if str(kind.__module__).startswith("voicelive_simulator")
    )


async def gone(before: Counter[str]) -> None:
    """Return when nothing is retained: a voice may still be rendering, or a session may have just
    begun whose client has already left."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            while set(left := living() - before) - TOLD - SPOKEN:
                await asyncio.sleep(0.001)
    except TimeoutError:
        raise AssertionError(f"these stay: {left}") from None


async def question(neighbour: WirePeer, n: int) -> None:
    """The session beside the others: every request gets exactly one reply."""
    neighbour.send("conversation.item.retrieve", item_id=f"none_{n}", event_id=f"mine_{n}")
    answer = (await neighbour.frame()).json
    assert (answer["type"], answer["error"]["event_id"]) == ("error", f"mine_{n}")


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(session=equipped, course=moves)
def test_a_crowd_leaves_nothing_behind(
    session: dict[str, Any], course: list[Move], capsys: pytest.CaptureFixture[str]
) -> None:
    problems: list[dict[str, Any]] = []

    async def scene() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: problems.append(context)
        )
        async with (
            Simulator(Options(), ToneVoice()) as simulator,
            wire_peer(simulator.url) as neighbour,
            AsyncExitStack() as stack,
        ):
            assert (await neighbour.frame()).kind == "session.created"
            before = living()
            crowd = Crowd(simulator.url, session, stack)
            for n, move in enumerate(course):
                await crowd.carry_out(move)
                await question(neighbour, n)
            await crowd.close()
            async with asyncio.timeout(DEADLINE_S):
                while len(simulator.host.sessions.alive()) > 1:
                    await asyncio.sleep(0.001)
            await question(neighbour, -1)
            await gone(before)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(scene())
    assert not problems
    assert capsys.readouterr().err == ""


async def test_who_says_nothing_and_leaves_is_forgotten() -> None:
    """A connection that never becomes a session."""
    async with Simulator(Options(), ToneVoice()) as simulator:
        for _ in range(20):
            async with connection(simulator.url) as client:
                client.writer.write(b"GET /voice-live")
                await client.writer.drain()
        assert simulator.host.sessions.all() == []
