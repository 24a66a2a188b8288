"""How long a session waits between its tries, with chance in the test's hand."""

from voicelive_tui.engine.service.connection_limit import ConnectionLimit
from voicelive_tui.engine.session.backoff import Backoff


def test_waits_double_from_a_quarter_of_a_second_to_half_a_minute() -> None:
    backoff = Backoff(lambda: 0.0)
    assert [backoff.next_wait_s() for _ in range(9)] == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]
    assert backoff.tries == 9


def test_chance_shortens_a_wait_by_a_half_at_most() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.next_wait_s() for _ in range(3)] == [0.125, 0.25, 0.5]


def test_the_service_may_ask_for_a_longer_wait() -> None:
    backoff = Backoff(lambda: 0.0)
    assert backoff.next_wait_s(7.0) == 7.0
    assert backoff.next_wait_s(0.1) == 0.5


def test_only_a_connection_that_held_begins_the_waits_anew() -> None:
    backoff = Backoff(lambda: 0.0)
    for _ in range(3):
        backoff.next_wait_s()
        backoff.connection_lasted(9.9)
    assert backoff.next_wait_s() == 2.0
    backoff.connection_lasted(10.0)
    assert backoff.tries == 0
    assert backoff.next_wait_s() == 0.25


def test_the_waits_stay_finite_after_a_night_of_tries() -> None:
    backoff = Backoff(lambda: 0.0)
    assert {backoff.next_wait_s() for _ in range(5_000)} <= {0.25, 0.5, 1, 2, 4, 8, 16, 30}


def test_no_more_connections_are_opened_in_a_minute_than_the_service_allows() -> None:
    limit = ConnectionLimit(per_minute=3)
    for now in (0.0, 10.0, 20.0):
        assert limit.wait_s(now) == 0.0
        limit.opened(now)
    assert limit.wait_s(20.0) == 40.0
    assert limit.wait_s(60.0) == 0.0
    limit.opened(60.0)
    assert limit.wait_s(60.0) == 10.0
