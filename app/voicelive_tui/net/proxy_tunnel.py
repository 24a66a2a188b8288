"""Opens a tunnel through an HTTP proxy, so that a failure of the proxy can be told from one of the
host behind it."""

import asyncio
import base64
import re
import socket
from email.parser import HeaderParser

from voicelive_tui.net.proxy import (
    ProxyAnswer,
    ProxySetting,
    not_a_proxy,
    proxy_refusal,
    unreachable_proxy,
)

_MAX_ANSWER_BYTES = 65_536
_STATUS_LINE = re.compile(r"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n")


async def open_tunnel(
    setting: ProxySetting, host: str, port: int, *, user_agent: str, timeout_s: float
) -> socket.socket:
    """Return a socket that the proxy has connected to `host` and `port`.

    Waits at most `timeout_s` seconds. Raises ConnectError, whose sentence is about the proxy.
    """
    try:
        async with asyncio.timeout(timeout_s):
            sock = await _connect(setting)
            try:
                await _request(sock, setting, host, port, user_agent)
            except BaseException:
                sock.close()
                raise
            return sock
    except OSError as error:
        failure = unreachable_proxy(error, setting, timeout_s=timeout_s)
    raise failure


async def _connect(setting: ProxySetting) -> socket.socket:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(setting.proxy.host, setting.proxy.port, type=socket.SOCK_STREAM)
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        try:
            await loop.sock_connect(sock, address)
            return sock
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
    raise failure


async def _request(
    sock: socket.socket, setting: ProxySetting, host: str, port: int, user_agent: str
) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, _request_text(setting, host, port, user_agent).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = await loop.sock_recv(sock, 4096)
        if not received and not answer:
            raise ConnectionResetError("the proxy hung up")
        answer += received
        if not received or len(answer) > _MAX_ANSWER_BYTES:
            raise not_a_proxy(setting)
    _check(answer.decode("latin-1"), setting, host)


def _request_text(setting: ProxySetting, host: str, port: int, user_agent: str) -> str:
    target = f"{f'[{host}]' if ':' in host else host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", f"User-Agent: {user_agent}"]
    if setting.proxy.user_info is not None:
        pair = ":".join(setting.proxy.user_info).encode()
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}")
    return "\r\n".join([*lines, "", ""])


def _check(answer: str, setting: ProxySetting, host: str) -> None:
    status_line = _STATUS_LINE.match(answer)
    if status_line is None:
        raise not_a_proxy(setting)
    status, (head, _, rest) = int(status_line[1]), answer.partition("\r\n\r\n")
    if not 200 <= status < 300:
        message = HeaderParser().parsestr(head[status_line.end() :])
        raise proxy_refusal(
            ProxyAnswer(status, status_line[2] or "", message.items()), setting, host
        )
    if rest:
        # A server that speaks first is no tunnel to a service that waits for the client.
        raise not_a_proxy(setting)
