"""Faults of the handshake, as a raw client sees them."""

import asyncio

import pytest
from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.faults.registry import FaultRegistry

from tests.simulator.support.websocket_frames import TARGET
from tests.simulator.support.wire_peer import connection, unkind, wire_peer
from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import Peer, dial


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("refuse:status=401", 401, "Unauthorized"),
        ("refuse:status=403", 403, "Forbidden"),
        ("refuse:status=404", 404, "NotFound"),
        ("refuse:status=429", 429, "TooManyRequests"),
        ("refuse", 503, "ServiceUnavailable"),
        ("refuse:status=418", 418, "ImATeapot"),
        ("refuse:status=499", 499, "ClientError"),
        ("refuse:status=599", 599, "ServerError"),
    ],
)
async def test_refuse_answers_with_an_error_in_azures_shape(
    fault: str, status: int, code: str
) -> None:
    async with unkind(fault) as simulator, connection(simulator.url) as client:
        await client.upgrade()
        assert (client.status, client.headers["content-type"]) == (status, "application/json")
        error = (await client.body())["error"]
        assert error["code"] == code
        assert "fault refuse" in error["message"]
        assert client.headers.get("retry-after") == ("2" if status == 429 else None)
        assert ("www-authenticate" in client.headers) == (status == 401)


async def test_refuse_says_what_it_is_told_to() -> None:
    fault = 'refuse:status=503,retry_after_s=30,message="come later, please"'
    async with unkind(fault) as simulator, connection(simulator.url) as client:
        await client.upgrade()
        assert (client.status, client.headers["retry-after"]) == (503, "30")
        assert (await client.body())["error"]["message"] == "come later, please"


async def test_refuse_passes_some_handshakes_and_then_strikes_so_often() -> None:
    async with unkind("refuse:after=1,times=2") as simulator:
        seen = []
        for _ in range(5):
            async with connection(simulator.url) as client:
                await client.upgrade()
                seen.append(client.status)
        assert seen == [101, 503, 503, 101, 101]


async def test_refuse_comes_before_any_other_reason() -> None:
    """This also applies to a request that would be refused anyway; but a request for another path
    is not a handshake."""
    async with unkind("refuse:status=403") as simulator:
        async with connection(simulator.url) as client:
            await client.upgrade("/elsewhere")
            assert client.status == 404
        async with connection(simulator.url) as client:
            await client.upgrade("/voice-live/realtime")
            assert client.status == 403


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
async def test_redirect_without_a_location_leads_back_to_the_simulator(status: str) -> None:
    async with unkind(f"redirect:status={status}") as simulator:
        async with connection(simulator.url) as client:
            await client.upgrade()
            assert (client.status, client.headers["location"]) == (
                int(status),
                f"/redirected{TARGET}",
            )
        simulator.host.registry.arm(parse_fault_text(f"redirect:status={status}"))
        async with dial(simulator.url + TARGET) as socket:
            assert (await Peer(socket).receive())["type"] == "session.created"
            assert socket.request is not None and socket.request.path.startswith("/redirected/")


async def test_redirect_goes_where_it_is_told_to() -> None:
    location = "wss://example.invalid/voice-live/realtime"
    async with (
        unkind(f"redirect:location={location}") as simulator,
        connection(simulator.url) as client,
    ):
        await client.upgrade()
        assert (client.status, client.headers["location"]) == (307, location)


async def test_hang_for_a_while_answers_late() -> None:
    async with unkind("hang:for_ms=30") as simulator, wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"


async def test_hang_then_refuse_is_a_late_refusal() -> None:
    async with unkind("hang:for_ms=30", "refuse") as simulator, connection(simulator.url) as client:
        await client.upgrade()
        assert client.status == 503


async def test_hang_lasts_until_the_faults_are_cleared() -> None:
    async with unkind("hang") as simulator, connection(simulator.url) as client:
        client.request()
        await _struck(simulator.host.registry, gone=True)
        async with wire_peer(simulator.url) as other:
            assert (await other.frame()).kind == "session.created"
        simulator.host.registry.clear()
        assert b" 101 " in await asyncio.wait_for(client.reader.readuntil(b"\r\n\r\n"), DEADLINE_S)


async def test_hang_ends_without_an_answer_when_the_server_does() -> None:
    async with unkind("hang:times=0") as simulator, connection(simulator.url) as client:
        client.request()
        await _struck(simulator.host.registry)
        await asyncio.wait_for(simulator.close(), DEADLINE_S)
        how, rest = await client.end()
        assert rest == b"" and how in ("fin", "rst")


async def test_hang_is_forgotten_when_its_client_goes_away() -> None:
    async with unkind("hang") as simulator:
        before = len(asyncio.all_tasks())
        async with connection(simulator.url) as client:
            client.request()
            await _struck(simulator.host.registry, gone=True)
        async with asyncio.timeout(DEADLINE_S):
            while len(asyncio.all_tasks()) > before:
                await asyncio.sleep(0)


async def _struck(armed: FaultRegistry, gone: bool = False) -> None:
    """Until the first armed fault has struck, which is then gone if it strikes only once."""
    async with asyncio.timeout(DEADLINE_S):
        while armed.to_json() if gone else not armed.to_json()[0]["struck"]:
            await asyncio.sleep(0)
