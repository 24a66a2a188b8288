"""The control path on the simulator's own port: who may use it, and how."""

import asyncio
import json
import socket
import urllib.request

import aiohttp
import pytest
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.wire_peer import connection
from tests.support.control_requests import TOKEN, ask, state
from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import JSON, peer


async def test_without_a_token_nothing_is_kept_and_the_answer_says_how_to_have_it() -> None:
    async with Simulator(Options(), ToneVoice()) as simulator, peer(simulator.url):
        for token in (None, "", TOKEN):
            answer = await ask(simulator.port, "GET /simulator/journal", token)
            assert (
                answer.status == 404
                and "VOICELIVE_SIMULATOR_TOKEN" in answer.json["error"]["message"]
            )
        assert simulator.host.journal is None


@pytest.mark.parametrize(
    ("request_line", "headers", "status", "header"),
    [
        ("GET /simulator/state", {"Authorization": "Bearer wrong"}, 401, "www-authenticate"),
        ("PUT /simulator/state", {"Authorization": f"Bearer {TOKEN}"}, 405, "allow"),
        (
            "GET /simulator/state",
            {"Authorization": f"Bearer {TOKEN}", "Origin": "https://example.com"},
            403,
            "content-length",
        ),
        (
            "GET /simulator/state",
            {"authorization": f"Bearer {TOKEN}", "oRIGIN": "null"},
            403,
            "content-length",
        ),
        ("GET /simulator/elsewhere", {"Authorization": f"Bearer {TOKEN}"}, 404, "content-length"),
    ],
)
async def test_a_refusal_is_json_and_ends_the_connection(
    simulator: Simulator, request_line: str, headers: dict[str, str], status: int, header: str
) -> None:
    answer = await ask(simulator.port, request_line, None, headers)
    assert answer.status == status and header in answer.headers
    assert answer.headers["connection"] == "close" and "not Azure" in answer.headers["server"]
    assert set(answer.json["error"]) == {"code", "message"}


@pytest.mark.parametrize(
    "request_line",
    ["POST /simulator/reset", "GET /voice-live/realtime?api-version=2026-07-15&model=m"],
)
async def test_a_request_with_a_body_is_told_that_it_cannot_be_read(
    simulator: Simulator, request_line: str
) -> None:
    answer = await ask(simulator.port, request_line, headers={"Content-Length": "0005"})
    assert answer.status == 400 and "query" in answer.json["error"]["message"]


async def test_what_is_no_http_at_all_is_answered_and_let_go(simulator: Simulator) -> None:
    async with connection(simulator.url) as nonsense:
        nonsense.writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")
        how, answer = await nonsense.end()
        assert how == "fin" and answer.startswith(b"HTTP/1.1 400 ")
    assert (await state(simulator))["sessions_begun"] == 0


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # TEST-NET: nothing is sent, but this selects the outgoing interface
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


async def test_who_comes_over_the_network_has_the_service_and_no_control_path() -> None:
    address = _own_address()
    if not address or address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    async with Simulator(
        Options(host="0.0.0.0", token=TOKEN, key="anything"), ToneVoice()
    ) as simulator:
        async with peer(f"ws://{address}:{simulator.port}") as client:
            assert client.types() == ["session.created"]
        assert (await ask(simulator.port, "GET /simulator/state", host=address)).status == 403
        assert (await ask(simulator.port, "GET /simulator/state")).status == 200


async def test_common_http_clients_can_ask(simulator: Simulator) -> None:
    address = f"http://127.0.0.1:{simulator.port}/simulator"
    headers = {"Authorization": f"Bearer {TOKEN}"}

    def with_urllib() -> JSON:
        request = urllib.request.Request(f"{address}/reset", method="POST", headers=headers)
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
            result: JSON = json.load(answer)
            return result

    assert await asyncio.to_thread(with_urllib) == {"ended_sessions": 0}
    async with aiohttp.ClientSession(headers=headers) as http:
        for _ in range(2):  # a kept-alive connection must not be taken for an open one
            async with http.post(
                f"{address}/faults", params={"fault": "refuse", "status": "503"}
            ) as answer:
                assert answer.status == 200 and (await answer.json()) == {
                    "armed": "refuse",
                    "session": None,
                }
            async with http.delete(f"{address}/faults") as answer:
                assert await answer.json() == {"armed": None}
        async with http.get(f"{address}/state") as answer:
            assert (await answer.json())["faults"] == []
