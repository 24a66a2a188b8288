"""The proxy of a connection in words: whose variable names it, what it leaves out, no password."""

import pytest
from voicelive_tui.engine.service.proxy_use import (
    ProxyUnusable,
    proxy_in_use,
    proxy_of_environment,
)
from voicelive_tui.net.endpoint import endpoint_of

ENDPOINT = endpoint_of("https://mine.services.ai.azure.com", model="m", api_version="v")
NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "WSS_PROXY", "SOCKS_PROXY")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": "http://ada:pw@10.0.0.1:3128"}, "10.0.0.1:3128 (from HTTPS_PROXY)"),
        (
            {"HTTPS_PROXY": "http://10.0.0.1:3128", "NO_PROXY": "localhost,.corp"},
            "10.0.0.1:3128 (from HTTPS_PROXY); NO_PROXY leaves out localhost,.corp",
        ),
        (
            {"HTTPS_PROXY": "http://10.0.0.1:3128", "NO_PROXY": ".azure.com"},
            "none for mine.services.ai.azure.com: NO_PROXY leaves out .azure.com",
        ),
        ({"NO_PROXY": ".azure.com"}, ""),
    ],
)
def test_the_proxy_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_in_use(ENDPOINT) == proxy_of_environment(ENDPOINT) == said


def test_one_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "10.0.0.1:3128")
    with pytest.raises(ProxyUnusable, match="HTTPS_PROXY has no scheme"):
        proxy_in_use(ENDPOINT)
    assert "HTTPS_PROXY has no scheme" in proxy_of_environment(ENDPOINT)
