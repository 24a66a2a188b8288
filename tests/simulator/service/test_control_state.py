"""The information on the control path: the state, and the journal of all sessions."""

import asyncio
import socket
import ssl

import pytest
from voicelive_simulator.service import connection
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.service.sessions import MOST_ENDED
from voicelive_simulator.service.tls import self_signed
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.manual_clock import ManualClock
from tests.simulator.support.websocket_frames import TARGET
from tests.simulator.support.wire_peer import wire_peer
from tests.support.control_requests import TOKEN, ask, ended, journal, state
from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import Peer, dial, peer


async def test_the_state_of_a_fresh_simulator(simulator: Simulator) -> None:
    now = await state(simulator)
    assert now["azure"] is False and now["voice"] == "tone" and now["uptime_s"] >= 0
    assert (
        now["scenario"],
        now["replay"],
        now["faults"],
        now["sessions"],
        now["sessions_begun"],
    ) == (None, None, [], [], 0)
    assert now["journal"] == {"newest": 0, "kept": 0, "dropped": 0}


async def test_a_session_is_told_with_its_turns_responses_and_counts() -> None:
    clock = ManualClock()
    async with Simulator(Options(token=TOKEN), ToneVoice(), clock) as simulator:
        async with peer(simulator.url, model="gpt-4o-mini", api_version="2025-10-01") as client:
            item = {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "hello"}],
            }
            await client.ask("conversation.item.create", "conversation.item.created", item=item)
            created = await client.ask("response.create", "response.created")
            (session,) = (await state(simulator))["sessions"]
            assert (session["n"], session["id"]) == (1, client.session_id)
            assert (session["model"], session["api_version"], session["ended"]) == (
                "gpt-4o-mini",
                "2025-10-01",
                None,
            )
            assert (session["turn"], session["response_id"]) == (1, created["response"]["id"])
            clock.release()
            await client.until("response.done")
            (session,) = (await state(simulator))["sessions"]
            assert session["response_id"] is None
            assert session["events_received"] == 2 and session["events_sent"] >= len(client.events)
        assert (await ended(simulator, 1))["ended"] == {"code": 1000, "reason": "", "by": "client"}


async def test_a_broken_connection_is_told_from_a_goodbye(simulator: Simulator) -> None:
    async with wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"
        client.writer.transport.abort()
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
        names = {first.session_id: "first", second.session_id: "second"}
        answer = await ask(simulator.port, "GET /simulator/journal")
        assert (
            answer.headers["journal-dropped"] == "0"
            and answer.headers["content-type"] == "application/x-ndjson"
        )
        listed = [
            (names[entry["session"]], entry["from"], entry["event"].get("type"))
            for entry in answer.lines
        ]
        assert listed == [
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
        assert answer.lines[0]["event"] == first.events[0], (
            "but for payloads and secrets an event is kept to the letter"
        )
        assert answer.lines[2]["event"]["audio"] == {"bytes": 960}
        assert [
            entry["n"] for entry in await journal(simulator, f"?session={second.session_id}")
        ] == [2, 6, 7]
        assert [
            entry["n"]
            for entry in await journal(simulator, f"?session={second.session_id}&after=6")
        ] == [7]
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
        bodies = [
            (await ask(simulator.port, f"GET /simulator/{what}")).body.decode()
            for what in ("state", "journal")
        ]
    assert "orders" in bodies[1] and "X-Key" in bodies[1]
    assert not any("hush" in body or TOKEN in body for body in bodies)


@pytest.mark.parametrize("secure", [False, True])
async def test_a_long_journal_arrives_whole(secure: bool) -> None:
    tls = self_signed("127.0.0.1") if secure else None
    context = ssl.create_default_context(cadata=tls.certificate) if tls else None
    async with (
        Simulator(Options(token=TOKEN, tls=tls), ToneVoice()) as simulator,
        dial(simulator.url + TARGET, tls=context) as socket,
    ):
        client = Peer(socket)
        for n in range(300):
            await client.send(
                "session.update", event_id=f"event_{n}", session={"instructions": str(n) * 3000}
            )
        while client.types().count("session.updated") < 300:
            await client.receive()
        answer = await ask(simulator.port, "GET /simulator/journal", tls=context)
    assert len(answer.body) > 2**20
    assert [entry["n"] for entry in answer.lines] == list(
        range(int(answer.headers["journal-dropped"]) + 1, 602)
    )


async def test_a_long_journal_arrives_whole_at_a_reader_that_comes_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A long response gets more time than a close frame, which has almost none in this test."""
    monkeypatch.setattr(connection, "HANDSHAKE_TIMEOUT_S", 2 * DEADLINE_S)
    loop = asyncio.get_running_loop()
    close_timeout_s = 0.02
    async with Simulator(
        Options(token=TOKEN, close_timeout_s=close_timeout_s), ToneVoice()
    ) as simulator:
        assert simulator.host.journal is not None
        while not simulator.host.journal.dropped:
            simulator.host.journal.add("", "simulator", {"type": "t", "text": ["x" * 10_000] * 20})
        size_bytes = sum(map(len, simulator.host.journal.lines()))
        [listening] = simulator.sockets
        listening.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 4096
        )  # otherwise the system would buffer all of it
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            await loop.sock_connect(client, ("127.0.0.1", simulator.port))
            request = (
                "GET /simulator/journal HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                f"Bearer {TOKEN}\r\n\r\n"
            )
            await loop.sock_sendall(client, request.encode())
            async with asyncio.timeout(DEADLINE_S):
                answer = await loop.sock_recv(client, 1)
                # The response has begun, and so has the time for a close frame, which is over
                # before the rest is read.
                await asyncio.sleep(2 * close_timeout_s)
                while part := await loop.sock_recv(client, 2**20):
                    answer += part
    assert len(answer.partition(b"\r\n\r\n")[2]) == size_bytes
