"""The account of a sign-in token: read without its signature, and never the token itself."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.net.token_claims import TokenAccount, token_account

TENANT = "11111111-2222-3333-4444-555555555555"
APPLICATION = "66666666-7777-8888-9999-000000000000"


def token(**claims: Any) -> str:
    parts = ({"alg": "none"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join(part.rstrip("=") for part in (*encoded, "c2ln"))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (
            {"upn": "ada@contoso.com", "appid": APPLICATION, "tid": TENANT, "idtyp": "user"},
            f"ada@contoso.com in tenant {TENANT}",
        ),
        ({"preferred_username": "ada@contoso.com"}, "ada@contoso.com"),
        (
            {"appid": APPLICATION, "tid": TENANT, "idtyp": "app"},
            f"application {APPLICATION} in tenant {TENANT}",
        ),
        ({"azp": APPLICATION}, f"application {APPLICATION}"),
        ({"tid": TENANT}, f"tenant {TENANT}"),
        ({"upn": "a@b\x1b[2J", "tid": "x" * 36}, "a@b"),
        ({"upn": ["a@b"], "tid": 5, "appid": "my key 0123456789abcdef"}, ""),
        ({}, ""),
    ],
)
def test_who_signed_in_is_said(claims: dict[str, Any], said: str) -> None:
    found = str(token_account(token(**claims)))
    assert found.startswith(said) if said else found == ""
    assert "\x1b" not in found


@pytest.mark.parametrize("text", ["", "abc", "a.b", "a.!.c", "a.W10.c", "a.bnVsbA.c"])
def test_what_is_no_token_says_nothing(text: str) -> None:
    assert token_account(text) == TokenAccount()


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    assert token_account(f"e.{text}.e") is not None
