"""The upgrade: which requests are accepted, and how the others are answered."""

import pytest
from voicelive_simulator.api.handshake import API_VERSIONS, Opening, Refusal, decide

QUERY = "api-version=2026-07-15&model=gpt-4o"
PATH = f"/voice-live/realtime?{QUERY}"
AGENT = "/voice-live/realtime?api-version=2026-07-15&agent-name=a&agent-project-name=p"
KEY = {"api-key": "secret-1"}
BEARER = {"authorization": "Bearer t"}


def status(target: str, headers: dict[str, str] | None = None, key: str = "") -> int:
    decision = decide(target, KEY if headers is None else headers, key)
    return decision.status if isinstance(decision, Refusal) else 101


def refused(target: str, headers: dict[str, str] | None = None, key: str = "") -> Refusal:
    decision = decide(target, KEY if headers is None else headers, key)
    assert isinstance(decision, Refusal)
    return decision


def test_an_opening_carries_what_was_asked_for() -> None:
    target = (
        f"{PATH}&profile=byom-azure-openai-realtime&features=client_ec_reference:true,other:false"
    )
    assert decide(target, KEY) == Opening(
        "2026-07-15",
        "gpt-4o",
        profile="byom-azure-openai-realtime",
        features=("client_ec_reference",),
    )


@pytest.mark.parametrize(
    "path",
    [
        "/voice-live/realtime",
        "/voice-live/realtime/",
        "//voice-live/realtime",
        "/a/b/voice-live/realtime",
    ],
)
def test_a_parent_path_is_kept_and_a_slash_too_many_forgiven(path: str) -> None:
    """The SDK appends the path to whatever endpoint it is given."""
    assert decide(f"{path}?{QUERY}", KEY) == Opening("2026-07-15", "gpt-4o")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/openai/realtime",
        "/voice-live",
        "/voice-live/realtime/calls",
        "/my-voice-live/realtime",
        "//[::",
    ],
)
def test_other_paths_are_not_found(path: str) -> None:
    assert status(f"{path}?{QUERY}") == 404


@pytest.mark.parametrize("version", API_VERSIONS)
def test_every_dated_version_is_spoken(version: str) -> None:
    assert status(f"/voice-live/realtime?api-version={version}&model=gpt-4o") == 101


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("model=gpt-4o", "MissingApiVersionParameter", "api-version is required"),
        ("api-version=&model=gpt-4o", "MissingApiVersionParameter", "api-version is required"),
        ("api-version=2026-04-15&model=gpt-4o", "UnsupportedApiVersion", "2026-04-10"),
        ("api-version=v1&model=gpt-4o", "UnsupportedApiVersion", "dated api-versions only, not v1"),
        ("api-version=2026-07-15", "BadRequest", "model is required"),
        ("api-version=2026-07-15&model=", "BadRequest", "model is required"),
        ("api-version=2026-07-15&agent-name=a", "BadRequest", "both"),
        ("api-version=2026-07-15&agent-project-name=p&model=gpt-4o", "BadRequest", "both"),
        (
            "api-version=2025-10-01&agent-name=a&agent-project-name=p",
            "BadRequest",
            "2026-01-01-preview",
        ),
        ("api-version=2025-10-01&model=azure-realtime", "BadRequest", "2026-01-01-preview"),
        (
            "api-version=2026-07-15&model=gpt-4o&profile=byom-mine",
            "BadRequest",
            "byom-azure-openai-chat-completion",
        ),
    ],
)
def test_a_query_that_lacks_something_says_what(query: str, code: str, words: str) -> None:
    refusal = refused(f"/voice-live/realtime?{query}", BEARER)
    assert (refusal.status, refusal.code) == (400, code)
    assert words in refusal.message


@pytest.mark.parametrize(
    "query",
    [
        "api-version=2026-01-01-preview&model=azure-realtime",
        "api-version=2025-10-01&model=azure-realtime&profile=byom-azure-openai-realtime",
    ],
)
def test_azure_realtime_where_it_exists_or_is_somebody_s_own_name(query: str) -> None:
    assert status(f"/voice-live/realtime?{query}") == 101


@pytest.mark.parametrize(
    ("headers", "extra"),
    [
        ({"api-key": "the key"}, ""),
        ({"authorization": "Bearer the key"}, ""),
        ({"authorization": "bearer  the key"}, ""),
        ({}, "&api-key=the%20key"),
        ({}, "&Authorization=Bearer%20the%20key"),
        ({}, "&Authorization=Bearer+the+key"),
        ({}, "&Authorization=Bearer%2520the%2520key"),
        ({"api-key": "", "authorization": ""}, "&api-key=the%20key"),
    ],
)
def test_every_documented_place_holds_a_credential(headers: dict[str, str], extra: str) -> None:
    """Any credential is accepted until a key is configured; then only that one, in whichever place
    it is sent."""
    assert status(PATH + extra, headers) == 101
    assert status(PATH + extra, headers, "the key") == 101
    assert status(PATH + extra, headers, "another key") == 401


@pytest.mark.parametrize(
    ("headers", "extra"),
    [
        ({}, ""),
        ({"api-key": ""}, ""),
        ({"authorization": "Bearer "}, ""),
        ({"authorization": "Basic x"}, ""),
        ({"authorization": "x"}, ""),
        ({}, "&api-key="),
        ({}, "&Authorization=x"),
        ({}, "&authorization=Bearer%20x"),
    ],
)
def test_no_credential_is_unauthorized(headers: dict[str, str], extra: str) -> None:
    assert status(PATH + extra, headers) == 401


def test_a_wrong_credential_is_never_repeated() -> None:
    for headers, extra in (
        (KEY, ""),
        ({}, "&api-key=secret-1"),
        ({"authorization": "Bearer secret-1"}, ""),
    ):
        refusal = refused(PATH + extra, headers, "right")
        assert "secret-1" not in str(refusal) and "right" not in refusal.message


def test_agent_mode_takes_no_key_and_its_extras() -> None:
    assert status(AGENT, KEY) == 401
    assert "Entra" in refused(f"{AGENT}&api-key=k", {}).message
    extras = (
        "&agent-version=2&conversation-id=c&agent-authentication-identity-client-id=i"
        "&foundry-resource-override=r"
    )
    assert decide(AGENT + extras, BEARER) == Opening("2026-07-15", "", agent="a", project="p")
    assert status(f"{AGENT}&Authorization=Bearer%20t", {}) == 101


@pytest.mark.parametrize(
    ("opening", "native", "openai"),
    [
        (Opening("2026-07-15", "gpt-realtime"), True, True),
        (Opening("2026-07-15", "gpt-4o-realtime-preview"), True, True),
        (Opening("2026-07-15", "phi4-mm-realtime"), True, False),
        (Opening("2026-07-15", "azure-realtime"), True, False),
        (Opening("2026-07-15", "gpt-4o"), False, False),
        (Opening("2026-07-15", "mine", profile="byom-azure-openai-realtime"), True, True),
        (
            Opening("2026-07-15", "my-realtime", profile="byom-azure-openai-chat-completion"),
            False,
            False,
        ),
        (Opening("2026-07-15", "", agent="a"), False, False),
    ],
)
def test_the_kinds_of_models_are_told_apart(opening: Opening, native: bool, openai: bool) -> None:
    assert (opening.is_native, opening.is_openai_native) == (native, openai)


@pytest.mark.parametrize(
    "extra",
    [
        "&features=",
        "&features=client_ec_reference",
        "&features=client_ec_reference:false",
        "&features=:",
    ],
)
def test_a_feature_is_on_when_it_says_true(extra: str) -> None:
    decision = decide(PATH + extra, KEY)
    assert isinstance(decision, Opening) and "client_ec_reference" not in decision.features
