"""The socket's address from an endpoint as users write it (protocol.md sections 1.1 and 20)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.net.endpoint import EndpointError, endpoint_of


def url_of(base: str, *, model: str = "gpt-4o", query: dict[str, str] | None = None) -> str:
    return endpoint_of(base, model=model, api_version="2026-07-15", query=query).url


@pytest.mark.parametrize(
    ("base", "start"),
    [
        (
            "https://res.services.ai.azure.com/",
            "wss://res.services.ai.azure.com/voice-live/realtime?",
        ),
        (
            "https://res.services.ai.azure.com",
            "wss://res.services.ai.azure.com/voice-live/realtime?",
        ),
        (
            "HTTPS://res.services.ai.azure.com",
            "wss://res.services.ai.azure.com/voice-live/realtime?",
        ),
        (
            "wss://res.cognitiveservices.azure.com/",
            "wss://res.cognitiveservices.azure.com/voice-live/realtime?",
        ),
        ("http://127.0.0.1:8765", "ws://127.0.0.1:8765/voice-live/realtime?"),
        ("ws://[::1]:8765", "ws://[::1]:8765/voice-live/realtime?"),
        ("https://gate.example/some/base/", "wss://gate.example/some/base/voice-live/realtime?"),
        ("https://gate.example/voice-live/realtime", "wss://gate.example/voice-live/realtime?"),
    ],
)
def test_addresses(base: str, start: str) -> None:
    assert url_of(base).startswith(start)


def test_the_query_is_put_together_and_escaped() -> None:
    url = url_of("https://h.example/?foo=1&model=old", model="a b&c", query={"profile": "byom"})
    expected = {
        "foo": ["1"],
        "model": ["a b&c"],
        "profile": ["byom"],
        "api-version": ["2026-07-15"],
    }
    assert parse_qs(urlsplit(url).query) == expected


def test_an_agent_gets_no_model() -> None:
    query = parse_qs(
        urlsplit(
            url_of("https://h.example", query={"agent-name": "a", "agent-project-name": "p"})
        ).query
    )
    assert "model" not in query
    assert query["agent-name"] == ["a"]


@pytest.mark.parametrize(
    "base",
    [
        "",
        "  ",
        "127.0.0.1:8765",
        "res.services.ai.azure.com",
        "ftp://h",
        "https://",
        "https://h:99999",
        "https://h:x",
        "https://[::1",
        "https://user:secret@h.example",
        "https://h exa.example",
        "https://h\x1b[2J",
        "http://h:0",
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(base: str) -> None:
    with pytest.raises(EndpointError) as caught:
        url_of(base)
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text
    assert "secret" not in text and "\x1b" not in text
    assert caught.value.__cause__ is None


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_sentence(base: str) -> None:
    try:
        assert url_of(base).startswith(("ws://", "wss://"))
    except EndpointError as error:
        assert "\n" not in str(error)


def test_what_is_shown_holds_no_query() -> None:
    endpoint = endpoint_of("https://h.example:444/base?api-key=SECRET", model="m", api_version="v")
    assert endpoint.host == "h.example:444"
    assert "SECRET" not in repr(endpoint)


def test_credentials_travel_encrypted_or_not_at_all() -> None:
    assert endpoint_of("https://h.example", model="m", api_version="v").may_carry_credentials
    assert endpoint_of("http://localhost:1", model="m", api_version="v").may_carry_credentials
    assert not endpoint_of("http://h.example", model="m", api_version="v").may_carry_credentials
    assert not endpoint_of(
        "http://voice.localhost:1", model="m", api_version="v"
    ).may_carry_credentials


@pytest.mark.parametrize(
    ("base", "azure"),
    [
        ("https://r.services.ai.azure.com", True),
        ("https://r.cognitiveservices.azure.com", True),
        ("https://services.ai.azure.com.evil.example", False),
        ("https://evil-services.ai.azure.com.co", False),
    ],
)
def test_azures_hosts(base: str, azure: bool) -> None:
    assert endpoint_of(base, model="m", api_version="v").azure is azure


@pytest.mark.parametrize(
    "host",
    [
        "m.services.\u0430i.azure.com",
        "a;touch$IFS$9x;.azure.com",
        "a|b.example",
        "a\\b.example",
        "a%00.example",
        "a`b`.c",
        "\uff41.example",
    ],
)
def test_a_host_that_may_be_taken_for_another_or_for_a_command_is_refused(host: str) -> None:
    with pytest.raises(EndpointError) as caught:
        endpoint_of(f"https://{host}/", model="", api_version="")
    assert host not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        "xn--80ak6aa92e.example",
        "voice_live-1",
        "[fe80::1%eth0]",
        "[::ffff:127.0.0.1]",
        "MINE.example.",
    ],
)
def test_an_ordinary_host_is_taken(host: str) -> None:
    assert (
        endpoint_of(f"https://{host}:8443/", model="", api_version="").host
        == f"{host.lower()}:8443"
    )
