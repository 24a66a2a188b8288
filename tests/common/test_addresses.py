"""Which addresses reach only this machine, and how they are written in a URL."""

import pytest
from voicelive_common.addresses import is_host, is_loopback, read_address, url_host


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST", "::ffff:127.0.0.1"],
)
def test_these_reach_this_machine_only(text: str) -> None:
    assert is_loopback(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0.0.0.0",
            "::",
            "192.0.2.1",
            "10.0.0.1",
            "::ffff:192.0.2.1",
            "fe80::1%eth0",
            "127.1",
            "",
        ),
        *("example.com", "a.localhost", "localhost.example", "alocalhost"),
    ],
)
def test_these_do_not(text: str) -> None:
    assert not is_loopback(text)


@pytest.mark.parametrize("text", ["example.com", "localhost.", "", "127.0.0.1:80", "127.0.0.1 "])
def test_a_name_is_no_address_and_nobody_looks_it_up(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "[::1]"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_url_of_every_address_is_loopbacks(host: str, shown: str) -> None:
    assert url_host(host) == shown


@pytest.mark.parametrize(
    "name",
    [
        "res.services.ai.azure.com",
        "voice_live-1",
        "mine.example.",
        "127.0.0.1",
        "::1",
        "fe80::1%eth0",
    ],
)
def test_an_ordinary_host(name: str) -> None:
    assert is_host(name)


@pytest.mark.parametrize(
    "name", ["", "\u0430zure.com", "a;b", "a b", "a\nb", "a%00.example", "::1%eth;0", "[::1]"]
)
def test_what_no_host_is_called(name: str) -> None:
    assert not is_host(name)
