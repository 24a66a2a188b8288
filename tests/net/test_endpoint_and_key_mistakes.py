"""Endpoints and keys as people set them by mistake: each gets its own sentence, which repeats no
secret. `tests/data/endpoint-mistakes.toml` holds them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.net.endpoint import EndpointError, endpoint_of
from voicelive_tui.net.endpoint_mistakes import EXAMPLE, misdirected_endpoint
from voicelive_tui.net.key_mistakes import key_mistake
from voicelive_tui.net.unfilled_value import unfilled

MISTAKES = tomllib.loads((Path(__file__).parents[1] / "data/endpoint-mistakes.toml").read_text())


def by_value(mistake: dict[str, Any]) -> str:
    return str(mistake["value"])[:40]


def expected(mistake: dict[str, Any]) -> tuple[str, str]:
    says = str(mistake["says"]).replace("{example}", EXAMPLE)
    return str(mistake.get("severity", "error")), says


def test_the_corpus_is_large_enough() -> None:
    assert len(MISTAKES["endpoint"]) >= 30
    assert len(MISTAKES["key"]) >= 20


@pytest.mark.parametrize("mistake", MISTAKES["endpoint"], ids=by_value)
def test_an_endpoint_is_named_for_what_it_is(mistake: dict[str, Any]) -> None:
    try:
        endpoint = endpoint_of(mistake["value"], model="m", api_version="v")
    except EndpointError as error:
        found = ("error", str(error))
    else:
        misdirected = misdirected_endpoint(endpoint.url)
        assert misdirected is not None
        found = (misdirected.severity, misdirected.sentence)
    assert found == expected(mistake)
    assert mistake.get("secret", "no such text") not in found[1]


@pytest.mark.parametrize("mistake", MISTAKES["key"], ids=by_value)
def test_a_key_is_named_for_what_it_is(mistake: dict[str, Any]) -> None:
    found = key_mistake(mistake["value"], for_azure=True)
    assert found is not None
    assert (found.severity, found.sentence) == expected(mistake)
    elsewhere = key_mistake(mistake["value"], for_azure=False)
    assert (elsewhere is None) == mistake.get("only_azure", False)
    assert "0123456789abcdef" not in found.sentence


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://contoso.services.ai.azure.com/",
        "https://contoso.cognitiveservices.azure.com",
        "wss://contoso.services.ai.azure.com/voice-live/realtime?api-version=x",
        "https://voice-gateway.azure-api.net/contoso",
        "https://resource.corp.example/base",
        "http://127.0.0.1:8765",
        "https://[::1]:8443/?code=%AB%CD",
        "https://addons.services.ai.azure.com/",
        "https://yoursmile.services.ai.azure.com/",
    ],
)
def test_a_usable_endpoint_has_no_mistake(endpoint: str) -> None:
    assert misdirected_endpoint(endpoint_of(endpoint, model="m", api_version="v").url) is None


@pytest.mark.parametrize(
    "key", ["0123456789abcdef0123456789abcdef", "A1b2" * 21, "k", "p{4}$A'x", "dummy", "/aB3/x+="]
)
def test_a_server_of_ones_own_may_have_any_key(key: str) -> None:
    assert key_mistake(key, for_azure=False) is None
    if len(key) > 30:
        assert key_mistake(key, for_azure=True) is None


@given(st.text(max_size=60))
def test_no_sentence_repeats_a_key(key: str) -> None:
    found = key_mistake(key, for_azure=True)
    if found is not None and len(key) > 3 and not key.isascii():
        assert key not in found.sentence


@pytest.mark.parametrize("begun", ["${{", "${", "$(", "{{", "<", "[a"])
def test_a_long_text_of_begun_references_takes_no_long_time(begun: str) -> None:
    text = "https://h.example/" + begun * 100_000  # with a search per sign, minutes
    assert unfilled("The endpoint", text, whole=False) == ""
    with pytest.raises(EndpointError, match="no server takes an address of more than"):
        endpoint_of(text, model="m", api_version="v")
