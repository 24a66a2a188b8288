"""Which hosts and origins a request may name: a web page gets access only where it was allowed,
whatever its name."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.addresses import Authority, is_loopback, read_authority
from voicelive_simulator.service.access import Access, read_origin
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice
from websockets.datastructures import Headers
from websockets.http11 import Request

from tests.simulator.support.websocket_frames import TARGET
from tests.simulator.support.wire_peer import unkind
from tests.support.control_requests import TOKEN, ask
from tests.support.deadlines import DEADLINE_S

PORT = 8765
PAGE = "http://localhost:3000"
OWN_HOSTS = [
    "localhost",
    "LocalHost:8765",
    "localhost.",
    "localhost:",
    "a.localhost:8765",
    "127.0.0.1",
    "127.8.9.1:8765",
    "[::1]:8765",
    "[0:0::1]",
    "[::ffff:127.0.0.1]:8765",
]
OTHER_HOSTS = [
    "evil.example:8765",
    "evil.example",
    "localhost.evil.example",
    "evillocalhost",
    "127.0.0.1.evil.example:8765",
    "localhost:80",
    "127.0.0.1:8766",
    ":8765",
    "localhost@evil.example",
    "user@localhost",
    "localhost,evil.example",
    "localhost:8765:1",
    "[::1",
    "::1",
    "[127.0.0.1]",
    "127.1",
    "192.0.2.1:8765",
    "0.0.0.0:8765",
    "[::]:8765",
    "localhost..",
    "localhost:+8765",
    "localhost:99999",
    "localhost/evil",
    "localhöst",
    "mybox",
]
OTHER_HOSTS += ["", "localhost localhost", f"{'a.' * 200}localhost"]
UPGRADE = {
    "api-key": "anything",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version": "13",
}


def code(
    access: Access, *headers: tuple[str, str], target: str = TARGET, protocol: str = "HTTP/1.1"
) -> str:
    """The refusal's code, "" for an accepted request."""
    refusal = access.refusal(Request(target, Headers(list(headers)), protocol=protocol), PORT)
    return refusal.code if refusal else ""


def of_host(host: str, access: Access | None = None) -> str:
    return code(access or Access(), ("Host", host))


def of_origin(origin: str, *allowed: str) -> str:
    return code(Access(origins=allowed), ("Host", "localhost"), ("Origin", origin))


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_the_names_of_loopback_are_the_simulators(host: str) -> None:
    assert of_host(host) == ""


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_no_other_host_is(host: str) -> None:
    assert of_host(host, Access(name="mybox")) == "HostNotAllowed"


@pytest.mark.parametrize(
    ("address", "host", "expected"),
    [
        ("192.0.2.1", "192.0.2.1:8765", ""),
        ("192.0.2.1", "192.0.2.2:8765", "HostNotAllowed"),
        ("192.0.2.1", "MyBox:8765", ""),
        ("192.0.2.1", "other:8765", "HostNotAllowed"),
        ("192.0.2.1", "localhost:8765", ""),
        ("0.0.0.0", "198.51.100.7:8765", ""),
        ("::", "[2001:DB8::1]:8765", ""),
        ("0.0.0.0", "evil.example:8765", "HostNotAllowed"),
        ("2001:db8::1", "[2001:db8:0::1]:8765", ""),
        ("fe80::1%eth0", "[fe80::1%eth0]:8765", ""),
        ("fe80::1%eth0", "[fe80::1]:8765", ""),
    ],
)
def test_one_that_other_machines_reach_has_its_addresses_and_its_name(
    address: str, host: str, expected: str
) -> None:
    assert of_host(host, Access(address, "MyBox")) == expected


def test_a_host_is_allowed_by_name_and_port() -> None:
    access = Access(hosts=(Authority("box.example"), Authority("localhost", 9000)))
    assert {
        of_host(host, access) for host in ("BOX.example:1", "box.example", "localhost:9000")
    } == {""}
    assert {
        of_host(host, access) for host in ("localhost:9001", "a.box.example", "box.example.org")
    } == {"HostNotAllowed"}


def test_a_request_names_one_host_and_only_http_1_0_may_name_none() -> None:
    assert code(Access()) == "BadRequest"
    assert code(Access(), protocol="HTTP/1.0") == ""
    assert code(Access(), ("Host", "localhost"), ("host", "localhost")) == "BadRequest"
    assert code(Access(), ("Host", "evil.example"), protocol="HTTP/1.0") == "HostNotAllowed"


def test_a_host_in_the_request_line_counts_too() -> None:
    assert (
        code(Access(), ("Host", "localhost"), target=f"http://evil.example{TARGET}")
        == "HostNotAllowed"
    )
    assert code(Access(), ("Host", "localhost"), target=f"http://127.0.0.1:{PORT}{TARGET}") == ""


@pytest.mark.parametrize(
    "origin",
    [
        PAGE,
        "https://evil.example",
        "null",
        "",
        "http://127.0.0.1:8765",
        "http://localhost:8765",
        "*",
    ],
)
def test_no_web_page_is_let_in_unasked(origin: str) -> None:
    assert of_origin(origin) == "OriginNotAllowed"


@pytest.mark.parametrize(
    ("allowed", "origin", "expected"),
    [
        ("http://localhost:3000", "HTTP://LocalHost:3000", ""),
        ("http://localhost:3000", "https://localhost:3000", "OriginNotAllowed"),
        ("http://localhost:3000", "http://localhost:3001", "OriginNotAllowed"),
        ("http://localhost:3000", "http://127.0.0.1:3000", "OriginNotAllowed"),
        ("http://localhost:3000", "http://localhost:3000 http://evil.example", "OriginNotAllowed"),
        ("http://localhost:3000", "http://localhost:3000/", "OriginNotAllowed"),
        ("http://localhost:3000", "null", "OriginNotAllowed"),
        ("http://localhost", "http://localhost:80", ""),
        ("https://dev.example:443", "https://dev.example", ""),
        ("https://dev.example", "https://dev.example:80", "OriginNotAllowed"),
        ("http://[::1]:3000", "http://[0:0::1]:3000", ""),
        ("vscode-webview://abc-def", "vscode-webview://ABC-def", ""),
    ],
)
def test_an_allowed_page_is_let_in_and_nobody_else(
    allowed: str, origin: str, expected: str
) -> None:
    read = read_origin(allowed)
    assert read is not None
    assert of_origin(origin, read) == expected


def test_every_origin_that_is_sent_must_be_allowed() -> None:
    headers = [("Host", "localhost"), ("Origin", PAGE), ("Origin", "http://evil.example")]
    for both in (headers, [headers[0], *headers[:0:-1]]):
        assert code(Access(origins=(PAGE,)), *both) == "OriginNotAllowed"


@pytest.mark.parametrize(
    "site",
    ["cross-site", "same-site", "Cross-Site", " same-site", "", "elsewhere", "none, cross-site"],
)
def test_a_page_that_says_no_origin_is_let_in_nowhere(site: str) -> None:
    for access in (Access(), Access(origins=(PAGE,))):
        assert code(access, ("Host", "localhost"), ("Sec-Fetch-Site", site)) == "OriginNotAllowed"
        assert (
            code(
                access, ("Host", "localhost"), ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", site)
            )
            == "OriginNotAllowed"
        )


@pytest.mark.parametrize("site", ["none", "same-origin", "None"])
def test_an_address_that_a_user_gave_the_browser_is_answered(site: str) -> None:
    assert code(Access(), ("Host", "localhost"), ("Sec-Fetch-Site", site)) == ""


def test_a_page_that_is_allowed_is_so_from_wherever_the_browser_says_it_comes() -> None:
    headers = [("Host", "localhost"), ("Origin", PAGE), ("Sec-Fetch-Site", "cross-site")]
    assert code(Access(origins=(PAGE,)), *headers) == ""


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
names = st.lists(labels, min_size=1, max_size=4).map(".".join)
addresses = (
    (st.ip_addresses(v=4) | st.ip_addresses(v=6))
    .map(str)
    .filter(lambda text: not is_loopback(text))
)
own_hosts = (
    st.just("localhost")
    | names.map("{}.localhost".format)
    | st.ip_addresses(network="127.0.0.0/8").map(str)
)
own_hosts |= st.just("[::1]")
foreign_hosts = (
    names.map("{}.example".format)
    | names.map("localhost.{}.com".format)
    | names.map("127.0.0.1.{}x".format)
)
foreign_hosts |= addresses.map(lambda text: f"[{text}]" if ":" in text else text)
hosts = own_hosts | foreign_hosts
ports = st.none() | st.integers(0, 65535) | st.just(PORT)


def any_case(text: str, upper: list[bool]) -> str:
    return "".join(
        one.upper() if up else one
        for one, up in zip(text, upper + [False] * len(text), strict=False)
    )


@given(host=own_hosts, port=ports, upper=st.lists(st.booleans()), dot=st.booleans())
def test_own_names_are_taken_in_every_spelling_with_the_right_port_or_none(
    host: str, port: int | None, upper: list[bool], dot: bool
) -> None:
    spelt = (
        any_case(host, upper)
        + ("." if dot and host[-1] != "]" else "")
        + ("" if port is None else f":{port}")
    )
    assert of_host(spelt) == ("" if port in (None, PORT) else "HostNotAllowed")


@given(host=foreign_hosts, port=ports, upper=st.lists(st.booleans()), dot=st.booleans())
def test_a_foreign_host_is_refused_in_every_spelling(
    host: str, port: int | None, upper: list[bool], dot: bool
) -> None:
    spelt = (
        any_case(host, upper)
        + ("." if dot and host[-1] != "]" else "")
        + ("" if port is None else f":{port}")
    )
    assert of_host(spelt) == "HostNotAllowed"


@given(
    scheme=st.sampled_from(["http", "https", "moz-extension"]),
    host=hosts,
    port=ports,
    upper=st.lists(st.booleans(), max_size=50),
)
def test_an_origin_equals_itself_in_every_spelling_and_is_refused_unasked(
    scheme: str, host: str, port: int | None, upper: list[bool]
) -> None:
    origin = f"{scheme}://{host}" + ("" if port is None else f":{port}")
    spelt = any_case(origin, upper)
    read = read_origin(origin)
    assert read is not None and read == read_origin(spelt) == read_origin(read)
    assert of_origin(spelt) == "OriginNotAllowed" and of_origin(spelt, read) == ""


@given(st.text() | st.text("[]:.%@/localhost127 ,", max_size=30))
def test_whatever_is_sent_is_judged_and_what_is_read_reads_as_itself(text: str) -> None:
    authority = read_authority(text)
    assert authority is None or read_authority(str(authority)) == authority
    origin = read_origin(f"http://{text}")
    assert origin is None or read_origin(origin) == origin


async def answer(port: int, headers: Mapping[str, str], target: str = TARGET) -> tuple[int, Any]:
    """The status of the response to an upgrade, and the JSON of a refusal."""
    head = [
        f"GET {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in {**UPGRADE, **headers}.items()),
        "",
        "",
    ]
    async with asyncio.timeout(DEADLINE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write("\r\n".join(head).encode())
            status = int((await reader.readuntil(b"\r\n\r\n")).split()[1])
            return status, None if status == 101 else json.loads(await reader.read())
        finally:
            writer.transport.abort()


async def test_an_upgrade_for_another_host_or_from_a_page_is_refused_in_words() -> None:
    async with Simulator(Options(), ToneVoice()) as simulator:
        own = {"Host": f"127.0.0.1:{simulator.port}"}
        for headers, option in (
            (
                {"Host": f"evil.example:{simulator.port}"},
                f"--allow-host evil.example:{simulator.port}",
            ),
            ({**own, "Origin": "HTTP://Evil.example:80"}, "--allow-origin http://evil.example."),
            ({**own, "Origin": "null"}, "--allow-origin"),
        ):
            status, body = await answer(simulator.port, headers)
            assert (
                status == 403
                and set(body) == {"error"}
                and set(body["error"]) == {"code", "message"}
            )
            assert option in body["error"]["message"] and "simulator" in body["error"]["message"]
        assert (await answer(simulator.port, own))[0] == 101
        assert simulator.host.sessions.begun <= 1


async def test_a_page_that_is_allowed_opens_a_session() -> None:
    async with (
        Simulator(Options(allowed_origins=(PAGE,)), ToneVoice()) as simulator,
        aiohttp.ClientSession() as browser,
    ):
        url = f"{simulator.url}{TARGET}&api-key=x"  # a page cannot set headers
        async with browser.ws_connect(url, origin=PAGE) as page:
            assert (await page.receive_json(timeout=DEADLINE_S))["type"] == "session.created"
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await browser.ws_connect(url, origin="http://localhost:3001")


async def test_the_control_path_is_shut_to_other_hosts_and_to_every_page() -> None:
    async with Simulator(Options(token=TOKEN, allowed_origins=(PAGE,)), ToneVoice()) as simulator:

        async def status(**headers: str) -> tuple[int, str]:
            answer = await ask(
                simulator.port,
                "GET /simulator/state",
                None,
                {**headers, "Authorization": f"Bearer {TOKEN}"},
            )
            return answer.status, "" if answer.status == 200 else answer.json["error"]["code"]

        assert await status() == (200, "")
        assert await status(Origin=PAGE) == (403, "Forbidden")
        foreign = await ask(simulator.port, "GET /simulator/state", host_header="evil.example")
        assert foreign.status == 403 and foreign.json["error"]["code"] == "HostNotAllowed"


async def test_a_page_that_is_refused_sets_off_no_fault() -> None:
    async with unkind("refuse:status=503") as simulator:
        host = {"Host": "localhost"}
        assert (await answer(simulator.port, {**host, "Origin": PAGE}))[0] == 403
        assert (await answer(simulator.port, host))[0] == 503


async def test_an_image_of_a_page_sets_off_no_fault() -> None:
    async with unkind("refuse:status=429") as simulator:
        host = {"Host": "localhost"}
        for site in ("cross-site", "same-site"):
            assert (
                await answer(
                    simulator.port, {**host, "Sec-Fetch-Site": site, "Sec-Fetch-Dest": "image"}
                )
            )[0] == 403
        assert (await answer(simulator.port, host))[0] == 429
