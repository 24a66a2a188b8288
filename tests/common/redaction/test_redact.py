"""Secrets are hidden, and ordinary text is not."""

from typing import Any

import pytest
from voicelive_common.redaction.redact import redact, redact_url, redact_value, without_secrets

KEY = "0123456789abcdef0123456789abcdef"
NEW_KEY = "5Zk" + "A1b2C3d4E5" * 8 + "x"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        f"api-key: {KEY}",
        f"{{'api-key': '{KEY}', 'x-ms-client-request-id': 'abc'}}",
        f'{{"api_key": "{KEY}"}}',
        f"AZURE_VOICELIVE_API_KEY={KEY}",
        f"Authorization: Bearer {TOKEN}",
        f"authorization=bearer%20{TOKEN}",
        f"wss://host/voice-live/realtime?api-version=1&api-key={KEY}",
        f"wss://host/voice-live/realtime?Authorization=Bearer%20{TOKEN}",
        f"GET /voice-live/realtime?model=gpt-4o&api-key={KEY} HTTP/1.1",
        f"https://user:{KEY}@host/path",
        f"the key {KEY} was refused",
        f"the key {NEW_KEY} was refused",
        f"token {TOKEN} expired",
        f"Headers([('Authorization', 'Bearer {TOKEN}')])",
        f"agent-access-token={TOKEN}",
    ],
)
def test_no_secret_comes_through(text: str) -> None:
    clean = redact(text)
    assert KEY not in clean
    assert NEW_KEY not in clean
    assert "eyJ" not in clean
    assert "hidden" in clean


@pytest.mark.parametrize(
    "text",
    [
        "connection refused by 127.0.0.1:8765",
        "HTTP 401 from res.services.ai.azure.com: check the key",
        "item_ABC123DEF456 and resp_0123456789 at 41 200 ms",
        "https://host/path is unknown",
        "x-ms-client-request-id: 6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        "how do you do? fine",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        NEW_KEY,
        "sk-proj-abcDEF0123456789abcdef",
        "ghp_" + "a1B2" * 9,
        "AKIA" + "A1B2C3D4" * 2,
    ],
)
def test_what_can_only_be_a_key_is_hidden_in_what_is_said_too(secret: str) -> None:
    for text in (
        secret,
        f"use {secret}, please",
        f"Bearer {secret}",
        f'{{"Authorization": "Bearer {secret}"}}',
    ):
        assert secret not in redact(text)
        clean = redact_value(
            {"type": "session.update", "session": {"instructions": text, "list": [text]}}
        )
        assert secret not in str(clean) and "hidden" in clean["session"]["instructions"]
        assert redact_value(clean) is clean


@pytest.mark.parametrize(
    "text",
    [
        "basic information about bearer instruments of 2024",
        "the password: ask for it",
        "order 0123456789abcdef0123456789abcdef",
        "sk-learn-estimators-are-good",
        "task-123456789012345678901234",
        "A1b2C3d4E5/" * 40,
    ],
)
def test_what_people_may_say_stays_in_events(text: str) -> None:
    event = {"type": "x", "transcript": text}
    assert redact_value(event) is event


@pytest.mark.parametrize(
    "piece", ["eyJ-", "eyJaaaaaaaa.", "sk-", "bearer ", "bearer+", "a1", "gho_", "basic 1 "]
)
def test_a_long_text_is_searched_once(piece: str) -> None:
    # A search that starts again at each piece would take hours.
    text = piece * (2_000_000 // len(piece))
    assert redact_value({"text": text, "n": 1})["n"] == 1


@pytest.mark.parametrize(
    "piece", ["a-", "sk-", "api-", "http://", "wss://a@", "password ", "sig:", "bearer ", "a1"]
)
def test_a_long_message_is_searched_once(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    assert f"{redact(f'{text} api-key={KEY}')}".endswith("[hidden]")


def test_a_query_string_is_hidden_whatever_it_says() -> None:
    assert (
        redact("cannot reach https://host/base?ticket=plain&x=1, try again")
        == "cannot reach https://host/base?[hidden] try again"
    )
    assert (
        redact("GET /voice-live/realtime?ticket=plain HTTP/1.1")
        == "GET /voice-live/realtime?[hidden] HTTP/1.1"
    )


def test_redacting_twice_changes_nothing() -> None:
    once = redact(f"wss://host/x?api-key={KEY} and Authorization: Bearer {TOKEN}")
    assert redact(once) == once


def test_tokens_of_tools_and_servers_are_hidden_in_events() -> None:
    tool = {
        "type": "mcp",
        "server_url": "https://x",
        "authorization": "secret-1",
        "headers": {"x-key": "secret-2"},
    }
    servers = [{"urls": ["turn:x"], "username": "u", "credential": "secret-3"}]
    event: dict[str, Any] = {
        "type": "session.update",
        "session": {"tools": [tool], "avatar": {"ice_servers": servers}},
    }
    clean = redact_value(event)
    assert "secret" not in str(clean)
    assert clean["session"]["tools"][0]["server_url"] == "https://x"
    assert "secret-1" in str(event)


def test_what_is_nested_too_deeply_to_search_is_hidden_whole() -> None:
    deep: Any = {"authorization": "secret"}
    for _ in range(900):
        deep = {"a": deep}
    assert redact_value({"type": "x", "Authorization": "secret", "session": deep}) == {
        "type": "x",
        "session": "[hidden]",
    }


def test_an_event_without_secrets_is_the_same_object() -> None:
    event = {
        "type": "session.update",
        "session": {"tools": [{"type": "function", "name": "f"}], "headers": {}},
    }
    assert redact_value(event) is event


def test_the_query_of_an_address_is_hidden_in_events_and_what_people_say_is_not() -> None:
    tool = {
        "server_url": "https://u:pw@tools.example/mcp?ticket=abc",
        "urls": ["turn:x?transport=udp"],
    }
    clean = redact_value({"tools": [tool], "text": "see https://a.example/?q=1"})
    assert clean["tools"][0]["server_url"] == "https://[hidden]@tools.example/mcp?[hidden]"
    assert clean["tools"][0]["urls"] == ["turn:x?transport=udp"]
    assert clean["text"] == "see https://a.example/?q=1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://tools.example:8443/mcp", "https://tools.example:8443/mcp"),
        ("https://me:pw@tools.example/@me?a=b#c", "https://[hidden]@tools.example/@me?[hidden]"),
        ("https://me@x:pw@tools.example", "https://[hidden]@tools.example"),
        ("tools.example/mcp#ticket", "tools.example/mcp?[hidden]"),
        ("turn:relay.example?transport=udp", "turn:relay.example?[hidden]"),
        ("data:image/png;base64,iVBORw0KGgo=", "data:image/png;base64,iVBORw0KGgo="),
        ("http://[::1", "http://[::1"),
        ("see https://me:pw@a.example", "see https://[hidden]@a.example"),
        ("https://a.example/?", "https://a.example/?"),
    ],
)
def test_an_address_shows_its_place_only(url: str, shown: str) -> None:
    assert redact_url(url) == shown
    assert redact_url(shown) == shown
    assert redact_url(url, "*").count("*") == shown.count("[hidden]")


def test_a_child_that_signs_in_nowhere_gets_no_keys() -> None:
    environ = {
        "AZURE_VOICELIVE_API_KEY": KEY,
        "azure_client_secret": "s",
        "GITHUB_TOKEN": "t",
        "HOME": "/home/me",
        "KEYBOARD": "us",
    }
    assert without_secrets(environ) == {"HOME": "/home/me", "KEYBOARD": "us"}
