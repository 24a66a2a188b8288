"""The transport against misbehaving servers, over real sockets."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator

import pytest
from voicelive_tui.net.close_reasons import explain_close
from voicelive_tui.net.liveness import LivenessLimits
from voicelive_tui.net.transport import Closed, Transport

from tests.net.support.connections import HEADERS, KEY, PROXIES, endpoint
from tests.support.hostile_servers import (
    BINARY,
    close_frame,
    frame,
    saying,
    serving,
    upgrade,
)


async def received(transport: Transport) -> Closed:
    """Receive until the socket ends, and return how it ended."""
    with pytest.raises(Closed) as caught:
        while True:
            await transport.receive()
    return caught.value


async def test_a_proxy_in_the_environment_does_not_stand_before_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(saying(stay=True)) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        await transport.close()


async def test_accept_then_close() -> None:
    async with serving(saying()) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        closed = await received(transport)
        assert closed.code is None
        assert not closed.by_us
        assert "connection broke" in closed.sentence
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("code", "reason", "word"),
    [
        (1000, "", "ended the session"),
        (1001, "session_expired", "time limit"),
        (1001, "", "went away"),
        (1008, "quota", "policy"),
        (1011, "internal", "internal error"),
        (4000, "odd", "4000"),
    ],
)
async def test_close_codes_and_reasons_are_readable(code: int, reason: str, word: str) -> None:
    async with serving(saying(close_frame(code, reason))) as server:
        closed = await received(await Transport.open(endpoint(server), HEADERS))
        assert (closed.code, closed.reason) == (code, reason)
        assert word in closed.sentence


@pytest.mark.parametrize(
    ("last", "word"), [(close_frame(1012, "restart"), "1012"), (b"\xff\xff", "protocol error")]
)
async def test_a_server_that_stays_after_its_last_frame_is_left(last: bytes, word: str) -> None:
    over = asyncio.Event()

    async def stays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        writer.write(last)
        await over.wait()

    async with serving(stays) as server:
        transport = await Transport.open(
            endpoint(server), HEADERS, liveness=LivenessLimits(3_600.0, 3_600.0)
        )
        closed = await received(transport)
        assert word in closed.sentence
        assert not closed.by_us
        over.set()


async def test_our_own_goodbye() -> None:
    async with serving(saying(stay=True)) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        closed = await transport.close()
        assert (closed.code, closed.by_us) == (1000, True)


async def test_binary_frames_and_bad_utf8_are_passed_on() -> None:
    frames = [
        frame(b'{"type":"a"}', BINARY),
        frame(b"\xff\xfe"),
        frame("é".encode()),
        close_frame(1000),
    ]
    async with serving(saying(*frames)) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        assert [await transport.receive() for _ in range(3)] == ['{"type":"a"}', b"\xff\xfe", "é"]
        assert (await received(transport)).code == 1000


async def test_a_large_message_arrives_and_a_giant_one_ends_the_session() -> None:
    large = b"x" * (5 * 1024 * 1024)
    giant = b"x" * (16 * 1024 * 1024 + 1)
    async with serving(saying(frame(large), frame(giant), stay=True)) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        assert len(await transport.receive()) == len(large)
        closed = await received(transport)
        assert closed.code == 1009
        assert "16 MiB" in closed.sentence


async def test_a_server_that_breaks_the_protocol() -> None:
    async with serving(saying(b"\xf7\xff\xff\xff", stay=True)) as server:
        closed = await received(await Transport.open(endpoint(server), HEADERS))
        assert closed.code == 1002


async def test_a_server_that_does_not_read_makes_send_wait() -> None:
    stuck = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        await stuck.wait()

    async with serving(deaf) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        sent = 0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.0):
                while sent < 64 * 1024 * 1024:
                    await transport.send("x" * 65_536)
                    sent += 65_536
        transport.abort()
        stuck.set()


async def test_a_goodbye_to_a_peer_that_does_not_read_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicelive_tui.net.transport.CLOSE_TIMEOUT_S", 0.2)
    stuck = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        await stuck.wait()

    async with serving(deaf, window_bytes=4096) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                while True:
                    await transport.send("x" * 65_536)
        closed = await transport.close()
        assert (closed.code, closed.by_us) == (1000, True)
        stuck.set()


async def test_the_handshake_says_who_we_are_and_the_log_does_not_say_the_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(saying(stay=True)) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        await transport.close()
        head = server.requests[0].lower()
        assert "user-agent: voicelive-tui/" in head
        assert "sec-websocket-extensions" not in head
    assert KEY not in caplog.text


async def test_a_service_that_hangs_up_with_its_first_breath_is_a_closed_session() -> None:
    async def hang_up(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        await upgrade(writer, head)
        writer.transport.abort()

    async with serving(hang_up) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        assert (await received(transport)).code is None


def test_the_end_of_a_socket_passes_through_any_context_manager() -> None:
    @contextlib.contextmanager
    def around() -> Iterator[None]:
        yield

    # A frozen exception cannot be raised through contextlib, which sets its traceback.
    with pytest.raises(Closed), around():
        raise Closed(1000, "", explain_close(1000, "", by_us=True), by_us=True)
