"""The warnings before a session's time limit."""

from voicelive_tui.engine.session.expiry import expiry_warnings


def test_a_session_that_expires_is_announced_twice() -> None:
    delays = [delay for delay, _ in expiry_warnings(4000.0, 400.0)]
    assert delays == [3300.0, 3540.0]
    assert [delay for delay, _ in expiry_warnings(600.0, 400.0)] == [140.0]
    assert expiry_warnings(430.0, 400.0) == []
    assert (
        "5 minutes" in expiry_warnings(4000.0, 400.0)[0][1]
        and "1 minute;" in expiry_warnings(4000.0, 400.0)[1][1]
    )
