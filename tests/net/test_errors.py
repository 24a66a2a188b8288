"""The sentences of connections that are refused or fail, over real sockets."""

import asyncio
import json
import socket
from typing import Any

import pytest
from voicelive_simulator.service.tls import self_signed
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import endpoint_of
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.transport import Transport

from tests.net.support.connections import (
    HEADERS,
    KEY,
    PROXIES,
    endpoint,
    nobody_listens,
    refusal,
)
from tests.support.hostile_servers import answering, saying, serving


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
            await Transport.open(endpoint(server), {}, credential="none")
    assert "none were sent" in str(caught.value) and "auth" in str(caught.value)
    assert "AZURE" not in str(caught.value)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_retry_after_is_read(status: str) -> None:
    async with serving(answering(status, "Retry-After: 17")) as server:
        error = await refusal(server)
        assert error.retry_after_s == 17
        assert "17 s" in str(error)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_retry_after_of_the_past_names_no_seconds(status: str) -> None:
    header = "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT"
    async with serving(answering(status, header)) as server:
        error = await refusal(server)
    assert error.retry_after_s == 0
    assert "0 s" not in str(error)


async def test_what_the_service_says_is_shown_without_its_secrets() -> None:
    body = json.dumps(
        {
            "error": {
                "code": "bad_key",
                "param": "api-version",
                "message": f"Access denied,\nkey api-key={KEY} is wrong \u001b[2J",
            }
        }
    )
    async with serving(answering("401 Unauthorized", body=body)) as server:
        text = str(await refusal(server))
        assert "The service says: bad_key: Access denied" in text
        assert "[api-version]" in text
        assert "\x1b" not in text and KEY not in text


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


@pytest.mark.parametrize("abort", [False, True])
async def test_a_server_that_closes_before_it_answers_gave_no_wrong_answer(abort: bool) -> None:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        if abort:
            writer.transport.abort()

    async with serving(close) as server:
        error = await refusal(server)
    assert "closed the connection before it answered" in str(error)
    assert error.recovery is Recovery.RETRY


async def test_a_header_that_is_sent_twice_counts_once() -> None:
    headers = ("Retry-After: 7", "Retry-After: 9")
    async with serving(answering("429 Too Many Requests", *headers)) as server:
        assert (await refusal(server)).retry_after_s == 7


async def test_a_certificate_that_is_not_trusted_names_the_variables_for_both_sides() -> None:
    tls = self_signed("127.0.0.1")
    async with await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=tls.context
    ) as server:
        port = server.sockets[0].getsockname()[1]
        secure = endpoint_of(f"https://127.0.0.1:{port}", model="m", api_version="v")
        with pytest.raises(ConnectError) as caught:
            await Transport.open(secure, HEADERS, timeout_s=60)
    sentence = str(caught.value)
    assert "certificate" in sentence and "self" in sentence
    assert "SSL_CERT_FILE" in sentence and "REQUESTS_CA_BUNDLE" in sentence
    assert caught.value.recovery is Recovery.GIVE_UP


async def test_nobody_listens() -> None:
    with nobody_listens() as port, pytest.raises(ConnectError, match="Nothing listens"):
        nowhere = endpoint_of(f"http://127.0.0.1:{port}", model="m", api_version="v")
        await Transport.open(nowhere, HEADERS)


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
