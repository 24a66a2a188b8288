"""The same faults over TLS: they act on TCP, below it."""

import ssl
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from voicelive_simulator.service.tls import Tls, self_signed

from tests.simulator.support.websocket_frames import PING
from tests.simulator.support.wire_peer import WirePeer, close_of, unkind, wire_peer


@pytest.fixture(scope="module")
def tls() -> Tls:
    return self_signed("127.0.0.1")


@pytest_asyncio.fixture
async def trusting(tls: Tls) -> AsyncIterator[ssl.SSLContext]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=tls.certificate)
    yield context


async def updated(client: WirePeer) -> None:
    assert (await client.frame()).kind == "session.created"
    client.update()


@pytest.mark.parametrize("how", ["fin", "half-frame"])
async def test_drop_ends_tcp_in_order_over_tls(
    tls: Tls, trusting: ssl.SSLContext, how: str
) -> None:
    fault = f"drop:how={how},on=session.updated"
    async with unkind(fault, tls=tls) as simulator, wire_peer(simulator.url, trusting) as client:
        await updated(client)
        ended, half = await client.end()
        assert ended == "fin"
        assert (b'"type":"session.updated"' in half) == (how == "half-frame")


async def test_drop_resets_tcp_under_tls(tls: Tls, trusting: ssl.SSLContext) -> None:
    async with (
        unkind("drop:how=rst,on=session.updated", tls=tls) as simulator,
        wire_peer(simulator.url, trusting) as client,
    ):
        await updated(client)
        assert await client.end() == ("rst", b"")


async def test_other_faults_over_tls(tls: Tls, trusting: ssl.SSLContext) -> None:
    faults = (
        "stop-pongs:on=session.updated",
        "slow-drip:bytes_per_s=50000",
        "close:code=4999,on=error",
    )
    async with unkind(*faults, tls=tls) as simulator, wire_peer(simulator.url, trusting) as client:
        await updated(client)
        assert (await client.frame()).kind == "session.updated"
        client.write(b"?", PING)
        client.send("nonsense")
        assert close_of(await client.frame()) == (4999, "")
