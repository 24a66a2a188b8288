"""Connections through a proxy that fails: the sentence is about the proxy, and true."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import endpoint_of
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.transport import Transport

from tests.net.support.connections import HEADERS, KEY, PROXIES, nobody_listens
from tests.support.hostile_servers import Handler, Server, answering, serving

HOST = "name.services.ai.azure.com"
SECURE = endpoint_of(f"https://{HOST}", model="m", api_version="v")
PLAIN = endpoint_of("http://service.example:8765", model="m", api_version="v")
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "no_proxy", "NO_PROXY", "ws_proxy", "wss_proxy", "socks_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
async def no_loose_ends() -> AsyncIterator[None]:
    """No callback of the loop may fail, because the engine would report an internal error."""
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    yield
    assert not failures


@asynccontextmanager
async def proxied(
    handler: Handler, monkeypatch: pytest.MonkeyPatch, user: str = ""
) -> AsyncIterator[Server]:
    async with serving(handler) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{user}127.0.0.1:{proxy.port}")
        yield proxy


async def refusal(timeout_s: float = 60.0) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        await Transport.open(SECURE, HEADERS, timeout_s=timeout_s)
    everything = "".join(traceback.format_exception(caught.value))
    assert KEY not in everything and "pass-word" not in everything
    assert caught.value.__context__ is None
    assert caught.value.status is None, "a proxy's answer is not the service's"
    return caught.value


async def test_a_proxy_that_refuses_is_named_and_not_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with nobody_listens() as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        error = await refusal()
    assert f"Nothing listens at the proxy 127.0.0.1:{port}; check https_proxy" in str(error)
    assert HOST not in str(error) and error.recovery is Recovery.RETRY


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("127.0.0.1:3128", "no scheme"),
        ("user:pass-word@proxy.example:3128", "no scheme"),
        ("ftp://127.0.0.1:3128", "scheme"),
        ("http://user@127.0.0.1:3128", "password"),
        ("http://user:pass-word@127.0.0.1:99999", "no address"),
        ("http://user:pass-word@127.0.0.1:3128/path", "no address"),
        ("http://", "no address"),
    ],
)
async def test_a_setting_that_is_no_proxy_says_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch, value: str, words: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    error = await refusal()
    assert str(error).startswith("HTTPS_PROXY ") and words in str(error)
    assert "http://HOST:PORT" in str(error)
    assert error.recovery is Recovery.GIVE_UP


@pytest.mark.parametrize(
    ("status", "headers", "user", "words", "recovery"),
    [
        ("407 X", ["Proxy-Authenticate: Basic realm=a"], "", "requires a sign-in", "GIVE_UP"),
        ("407 X", ["Proxy-Authenticate: NTLM"], "", "sign-in by NTLM", "GIVE_UP"),
        (
            "407 X",
            ["Proxy-Authenticate: Negotiate", "Proxy-Authenticate: Basic realm=a"],
            "user:pass-word@",
            "refused the user name and password in HTTPS_PROXY",
            "GIVE_UP",
        ),
        ("403 Forbidden by policy", [], "", "(403 Forbidden by policy)", "GIVE_UP"),
        ("502 Bad Gateway", [], "", f"cannot connect to {HOST} (502", "RETRY"),
        ("504 ", [], "", "(504 Gateway Timeout)", "RETRY"),
        ("429 Slow down", ["retry-after: 7"], "", "429 Slow down", "RETRY"),
        ("405 No", [], "", "405 No", "GIVE_UP"),
    ],
)
async def test_what_a_proxy_answers_has_a_sentence_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    headers: list[str],
    user: str,
    words: str,
    recovery: str,
) -> None:
    async with proxied(answering(status, *headers), monkeypatch, user) as proxy:
        error = await refusal()
    assert str(error).startswith(f"The proxy 127.0.0.1:{proxy.port} ")
    assert words in str(error)
    assert error.recovery is Recovery[recovery]
    assert error.retry_after_s == (7 if "429" in status else None)
    assert f"CONNECT {HOST}:443 HTTP/1.1" in proxy.requests[0]
    assert ("Proxy-Authorization: Basic" in proxy.requests[0]) == bool(user)
    assert KEY not in proxy.requests[0]


def hanging_up(*sent: bytes, abort: bool = False, after_hello: bool = False) -> Handler:
    """A proxy that writes these bytes and hangs up. after_hello: it waits for the client's first
    bytes in the tunnel."""

    async def handler(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        for data in sent:
            writer.write(data)
        await writer.drain()
        if after_hello:
            await reader.read(1)
        if abort:
            writer.transport.abort()

    return handler


@pytest.mark.parametrize("abort", [False, True])
@pytest.mark.parametrize("after_hello", [False, True])
async def test_a_proxy_that_hangs_up_during_tls_is_no_internal_error(
    monkeypatch: pytest.MonkeyPatch, abort: bool, after_hello: bool
) -> None:
    handler = hanging_up(ESTABLISHED, abort=abort, after_hello=after_hello)
    async with proxied(handler, monkeypatch) as proxy:
        error = await refusal()
    assert f"{HOST} (through the proxy 127.0.0.1:{proxy.port}) closed the connection" in str(error)
    assert error.recovery is Recovery.RETRY


@pytest.mark.parametrize("abort", [False, True])
async def test_a_proxy_that_hangs_up_before_it_answers(
    monkeypatch: pytest.MonkeyPatch, abort: bool
) -> None:
    async with proxied(hanging_up(abort=abort), monkeypatch) as proxy:
        error = await refusal()
    expected = f"The proxy 127.0.0.1:{proxy.port} hung up before it answered; check HTTPS_PROXY."
    assert str(error) == expected
    assert error.recovery is Recovery.RETRY


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 2", b"\x00" * 70_000, ESTABLISHED + b"220 hello"]
)
async def test_what_is_no_proxy_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    async with proxied(hanging_up(answer), monkeypatch):
        error = await refusal()
    assert "is not an HTTP proxy; check HTTPS_PROXY" in str(error)
    assert error.recovery is Recovery.GIVE_UP


async def test_a_proxy_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await reader.read()

    async with proxied(silent, monkeypatch) as proxy:
        error = await refusal(timeout_s=0.3)
    assert f"The proxy 127.0.0.1:{proxy.port} did not answer within 0.3 s" in str(error)


async def test_a_proxy_whose_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> Iterator[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("HTTPS_PROXY", "http://no-such-proxy.invalid:3128")
    error = await refusal()
    assert "The name of the proxy no-such-proxy.invalid:3128 is not known" in str(error)
    assert error.recovery is Recovery.RETRY_AFTER_SUCCESS


async def test_a_tunnel_that_works_reaches_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        writer.write(ESTABLISHED)
        request = await reader.readuntil(b"\r\n\r\n")
        assert b"Host: service.example:8765" in request
        writer.write(b"HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n")

    async with proxied(tunnel, monkeypatch) as proxy:
        with pytest.raises(ConnectError, match=r"service.example:8765 refused .*418"):
            await Transport.open(PLAIN, HEADERS)
    assert "CONNECT service.example:8765 HTTP/1.1" in proxy.requests[0]
