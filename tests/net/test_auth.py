"""Credentials: their headers, the sentences for their errors, and that no secret shows."""

import json
import os
import traceback
from pathlib import Path

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_tui.net.auth import EntraCredentials, KeyCredentials, sign_in_sentence
from voicelive_tui.net.connect_error import ConnectError


async def test_a_key_becomes_a_header_and_nothing_else() -> None:
    credentials = KeyCredentials(Secret("abc123"))
    assert await credentials.headers() == {"api-key": "abc123"}
    assert "abc123" not in repr(credentials)


@pytest.mark.parametrize("key", ["abc\n123", "abc\r\nHost: evil", "ä-key", "with space", "\x00"])
async def test_a_key_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(ConnectError) as caught:
        await KeyCredentials(Secret(key)).headers()
    assert key not in str(caught.value)


async def test_a_machine_without_any_sign_in_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (
        "AZURE_CLIENT_ID",
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_USERNAME",
        "AZURE_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    # Managed identity is requested over the network; the development tools are enough here.
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "dev")
    with pytest.raises(ConnectError) as caught:
        await EntraCredentials().headers()
    assert (
        str(caught.value)
        == "No Azure sign-in works on this machine; run `az login`, or set AZURE_VOICELIVE_API_KEY."
    )
    assert "Traceback (most recent call last)" not in str(caught.value)
    assert "DefaultAzureCredential failed" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.skipif(os.name == "nt", reason="the played `az` is a shell script")
@pytest.mark.parametrize(
    "token", [12345678901234567890, None, True, 1.5, [], {}, "", "a b", "a\r\nHost: evil", "ä" * 20]
)
@pytest.mark.parametrize("expires", [2_082_758_400, "2036-01-01", None, {}])
async def test_whatever_a_hostile_az_prints_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: object, expires: object
) -> None:
    (tmp_path / "answer").write_text(
        json.dumps({"accessToken": token, "expires_on": expires, "expiresOn": expires})
    )
    (tmp_path / "az").write_text(f'#!/bin/sh\ncat "{tmp_path}/answer"\n')
    (tmp_path / "az").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    with pytest.raises(ConnectError) as caught:
        await EntraCredentials().headers()
    sentence = str(caught.value)
    assert "az login" in sentence and "\n" not in sentence and str(token or "-----") not in sentence


def test_entras_own_code_is_named() -> None:
    text = (
        "EnvironmentCredential: Authentication failed: AADSTS7000215: Invalid client secret "
        "provided. Trace ID: 1\nCorrelation"
    )
    assert "AADSTS7000215" in sign_in_sentence(text)
