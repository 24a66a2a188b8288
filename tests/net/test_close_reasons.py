"""The ends of open sockets: their sentences, and whether another attempt may succeed."""

import pytest
from voicelive_tui.net.close_reasons import explain_close
from voicelive_tui.net.recovery import Recovery


@pytest.mark.parametrize("code", [None, 1001, 1002, 1006, 1007, 1011, 1012, 1013, 1014])
def test_a_connection_that_broke_or_a_busy_service_may_heal(code: int | None) -> None:
    explanation = explain_close(code, "for a reason", by_us=False)
    assert explanation.recovery is Recovery.RETRY
    assert not explanation.needs_fresh_token


@pytest.mark.parametrize("code", [1000, 1005, 1008, 1009, 1010, 3000, 4001, 4999])
def test_a_decision_of_the_service_does_not_heal(code: int) -> None:
    assert explain_close(code, "for a reason", by_us=False).recovery is Recovery.GIVE_UP


def test_our_own_goodbye_is_the_end() -> None:
    explanation = explain_close(1000, "", by_us=True)
    assert explanation.recovery is Recovery.GIVE_UP
    assert explanation.sentence == "You ended the session."


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1001, "session_expired"),
        (1001, "Your session hit the maximum duration of 60 minutes."),
        (1000, "Your session hit the maximum duration of 30 minutes."),
        (1008, "The session has expired"),
        (4000, "sessionExpired"),
        (1001, "expired"),
    ],
)
def test_a_session_at_its_time_limit_says_so_and_may_be_started_again(
    code: int, reason: str
) -> None:
    explanation = explain_close(code, reason, by_us=False)
    assert explanation.recovery is Recovery.RETRY and not explanation.needs_fresh_token
    assert "time limit" in explanation.sentence
    assert reason.rstrip(".") in explanation.sentence


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1008, "token_expired"),
        (1008, "The bearer token has expired."),
        (1008, "ExpiredToken"),
        (1008, "Lifetime validation failed, the token is expired."),
        (4001, "expired access token"),
        (1001, "TokenExpired"),
    ],
)
def test_an_expired_token_is_no_policy_and_asks_for_a_fresh_one(code: int, reason: str) -> None:
    explanation = explain_close(code, reason, by_us=False)
    assert explanation.recovery is Recovery.RETRY and explanation.needs_fresh_token
    assert "token expired" in explanation.sentence and "policy" not in explanation.sentence


@pytest.mark.parametrize(
    "reason", ["quota", "token limit reached", "invalid token", "rate limit of tokens"]
)
def test_a_policy_stays_one(reason: str) -> None:
    explanation = explain_close(1008, reason, by_us=False)
    assert explanation.recovery is Recovery.GIVE_UP and not explanation.needs_fresh_token
    assert "policy" in explanation.sentence and reason in explanation.sentence


def test_the_cause_stands_alone_where_another_attempt_follows_by_itself() -> None:
    explanation = explain_close(1006, "", by_us=False)
    assert explanation.cause == "The connection broke without a close frame"
    assert explanation.sentence.startswith(f"{explanation.cause}; {explanation.cure}")
