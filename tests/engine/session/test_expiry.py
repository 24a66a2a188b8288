"""The warnings before a session's time limit."""

from voicelive_tui.engine.session.expiry import warnings


def test_a_session_that_expires_is_announced_twice() -> None:
    delays = [delay for delay, _ in warnings(4000.0, 400.0)]
    assert delays == [3300.0, 3540.0]
    assert [delay for delay, _ in warnings(600.0, 400.0)] == [140.0]
    assert warnings(430.0, 400.0) == []
    assert "5 minutes" in warnings(4000.0, 400.0)[0][1] and "1 minute;" in warnings(4000.0, 400.0)[1][1]
