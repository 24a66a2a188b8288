"""Which addresses reach this machine only, and how they stand in a URL."""

import pytest
from voicelive_simulator.service.addresses import is_loopback, read_address, url_host


@pytest.mark.parametrize("text", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"])
def test_these_reach_this_machine_only(text: str) -> None:
    assert is_loopback(text)


@pytest.mark.parametrize("text", ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "fe80::1%eth0", "example.com", "", "127.1"])
def test_these_do_not(text: str) -> None:
    assert not is_loopback(text)


@pytest.mark.parametrize("text", ["example.com", "localhost.", "", "127.0.0.1:80", "127.0.0.1 "])
def test_a_name_is_no_address_and_nobody_looks_it_up(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("192.0.2.1", "192.0.2.1")],
)
def test_the_url_of_every_address_is_loopbacks(host: str, shown: str) -> None:
    assert url_host(host) == shown
