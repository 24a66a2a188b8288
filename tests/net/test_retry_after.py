"""The `Retry-After` header: seconds or a date, within bounds."""

import email.utils
import time

import pytest
from voicelive_tui.net.retry_after import MAX_RETRY_AFTER_S, retry_after_s


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("17", 17.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("86400", MAX_RETRY_AFTER_S),
        ("inf", MAX_RETRY_AFTER_S),
        ("9" * 400, MAX_RETRY_AFTER_S),
        ("-1", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Foo 2026", None),
    ],
)
def test_seconds_are_read_within_bounds(value: str, wait_s: float | None) -> None:
    assert retry_after_s({"Retry-After": value}) == wait_s


def test_no_header_is_no_wait() -> None:
    assert retry_after_s({}) is None


@pytest.mark.parametrize(
    ("at", "wait_s"),
    [
        ("Fri, 31 Dec 1999 23:59:59 GMT", 59.0),
        ("Fri, 31 Dec 1999 23:00:00 GMT", 0.0),
        ("Sat, 31 Dec 2050 23:59:59 GMT", MAX_RETRY_AFTER_S),
    ],
)
def test_a_date_is_compared_with_the_servers_own_clock(at: str, wait_s: float) -> None:
    headers = {"Retry-After": at, "Date": "Fri, 31 Dec 1999 23:59:00 GMT"}
    assert retry_after_s(headers) == wait_s


def test_a_date_without_the_servers_clock_is_compared_with_ours() -> None:
    ahead = email.utils.formatdate(time.time() + 10 * MAX_RETRY_AFTER_S, usegmt=True)
    assert retry_after_s({"Retry-After": ahead}) == MAX_RETRY_AFTER_S
    past = email.utils.formatdate(time.time() - 60, usegmt=True)
    assert retry_after_s({"Retry-After": past}) == 0.0
