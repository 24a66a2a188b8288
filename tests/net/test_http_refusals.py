"""What an HTTP refusal says: the reason in whatever shape its body has, and a cure that fits it."""

import json

import pytest
from voicelive_tui.net.http_refusals import status_error

HOST = "name.services.ai.azure.com"
REASON = "The token is for another audience, or it has run out"


def sentence(status: int, body: object, credential: str = "key") -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return str(status_error(status, {}, raw, HOST, credential=credential))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "401", "message": REASON}},
        {"error": {"message": f"{REASON}."}},
        {"error": REASON},
        {"error": "invalid_token", "error_description": REASON},
        {"statusCode": 401, "message": f"Unauthorized. {REASON}."},
        {"code": "Unauthorized", "Message": REASON},
        {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": REASON},
        {"errors": [{"code": "1", "message": REASON}, {"message": "other"}]},
        REASON,
        REASON.encode(),
    ],
    ids=str,
)
def test_the_reason_is_found_in_every_shape(body: object) -> None:
    text = sentence(401, body)
    assert "The service says: " in text and text.endswith(f"{REASON}.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>401</body></html>",
        b"{broken",
        b"\xff\xfe\x00\x01",
        [],
        {},
        {"errors": []},
        {"error": 7},
        {"message": {"nested": 1}},
        None,
        b"[" * 100_000,
    ],
    ids=lambda body: str(body)[:20],
)
def test_a_body_without_a_reason_adds_nothing(body: object) -> None:
    assert "The service says" not in sentence(401, body)


def test_the_cure_for_a_401_names_the_credential_that_was_sent() -> None:
    assert "AZURE_VOICELIVE_API_KEY" in sentence(401, {}, "key")
    assert "az login" not in sentence(401, {}, "key")
    assert "az login" in sentence(401, {}, "token")
    assert "AZURE_VOICELIVE_API_KEY" not in sentence(401, {}, "token")
    assert "none were sent" in sentence(401, {}, "none")
    for status in (401, 403):
        own = sentence(status, {}, "own")
        assert "[service] table" in own and "none were sent" not in own and "role" not in own


@pytest.mark.parametrize(
    ("message", "words", "role"),
    [
        ("", "roles Cognitive Services User and Foundry User", True),
        ("Principal does not have access to API/Operation.", "role", True),
        ("Public network access is off; use its private endpoint.", "network that it", False),
        ("Access denied due to Virtual Network/Firewall rules.", "network that it", False),
        ("This region is not served.", "region is not served", False),
    ],
)
def test_a_403_blames_the_role_only_where_that_can_be_the_reason(
    message: str, words: str, role: bool
) -> None:
    text = sentence(403, {"error": {"code": "AccessDenied", "message": message}} if message else {})
    assert words in text
    assert ("Foundry User" in text) == role
