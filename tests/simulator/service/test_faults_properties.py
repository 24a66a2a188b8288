"""Any faults with any parameters: the server survives, the session beside it notices nothing, and
nothing is retained."""

import asyncio
import contextlib
import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_simulator.faults.catalogue import parse_fault
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.kinds import KINDS
from voicelive_simulator.faults.params import Choice, EventText, Hex, Integer, Json, Number, Text
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.websocket_frames import CLOSE, PING
from tests.simulator.support.wire_peer import WirePeer, connection, wire_peer

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
_PATHS = st.sampled_from(
    [
        "",
        "type",
        "event_id",
        "session",
        "session.model",
        "delta",
        "response.output.0.type",
        "a.b",
        "..",
        "0",
    ]
)
_LEFT_OUT = object()
_SLOW = ("ms", "bytes_per_s")  # their defaults would only take time here


def _values(name: str, param: Any) -> st.SearchStrategy[Any]:
    match param:
        case Choice():
            return st.sampled_from(param.choices)
        case Integer() if name in ("ms", "for_ms"):
            return st.integers(1, 30)
        case Integer() if name == "bytes_per_s":
            return st.integers(20_000, param.high)
        case Integer():
            return st.sampled_from([param.low, param.high]) | st.integers(param.low, param.high)
        case Number():
            return st.floats(param.low, 0.5)
        case Text() if name == "field":
            return _PATHS
        case Text() if name == "until":
            return st.sampled_from(["response.done", "session.updated", "error", "*", ""])
        case Text():
            return st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=30)
        case Hex():
            return st.binary(min_size=1, max_size=9).map(bytes.hex)
        case EventText():
            return st.dictionaries(st.text(max_size=5), _JSON, max_size=3)
        case Json():
            return _JSON
    raise AssertionError(f"no strategy for {param}")


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    kind = KINDS[draw(st.sampled_from(list(KINDS)))]
    table: dict[str, Any] = {"fault": kind.name}
    for name, param in kind.params.items():
        values = _values(name, param)
        value = draw(values if name in _SLOW else st.just(_LEFT_OUT) | values)
        if value is not _LEFT_OUT:
            table[name] = value
    if kind.stage != "handshake" and draw(st.booleans()):
        table["on"] = draw(
            st.sampled_from(
                ["", "*", "*.delta", "session.updated", "session.created", "response.*", "error"]
            )
        )
    table["after"] = draw(st.integers(0, 3))
    table["times"] = draw(st.integers(0, 3))
    return parse_fault(table)


async def unlucky(url: str) -> None:
    """A client that goes on with usual requests, whatever it receives, until it is done or its
    connection ends."""
    async with connection(url) as client:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await client.upgrade()
            if client.status == 101:
                client.update()
                client.send("response.create", response={"modalities": ["text"]})
                client.write(b"?", PING)
                client.send("nonsense")
                client.write(struct.pack("!H", 1000), CLOSE)
                await client.end()


async def steady(client: WirePeer) -> None:
    """The session beside the others: every request gets exactly one reply."""
    for n in range(20):
        client.send("conversation.item.retrieve", item_id=f"none_{n}", event_id=f"mine_{n}")
        answer = (await client.frame()).json
        assert (answer["type"], answer["error"]["event_id"]) == ("error", f"mine_{n}")


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(armed=st.lists(faults(), min_size=1, max_size=6), live=st.lists(faults(), max_size=3))
def test_any_faults_harm_nobody_else(
    armed: list[Fault], live: list[Fault], capsys: pytest.CaptureFixture[str]
) -> None:
    problems: list[dict[str, Any]] = []

    async def scene() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: problems.append(context)
        )
        async with (
            Simulator(Options(), ToneVoice()) as simulator,
            wire_peer(simulator.url) as neighbour,
        ):
            assert (await neighbour.frame()).kind == "session.created"
            [next_door] = simulator.host.sessions.alive()
            for fault in armed:
                simulator.host.registry.arm(fault)
            # a fault that is armed for all sessions is armed for this one too, which is to be
            # spared
            next_door.faults.clear()
            async with asyncio.TaskGroup() as talks:
                for _ in range(2):
                    talks.create_task(unlucky(simulator.url))
                for fault in live:
                    await asyncio.sleep(0)
                    for session in simulator.host.sessions.alive():
                        if session is not next_door:
                            session.faults.arm(fault)
                await steady(neighbour)
                simulator.host.registry.clear()  # otherwise some would wait for ever
            async with wire_peer(simulator.url) as later:
                assert (await later.frame()).kind == "session.created"
                await steady(later)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(scene())
    assert not problems
    assert capsys.readouterr().err == ""
