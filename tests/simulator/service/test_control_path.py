"""The control path on the simulator's own port: what it tells, what it does, who may ask."""

import asyncio
import json
import socket
import ssl
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from voicelive_tui.simulator.faults.catalogue import parse_fault_text
from voicelive_tui.simulator.service import server
from voicelive_tui.simulator.service.server import Options, Simulator
from voicelive_tui.simulator.service.sessions import MOST_ENDED
from voicelive_tui.simulator.service.tls import self_signed
from voicelive_tui.simulator.service.wire import Wire
from voicelive_tui.simulator.sound.tones import ToneVoice
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.support.control_requests import TOKEN, Answer, ask
from tests.support.voice_live_peer import DEADLINE_S, JSON, Peer, peer
from tests.support.wire_peer import connection, wire_peer


@pytest_asyncio.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Options(token=TOKEN), ToneVoice()) as running:
        yield running


async def state(simulator: Simulator) -> JSON:
    answer = await ask(simulator.port, "GET /simulator/state")
    assert answer.status == 200 and answer.headers["content-type"] == "application/json"
    result: JSON = answer.json
    return result


async def journal(simulator: Simulator, query: str = "") -> list[JSON]:
    return (await ask(simulator.port, f"GET /simulator/journal{query}")).lines


def session_id(client: Peer) -> str:
    return str(client.events[0]["session"]["id"])


async def ended(simulator: Simulator, n: int) -> JSON:
    """How session `n` has ended, as soon as it has."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            session: JSON = (await state(simulator))["sessions"][n - 1]
            if session["ended"]:
                return session


async def test_the_state_of_a_fresh_simulator(simulator: Simulator) -> None:
    now = await state(simulator)
    assert now["azure"] is False and now["voice"] == "tone" and now["uptime_s"] >= 0
    assert (now["scenario"], now["replay"], now["faults"], now["sessions"], now["sessions_begun"]) == (None, None, [], [], 0)
    assert now["journal"] == {"newest": 0, "kept": 0, "dropped": 0}


async def test_a_session_is_told_with_its_turns_responses_and_counts(simulator: Simulator) -> None:
    async with peer(simulator.url, model="gpt-4o-mini", api_version="2025-10-01") as client:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}
        await client.ask("conversation.item.create", "conversation.item.created", item=item)
        created = await client.ask("response.create", "response.created")
        (session,) = (await state(simulator))["sessions"]
        assert (session["n"], session["id"]) == (1, session_id(client))
        assert (session["model"], session["api_version"], session["ended"]) == ("gpt-4o-mini", "2025-10-01", None)
        assert (session["turn"], session["response_id"]) == (1, created["response"]["id"])
        await client.until("response.done")
        (session,) = (await state(simulator))["sessions"]
        assert session["response_id"] is None
        assert session["events_received"] == 2 and session["events_sent"] >= len(client.events)
    assert (await ended(simulator, 1))["ended"] == {"code": 1000, "reason": "", "by": "client"}


async def test_a_broken_connection_is_told_from_a_goodbye(simulator: Simulator) -> None:
    async with peer(simulator.url) as client:
        client.socket.transport.abort()
    assert (await ended(simulator, 1))["ended"] == {"code": 1006, "reason": "", "by": "connection"}


async def test_the_newest_sessions_are_remembered_and_all_are_counted(simulator: Simulator) -> None:
    for _ in range(MOST_ENDED + 3):
        async with peer(simulator.url):
            pass
    async with peer(simulator.url), asyncio.timeout(DEADLINE_S):
        while len((now := await state(simulator))["sessions"]) != MOST_ENDED + 1:
            pass
    assert now["sessions_begun"] == MOST_ENDED + 4
    assert [session["n"] for session in now["sessions"]] == list(range(4, MOST_ENDED + 5))


async def test_the_journal_has_the_events_of_each_session_in_order(simulator: Simulator) -> None:
    async with peer(simulator.url) as first, peer(simulator.url) as second:
        await first.append(bytes(960))
        await first.ask("session.update", "session.updated", session={}, event_id="event_mine")
        await second.socket.send("{bad")
        await second.receive()
        names = {session_id(first): "first", session_id(second): "second"}
        answer = await ask(simulator.port, "GET /simulator/journal")
        assert answer.headers["journal-dropped"] == "0" and answer.headers["content-type"] == "application/x-ndjson"
        told = [(names[entry["session"]], entry["from"], entry["event"].get("type")) for entry in answer.lines]
        assert told == [
            ("first", "simulator", "session.created"),
            ("second", "simulator", "session.created"),
            ("first", "client", "input_audio_buffer.append"),
            ("first", "client", "session.update"),
            ("first", "simulator", "session.updated"),
            ("second", "client", None),
            ("second", "simulator", "error"),
        ]
        assert [entry["n"] for entry in answer.lines] == list(range(1, 8))
        times = [entry["t"] for entry in answer.lines]
        assert times == sorted(times)
        assert answer.lines[0]["event"] == first.events[0], "but for payloads and secrets an event is kept to the letter"
        assert answer.lines[2]["event"]["audio"] == {"bytes": 960}
        assert [entry["n"] for entry in await journal(simulator, f"?session={session_id(second)}")] == [2, 6, 7]
        assert [entry["n"] for entry in await journal(simulator, f"?session={session_id(second)}&after=6")] == [7]
        assert await journal(simulator, "?session=sess_none") == []


async def test_no_secret_reaches_state_or_journal() -> None:
    async with (
        Simulator(Options(token=TOKEN, key="hush-key"), ToneVoice()) as simulator,
        peer(simulator.url, query="&Authorization=Bearer%20hush-key&trace=hush-query") as client,
    ):
        tool = {
            "type": "mcp",
            "server_label": "orders",
            "server_url": "https://mcp.example.com/?sig=hush-url",
            "authorization": "hush-mcp",
            "headers": {"X-Key": "hush-header"},
        }
        await client.send("session.update", session={"tools": [tool]})
        await client.until("session.updated")
        bodies = [(await ask(simulator.port, f"GET /simulator/{what}")).body.decode() for what in ("state", "journal")]
    assert "orders" in bodies[1] and "X-Key" in bodies[1]
    assert not any("hush" in body or TOKEN in body for body in bodies)


async def test_without_a_token_nothing_is_kept_and_the_answer_says_how_to_have_it() -> None:
    async with Simulator(Options(), ToneVoice()) as simulator, peer(simulator.url):
        for token in (None, "", TOKEN):
            answer = await ask(simulator.port, "GET /simulator/journal", token)
            assert answer.status == 404 and "VOICELIVE_SIMULATOR_TOKEN" in answer.json["error"]["message"]
        assert simulator.host.journal is None


@pytest.mark.parametrize(
    ("request_line", "headers", "status", "header"),
    [
        ("GET /simulator/state", {"Authorization": "Bearer wrong"}, 401, "www-authenticate"),
        ("PUT /simulator/state", {"Authorization": f"Bearer {TOKEN}"}, 405, "allow"),
        ("GET /simulator/state", {"Authorization": f"Bearer {TOKEN}", "Origin": "https://example.com"}, 403, "content-length"),
        ("GET /simulator/state", {"authorization": f"Bearer {TOKEN}", "oRIGIN": "null"}, 403, "content-length"),
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


@pytest.mark.parametrize("request_line", ["POST /simulator/reset", "GET /voice-live/realtime?api-version=2026-07-15&model=m"])
async def test_a_request_with_a_body_is_told_that_it_cannot_be_read(simulator: Simulator, request_line: str) -> None:
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
            probe.connect(("192.0.2.1", 9))  # TEST-NET: sends nothing, but chooses the way out
        except OSError:
            return ""
        return str(probe.getsockname()[0])


async def test_who_comes_over_the_network_has_the_service_and_no_control_path() -> None:
    address = _own_address()
    if not address or address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    async with Simulator(Options(host="0.0.0.0", token=TOKEN, key="anything"), ToneVoice()) as simulator:
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
        for _ in range(2):  # a kept connection must not be taken for an open one
            async with http.post(f"{address}/faults", params={"fault": "refuse", "status": "503"}) as answer:
                assert answer.status == 200 and (await answer.json()) == {"armed": "refuse", "session": None}
            async with http.delete(f"{address}/faults") as answer:
                assert await answer.json() == {"armed": None}
        async with http.get(f"{address}/state") as answer:
            assert (await answer.json())["faults"] == []


@pytest.mark.parametrize("secure", [False, True])
async def test_a_long_journal_arrives_whole(secure: bool) -> None:
    tls = self_signed("127.0.0.1") if secure else None
    context = ssl.create_default_context(cadata=tls.certificate) if tls else None
    async with (
        Simulator(Options(token=TOKEN, tls=tls), ToneVoice()) as simulator,
        connect(
            f"{simulator.url}/voice-live/realtime?api-version=2026-07-15&model=m",
            ssl=context,
            additional_headers={"api-key": "k"},
            proxy=None,
        ) as socket,
    ):
        client = Peer(socket)
        for n in range(300):
            await client.send("session.update", event_id=f"event_{n}", session={"instructions": str(n) * 3000})
        async with asyncio.timeout(DEADLINE_S):
            while client.types().count("session.updated") < 300:
                await client.receive()
        answer = await ask(simulator.port, "GET /simulator/journal", tls=context)
    assert len(answer.body) > 2**20
    assert [entry["n"] for entry in answer.lines] == list(range(int(answer.headers["journal-dropped"]) + 1, 602))


async def test_a_reset_ends_all_sessions_and_begins_anew(simulator: Simulator) -> None:
    async with peer(simulator.url) as first, peer(simulator.url) as second:
        await first.send("response.create")
        await first.until("response.audio.delta")
        await ask(simulator.port, "POST /simulator/faults?fault=refuse")
        assert (await ask(simulator.port, "POST /simulator/reset")).json == {"ended_sessions": 2}
        for client in (first, second):
            with pytest.raises(ConnectionClosed):
                await client.until("never")
            assert (client.socket.close_code, client.socket.close_reason) == (1001, "reset")
        now = await state(simulator)
        assert (now["sessions"], now["sessions_begun"], now["faults"]) == ([], 0, [])
        assert await journal(simulator) == []
    async with peer(simulator.url) as client:
        assert [(session["n"], session["id"]) for session in (await state(simulator))["sessions"]] == [(1, session_id(client))]
        assert [entry["n"] for entry in await journal(simulator)] == [1]


async def test_a_long_journal_arrives_whole_at_a_reader_that_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    wires: list[Wire] = []

    class Seen(Wire):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            wires.append(self)

    monkeypatch.setattr(server, "Wire", Seen)
    loop = asyncio.get_running_loop()
    async with Simulator(Options(token=TOKEN), ToneVoice()) as simulator:
        assert simulator.host.journal is not None and simulator._server is not None
        while not simulator.host.journal.dropped:
            simulator.host.journal.add("", "simulator", {"type": "t", "text": ["x" * 10_000] * 20})
        size_bytes = sum(map(len, simulator.host.journal.lines()))
        [listening] = simulator._server.sockets
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # or the system would hold it all
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            await loop.sock_connect(client, ("127.0.0.1", simulator.port))
            request = f"GET /simulator/journal HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
            await loop.sock_sendall(client, request.encode())
            async with asyncio.timeout(DEADLINE_S):
                while not any(wire.close_deadline and wire.close_deadline < loop.time() for wire in wires):
                    await asyncio.sleep(0.001)
                answer = b""
                while part := await loop.sock_recv(client, 2**20):
                    answer += part
    assert len(answer.partition(b"\r\n\r\n")[2]) == size_bytes


async def test_a_reset_does_not_wait_for_a_client_that_hangs(simulator: Simulator) -> None:
    async with wire_peer(simulator.url) as hanging:
        assert (await ask(simulator.port, "POST /simulator/reset")).json == {"ended_sessions": 1}
        assert (await state(simulator))["sessions"] == []
        how, left = await hanging.end()
        assert how == "fin" and b"reset" in left


async def test_a_reset_arms_the_faults_of_the_start_again() -> None:
    faults = (parse_fault_text("refuse:status=429,retry_after_s=7"),)
    async with Simulator(Options(token=TOKEN, faults=faults), ToneVoice()) as simulator:
        started: Answer = await ask(simulator.port, "GET /simulator/state")
        assert [fault["fault"] for fault in started.json["faults"]] == ["refuse"]
        assert (await ask(simulator.port, "DELETE /simulator/faults")).status == 200
        assert (await state(simulator))["faults"] == []
        await ask(simulator.port, "POST /simulator/reset")
        assert (await state(simulator))["faults"] == started.json["faults"]


async def test_a_reset_neither_spends_its_faults_on_what_it_ends_nor_lets_in_what_hung() -> None:
    faults = (parse_fault_text("drop"), parse_fault_text("hang"))
    async with Simulator(Options(token=TOKEN, faults=faults), ToneVoice()) as simulator:
        await ask(simulator.port, "DELETE /simulator/faults")
        async with peer(simulator.url) as client:
            await ask(simulator.port, "POST /simulator/faults?fault=hang")
            hanging = asyncio.create_task(_connected(simulator.url))
            async with asyncio.timeout(DEADLINE_S):
                while (await state(simulator))["faults"]:
                    pass
            await ask(simulator.port, "POST /simulator/reset")
            with pytest.raises(ConnectionClosed):
                await client.until("never")
            assert client.socket.close_reason == "reset"
            assert not await asyncio.wait_for(hanging, DEADLINE_S)
        now = await state(simulator)
        assert now["sessions_begun"] == 0
        assert [(fault["fault"], fault["struck"]) for fault in now["faults"]] == [("hang", 0), ("drop", 0)]


async def _connected(url: str) -> bool:
    try:
        async with peer(url):
            return True
    except (InvalidMessage, ConnectionError, EOFError):
        return False


async def test_a_fault_of_one_session_strikes_no_other_and_is_told_while_it_waits(simulator: Simulator) -> None:
    async with peer(simulator.url) as first, peer(simulator.url) as second:
        query = f"fault=close&code=4001&on=session.updated&session={session_id(second)}"
        assert (await ask(simulator.port, f"POST /simulator/faults?{query}")).json["session"] == session_id(second)
        waiting = [[fault["fault"] for fault in session["faults"]] for session in (await state(simulator))["sessions"]]
        assert waiting == [[], ["close"]]
        await first.ask("session.update", "session.updated", session={})
        await second.send("session.update", session={})
        await asyncio.wait_for(second.socket.wait_closed(), DEADLINE_S)
        assert second.socket.close_code == 4001
        struck = await ended(simulator, 2)
        assert (struck["ended"]["code"], struck["faults_struck"], struck["faults"]) == (4001, 1, [])
        faults = [entry for entry in await journal(simulator) if entry["from"] == "fault"]
        assert [(entry["session"], entry["event"]) for entry in faults] == [(session_id(second), {"type": "close"})]


async def test_faults_that_are_taken_back_do_not_strike(simulator: Simulator) -> None:
    async with peer(simulator.url) as client:
        await ask(simulator.port, "POST /simulator/faults?fault=drop&on=session.updated")
        await ask(simulator.port, f"POST /simulator/faults?fault=drop&on=session.updated&session={session_id(client)}")
        await ask(simulator.port, "POST /simulator/faults?fault=refuse")
        await ask(simulator.port, "DELETE /simulator/faults")
        await client.ask("session.update", "session.updated", session={})
    async with peer(simulator.url):
        pass


async def test_a_fault_for_a_session_that_does_not_run_is_refused(simulator: Simulator) -> None:
    answer = await ask(simulator.port, "POST /simulator/faults?fault=drop&session=sess_none")
    assert answer.status == 404 and answer.json["error"]["code"] == "NoSuchSession"
