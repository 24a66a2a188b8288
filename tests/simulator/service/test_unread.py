"""A client that reads nothing, or never closes its connection, does not delay the end of a
session."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.service.server import Simulator

from tests.simulator.support.websocket_frames import upgrade_request
from tests.simulator.support.wire_peer import unkind
from tests.support.deadlines import DEADLINE_S

# More than the buffers of two sockets hold, and more than may wait while the output is throttled.
STUCK = ["giant-frame:size_mb=64", "slow-drip:bytes_per_s=1|giant-frame:size_mb=1"]


impatient = partial(unkind, close_timeout_s=0.1)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def a_stuck_client(simulator: Simulator) -> AsyncIterator[socket.socket]:
    """Yields when the simulator has sent it data that it will not read."""
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", simulator.port))
        await loop.sock_sendall(client, upgrade_request())
        await until(
            lambda: any(session.record.events_sent for session in simulator.host.sessions.all())
        )
        yield client


@pytest.mark.parametrize("faults", STUCK)
async def test_the_server_ends(faults: str) -> None:
    async with impatient(*faults.split("|")) as simulator, a_stuck_client(simulator):
        async with asyncio.timeout(DEADLINE_S):
            await simulator.close()


@pytest.mark.parametrize("faults", STUCK)
async def test_the_sessions_time_ends(faults: str) -> None:
    async with (
        impatient(*faults.split("|"), session_minutes=0.001) as simulator,
        a_stuck_client(simulator),
    ):
        await until(lambda: not simulator.host.sessions.alive())


@pytest.mark.parametrize("faults", STUCK)
async def test_a_reset_ends_it(faults: str) -> None:
    async with impatient(*faults.split("|")) as simulator, a_stuck_client(simulator):
        async with asyncio.timeout(DEADLINE_S):
            assert await simulator.host.reset() == 1


@pytest.mark.parametrize("last", [b"\x88\x80\0\0\0\0", b"\x81\x01x"], ids=["goodbye", "no mask"])
async def test_a_client_that_never_hangs_up_after_its_last_frame(last: bytes) -> None:
    async with impatient() as simulator, a_stuck_client(simulator) as client:
        await asyncio.get_running_loop().sock_sendall(client, last)
        await until(lambda: not simulator.host.sessions.alive())


async def test_a_client_that_breaks_off_ends_its_session_in_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with impatient("giant-frame:size_mb=64") as simulator:
        async with a_stuck_client(simulator) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await until(lambda: not simulator.host.sessions.alive())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("end", ["close", "expire", "drop", "drop:how=rst"])
async def test_a_fault_that_ends_the_session_does(end: str) -> None:
    async with impatient("giant-frame:size_mb=64") as simulator, a_stuck_client(simulator):
        simulator.host.registry.arm(parse_fault_text(end))
        await until(lambda: not simulator.host.sessions.alive())
