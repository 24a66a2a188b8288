"""The upgrade: what is let in, and what is answered to the rest."""

import pytest
from voicelive_tui.simulator.api.handshake import Opening, Refusal, decide

QUERY = "api-version=2026-07-15&model=gpt-4o"
KEY = {"api-key": "secret-1"}


def status(target: str, headers: dict[str, str] | None = None, key: str = "") -> int:
    decision = decide(target, KEY if headers is None else headers, key)
    return decision.status if isinstance(decision, Refusal) else 101


def test_an_opening_carries_what_was_asked_for() -> None:
    assert decide(f"/voice-live/realtime?{QUERY}", KEY) == Opening("2026-07-15", "gpt-4o")
    assert decide(f"/some/base/voice-live/realtime?{QUERY}&profile=byom-azure-openai-realtime", KEY) == Opening(
        "2026-07-15", "gpt-4o", profile="byom-azure-openai-realtime"
    )


@pytest.mark.parametrize("path", ["/", "/openai/realtime", "/voice-live", "/voice-live/realtime/calls"])
def test_other_paths_are_not_found(path: str) -> None:
    assert status(f"{path}?{QUERY}") == 404


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("model=gpt-4o", "api-version"),
        ("api-version=&model=gpt-4o", "api-version"),
        ("api-version=2026-04-15&model=gpt-4o", "2026-04-10"),
        ("api-version=v1&model=gpt-4o", "api-version"),
        ("api-version=2026-07-15", "model"),
        ("api-version=2026-07-15&agent-name=a", "agent-project-name"),
    ],
)
def test_a_query_that_lacks_something_says_what(query: str, word: str) -> None:
    decision = decide(f"/voice-live/realtime?{query}", {"authorization": "Bearer t"})
    assert isinstance(decision, Refusal) and decision.status == 400
    assert word in decision.message


@pytest.mark.parametrize(
    ("headers", "extra"),
    [
        ({"api-key": "k"}, ""),
        ({"authorization": "Bearer token"}, ""),
        ({"authorization": "bearer token"}, ""),
        ({}, "&api-key=k"),
        ({}, "&Authorization=Bearer%20token"),
        ({}, "&Authorization=Bearer+token"),
    ],
)
def test_every_form_of_credential_is_taken(headers: dict[str, str], extra: str) -> None:
    assert status(f"/voice-live/realtime?{QUERY}{extra}", headers) == 101


@pytest.mark.parametrize("headers", [{}, {"api-key": ""}, {"authorization": "Bearer "}, {"authorization": "Basic x"}])
def test_no_credential_is_unauthorized(headers: dict[str, str]) -> None:
    assert status(f"/voice-live/realtime?{QUERY}", headers) == 401


def test_with_a_key_only_that_one_is_taken_and_never_repeated() -> None:
    target = f"/voice-live/realtime?{QUERY}"
    assert status(target, {"api-key": "right"}, "right") == 101
    assert status(target, {"authorization": "Bearer right"}, "right") == 101
    refusal = decide(target, {"api-key": "wrong-secret"}, "right")
    assert isinstance(refusal, Refusal) and refusal.status == 401
    assert "wrong-secret" not in refusal.message and "right" not in refusal.message


def test_agent_mode_takes_no_key() -> None:
    target = "/voice-live/realtime?api-version=2026-07-15&agent-name=a&agent-project-name=p"
    assert status(target, {"api-key": "k"}) == 401
    assert decide(target, {"authorization": "Bearer t"}) == Opening("2026-07-15", "", agent="a", project="p")


@pytest.mark.parametrize(
    ("opening", "native"),
    [
        (Opening("2026-07-15", "gpt-realtime"), True),
        (Opening("2026-07-15", "phi4-mm-realtime"), True),
        (Opening("2026-07-15", "gpt-4o"), False),
        (Opening("2026-07-15", "mine", profile="byom-azure-openai-realtime"), True),
        (Opening("2026-07-15", "my-realtime", profile="byom-azure-openai-chat-completion"), False),
        (Opening("2026-07-15", "", agent="a"), False),
    ],
)
def test_native_and_cascaded_models_are_told_apart(opening: Opening, native: bool) -> None:
    assert opening.hears_audio is native


def test_a_path_that_cannot_be_read_is_a_bad_request() -> None:
    assert status("//[::/voice-live/realtime") == 400
