"""When the link to another machine's sound is tried again."""

from voicelive_tui.engine.audio.link_recovery import TRY_EVERY_S, LinkRecovery


def test_a_lost_link_is_tried_at_short_intervals_for_as_long_as_it_takes() -> None:
    recovery = LinkRecovery()
    recovery.opened(0.0)
    recovery.lost(100.0)
    for _ in range(1000):
        assert recovery.pause_s == TRY_EVERY_S
        recovery.failed("There is no socket.", refused=False)
        assert recovery.problem("laptop").startswith("The sound of laptop is lost:")


def test_a_link_that_never_was_says_why() -> None:
    recovery = LinkRecovery()
    recovery.failed("There is no socket.", refused=False)
    assert recovery.problem("laptop") == "There is no socket."
    assert recovery.pause_s == TRY_EVERY_S


def test_a_refusal_is_said_and_asked_about_ever_less_often() -> None:
    recovery = LinkRecovery()
    recovery.opened(0.0)
    recovery.lost(100.0)
    pauses = []
    for _ in range(8):
        recovery.failed("In use.", refused=True)
        assert recovery.problem("laptop") == "In use."
        pauses.append(recovery.pause_s)
    assert pauses == sorted(pauses) and pauses[-1] == 15.0
    recovery.failed("There is no socket.", refused=False)
    assert recovery.pause_s == TRY_EVERY_S


def test_a_link_that_does_not_hold_is_tried_ever_less_often_until_it_does() -> None:
    recovery = LinkRecovery()
    for second in range(4):
        recovery.opened(float(second))
        recovery.lost(second + 0.5)
    assert recovery.pause_s == TRY_EVERY_S * 8
    recovery.opened(100.0)
    recovery.lost(200.0)
    assert recovery.pause_s == TRY_EVERY_S
