"""HTTP requests to the simulator's control path over a bare socket: no client library changes what
is sent."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_simulator.service.server import Simulator

from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import JSON

TOKEN = "a-token-for-tests"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


async def ask(
    port: int,
    request: str,
    token: str | None = TOKEN,
    headers: Mapping[str, str] | None = None,
    *,
    host: str = "127.0.0.1",
    host_header: str = "",
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Send a request such as "GET /simulator/state" and read until the server closes the
    connection.

    host: the address to connect to. host_header: the Host header, `host` if empty.
    """
    authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
    lines = [f"{request} HTTP/1.1", f"Host: {host_header or host}"]
    lines += [f"{name}: {value}" for name, value in {**authorization, **(headers or {})}.items()]
    async with asyncio.timeout(DEADLINE_S):
        reader, writer = await asyncio.open_connection(host, port, ssl=tls)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode("iso-8859-1"))
            answer = await reader.read()
        finally:
            writer.close()
        await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *fields = head.decode("iso-8859-1").split("\r\n")
    named = {
        name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)
    }
    assert int(named["content-length"]) == len(body)
    return Answer(int(status.split()[1]), named, body)


async def state(simulator: Simulator) -> JSON:
    answer = await ask(simulator.port, "GET /simulator/state")
    assert answer.status == 200 and answer.headers["content-type"] == "application/json"
    result: JSON = answer.json
    return result


async def journal(simulator: Simulator, query: str = "") -> list[JSON]:
    return (await ask(simulator.port, f"GET /simulator/journal{query}")).lines


async def ended(simulator: Simulator, n: int) -> JSON:
    """Wait until session `n` has ended; returns its entry in the state."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            session: JSON = (await state(simulator))["sessions"][n - 1]
            if session["ended"]:
                return session
