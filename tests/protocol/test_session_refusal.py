"""An error before `session.created` is about the session, and not about its settings."""

from voicelive_tui.protocol.commands import FailSession
from voicelive_tui.protocol.session_refusal import GRACE_S

from tests.protocol.support.conversation_harness import ConversationHarness, brief


def test_an_error_before_the_session_is_created_refuses_it() -> None:
    harness = ConversationHarness(settled=False)
    assert brief(harness.error(None, "model_not_found", "No such model.")) == [("notice", "error")]
    assert not harness.conversation.ready
    assert harness.until(harness.now + GRACE_S - 0.1) == ()
    (given_up,) = harness.until(harness.now + 0.1)
    assert isinstance(given_up, FailSession)
    assert "refused the session: model_not_found: No such model" in given_up.problem
    assert "[service]" in given_up.problem and "settings" not in given_up.problem


def test_a_service_that_creates_the_session_all_the_same_goes_on() -> None:
    harness = ConversationHarness(settled=False)
    harness.error(None, "slow_start", "Waking up.")
    harness.service("session.created", session={})
    harness.service("session.updated", session={})
    assert harness.until(harness.now + 10 * GRACE_S) == ()
    assert harness.conversation.ready


def test_an_error_that_names_the_update_refuses_the_settings_even_before() -> None:
    harness = ConversationHarness(settled=False)
    event_id = harness.first[0].event["event_id"]  # type: ignore[union-attr]
    harness.error(event_id, "bad_voice", "No such voice.")
    harness.service("session.created", session={})
    assert harness.conversation.ready
    assert harness.until(harness.now + 10 * GRACE_S) == ()
