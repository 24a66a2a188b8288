"""The transport against misbehaving servers, over real sockets."""

import asyncio
import contextlib
import json
import logging
import socket
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import Endpoint, endpoint_of
from voicelive_tui.net.transport import Closed, Transport

from tests.support.hostile_servers import (
    BINARY,
    Server,
    answering,
    close_frame,
    frame,
    saying,
    serving,
    upgrade,
)

KEY = "0123456789abcdef0123456789abcdef"
HEADERS = {"api-key": KEY}


def endpoint(server: Server) -> Endpoint:
    return endpoint_of(server.url, model="m", api_version="v", query={"agent-access-token": KEY})


async def refusal(server: Server, timeout_s: float = 10.0) -> ConnectError:
    """Connect and return the error."""
    with pytest.raises(ConnectError) as caught:
        await Transport.open(endpoint(server), HEADERS, timeout_s=timeout_s)
    error = caught.value
    everything = "".join(traceback.format_exception(error))
    assert KEY not in everything, "a secret reached an exception"
    assert error.__context__ is None, "a library's exception stays attached"
    assert "\n" not in str(error) and str(error).endswith((".", "…"))
    return error


async def received(transport: Transport) -> Closed:
    """Receive until the socket ends, and return how it ended."""
    with pytest.raises(Closed) as caught:
        while True:
            await transport.receive()
    return caught.value


@pytest.mark.parametrize(
    "status",
    ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"],
)
async def test_a_redirect_is_refused_and_the_key_stays_here(status: str) -> None:
    async with serving(saying(stay=True)) as thief:
        target = f"Location: ws://127.0.0.1:{thief.port}/voice-live/realtime?api-key={KEY}"
        async with serving(answering(status, target)) as server:
            error = await refusal(server)
            assert "redirect" in str(error)
            assert error.status == int(status[:3])
            assert len(server.requests) == 1
            assert KEY in server.requests[0]
        assert thief.requests == []


@pytest.mark.parametrize(
    "location",
    ["http://[", f"http://{KEY}.example/", f"https://h.example:x/{KEY}", "x" * 4000, "", "//"],
)
async def test_a_redirect_to_nowhere_is_refused_in_one_sentence(location: str) -> None:
    async with serving(answering("302 Found", f"Location: {location}")) as server:
        error = await refusal(server)
    assert "redirects" in str(error) and KEY.lower() not in str(error).lower()


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("401 Unauthorized", "credentials"),
        ("403 Forbidden", "role"),
        ("404 Not Found", "api version"),
        ("400 Bad Request", "model"),
        ("500 Oops", "try again"),
        ("418 I'm a teapot", "check the endpoint"),
        ("200 OK", "check the endpoint"),
    ],
)
async def test_refusals_name_the_cure(status: str, word: str) -> None:
    async with serving(answering(status)) as server:
        error = await refusal(server)
        assert word in str(error)
        assert error.status == int(status[:3])


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
async def test_a_refusal_without_credentials_says_that_none_were_sent(status: str) -> None:
    async with serving(answering(status)) as server:
        with pytest.raises(ConnectError) as caught:
            await Transport.open(endpoint(server), {}, anonymous=True)
    assert "none were sent" in str(caught.value) and "auth" in str(caught.value)
    assert "AZURE" not in str(caught.value)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_retry_after_is_read(status: str) -> None:
    async with serving(answering(status, "Retry-After: 17")) as server:
        error = await refusal(server)
        assert error.retry_after_s == 17
        assert "17 s" in str(error)


async def test_what_the_service_says_is_shown_without_its_secrets() -> None:
    body = json.dumps(
        {
            "error": {
                "code": "401",
                "message": f"Access denied,\nkey api-key={KEY} is wrong \u001b[2J",
            }
        }
    )
    async with serving(answering("401 Unauthorized", body=body)) as server:
        text = str(await refusal(server))
        assert "Access denied" in text
        assert "\x1b" not in text


async def test_a_server_that_never_answers() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await reader.read()

    async with serving(silent) as server:
        assert "did not answer" in str(await refusal(server, timeout_s=0.3))


async def test_a_server_that_speaks_no_http() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        await writer.drain()

    async with serving(rude) as server:
        assert str(await refusal(server))


async def test_nobody_listens() -> None:
    async with serving(saying()) as server:
        closed = endpoint(server)
    with pytest.raises(ConnectError, match="Nothing listens"):
        await Transport.open(closed, HEADERS)


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


async def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    nowhere = endpoint_of("https://no-such-host.invalid", model="m", api_version="v")
    with pytest.raises(ConnectError, match="not known"):
        await Transport.open(nowhere, HEADERS)


async def test_tls_with_a_server_that_has_none() -> None:
    async with serving(answering("200 OK")) as server:
        secure = endpoint_of(f"https://127.0.0.1:{server.port}", model="m", api_version="v")
        with pytest.raises(ConnectError, match=r"TLS|closed the connection|did not answer"):
            await Transport.open(secure, HEADERS, timeout_s=1)


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


async def test_a_service_that_answers_no_ping_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicelive_tui.net.transport.PING_INTERVAL_S", 0.1)
    stuck = asyncio.Event()

    async def dead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        await stuck.wait()

    async with serving(dead) as server:
        closed = await received(await Transport.open(endpoint(server), HEADERS))
        assert closed.code == 1011
        assert "stopped answering" in closed.sentence
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
        raise Closed(1000, "", "You ended the session.", by_us=True)
