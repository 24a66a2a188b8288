"""The warnings before a session's time limit, with a clock that the test moves."""

from voicelive_tui.model.notice import Notice
from voicelive_tui.protocol.commands import Command, Renew
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.expiry import ExpiryRenewal, ExpiryWarnings
from voicelive_tui.protocol.wire import EventIds

from tests.protocol.support.conversation_harness import ConversationHarness


def texts(commands: tuple[Command, ...]) -> list[str]:
    """The first words of each sentence, without its advice."""
    return [
        command.text.partition(";")[0]
        for command in commands
        if isinstance(command, Notice) and command.level == "warning"
    ]


FIVE_MINUTES = "The service ends this session in 5 minutes"
ONE_MINUTE = "The service ends this session in 1 minute"


def test_a_session_that_expires_is_announced_twice() -> None:
    warnings = ExpiryWarnings()
    warnings.expires(4_000.0, 400.0)
    assert warnings.due_s == 3_700.0
    assert warnings.tick(3_699.9) == ()
    assert texts(warnings.tick(3_700.0)) == [FIVE_MINUTES]
    assert warnings.due_s == 3_940.0
    assert texts(warnings.tick(3_940.0)) == [ONE_MINUTE]
    assert warnings.due_s is None


def test_what_is_past_is_not_announced() -> None:
    warnings = ExpiryWarnings()
    warnings.expires(600.0, 400.0)
    assert warnings.due_s == 540.0
    warnings.expires(430.0, 400.0)
    assert warnings.due_s is None


def test_a_service_that_repeats_the_time_is_not_announced_again() -> None:
    warnings = ExpiryWarnings()
    for now in (0.0, 950.0, 970.0):
        warnings.expires(1_000.0, now)
        warnings.tick(now)
    assert warnings.due_s is None


def test_a_later_time_takes_the_place_of_the_earlier() -> None:
    warnings = ExpiryWarnings()
    warnings.expires(1_000.0, 0.0)
    warnings.expires(2_000.0, 0.0)
    assert warnings.due_s == 1_700.0


def test_after_a_long_pause_only_the_last_warning_is_true() -> None:
    warnings = ExpiryWarnings()
    warnings.expires(1_000.0, 0.0)
    assert texts(warnings.tick(990.0)) == [ONE_MINUTE]
    assert warnings.due_s is None


def test_the_services_unix_time_is_converted_to_the_callers_clock() -> None:
    unix_s = 1_800_000_000
    conversation = Conversation({}, EventIds("evt"), unix_offset_s=unix_s - 100.0)
    conversation.opened(100.0)
    event = {"type": "session.updated", "session": {"expires_at": unix_s + 1_000}}
    assert conversation.receive(event, 101.0) == ()
    assert conversation.due_s == 800.0
    assert texts(conversation.tick(800.0)) == [FIVE_MINUTES]


def test_a_session_that_is_created_with_a_limit_is_announced_too() -> None:
    harness = ConversationHarness(settled=False)
    harness.service("session.created", session={"expires_at": int(harness.now) + 400})
    assert texts(harness.until(harness.now + 400)) == [FIVE_MINUTES, ONE_MINUTE]


def test_a_session_is_renewed_in_the_first_pause_of_its_last_minute() -> None:
    renewal = ExpiryRenewal()
    renewal.expires(3_600.0, 0.0)
    assert renewal.due_s == 3_540.0
    assert renewal.tick(3_540.0, turn_open=True) == ()
    assert renewal.due_s is not None and 3_540.0 < renewal.due_s < 3_541.0
    assert renewal.tick(3_550.0, turn_open=False) == (Renew(),)
    assert renewal.due_s is None
    renewal.expires(3_600.0, 3_551.0)
    assert renewal.due_s is None


def test_a_short_session_is_renewed_in_its_last_quarter() -> None:
    renewal = ExpiryRenewal()
    renewal.expires(140.0, 100.0)
    assert renewal.due_s == 130.0


def test_no_session_is_renewed_at_once_because_a_clock_is_wrong() -> None:
    for ends_s in (-3_000.0, 0.0, 9.0):
        renewal = ExpiryRenewal()
        renewal.expires(ends_s, 0.0)
        assert renewal.due_s is None
