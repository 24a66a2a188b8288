"""Credentials: their headers, the sentences for their errors, and that no secret shows."""

import asyncio
import contextlib
import json
import os
import ssl
import traceback
from pathlib import Path

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_simulator.service.tls import self_signed
from voicelive_tui.net.auth import EntraCredentials, KeyCredentials
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.recovery import Recovery

from tests.net.support.connections import PROXIES
from tests.support.hostile_servers import serving


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


@pytest.mark.skipif(os.name == "nt", reason="the played `az` is a shell script")
async def test_the_account_of_the_token_is_known_and_the_token_is_in_no_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token = "eyJhbGciOiJub25lIn0.eyJ1cG4iOiJhZGFAY29udG9zby5jb20ifQ.c2lnbmF0dXJl"
    answer = {"accessToken": token, "expires_on": 2_082_758_400, "expiresOn": "2036-01-01"}
    (tmp_path / "answer").write_text(json.dumps(answer))
    (tmp_path / "az").write_text(f'#!/bin/sh\ncat "{tmp_path}/answer"\n')
    (tmp_path / "az").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    credentials = EntraCredentials()
    assert await credentials.headers() == {"Authorization": f"Bearer {token}"}
    assert str(credentials.account) == "ada@contoso.com"
    assert token not in repr(credentials.account)


async def test_a_sign_in_behind_an_intercepting_proxy_names_both_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = self_signed("login.microsoftonline.com").context

    async def intercept(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        assert head.startswith("CONNECT login.microsoftonline.com:443 ")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with contextlib.suppress(ssl.SSLError):
            await writer.start_tls(context)

    for name in (*PROXIES, "no_proxy", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.setenv(name, "11111111-1111-1111-1111-111111111111")
    # The library tries again for half a minute, which this test has no use for.
    monkeypatch.setattr("azure.core.pipeline.policies.RetryPolicy.sleep", lambda *_: None)
    async with serving(intercept) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(ConnectError) as caught:
            await EntraCredentials().headers()
    sentence = str(caught.value)
    assert "REQUESTS_CA_BUNDLE" in sentence and "SSL_CERT_FILE" in sentence
    assert "az login" not in sentence
    assert caught.value.recovery is Recovery.GIVE_UP
