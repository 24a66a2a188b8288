"""The fast check for texts without secrets: what it passes, `redact_value` leaves as it is."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_common.redaction.harmless_text import is_harmless
from voicelive_common.redaction.redact import hide_held_secrets, redact_value
from voicelive_common.redaction.secret import Secret

HELD = "a-value-of-this-process"
KEY = "a1B2" * 21
PIECES = (
    *(HELD, HELD[:7], "61-value", KEY, KEY[:-1], "eyJhbGciOiJIUzI1.eyJzdWIiOiIx", "sk-"),
    *("ghp_" + "a" * 30, "AKIA" + "B" * 16, "Bearer ", "ba\u017fic ", "abc1234567890defg"),
    *("authorization", "API_KEY", "headers", "server_url", "ur\u0131", "https://u:p@h/?k=v"),
    *("%61-value", "&#97;-value", '"', "\\", "\n", " ", "é", "日本", "word", "[hidden]", "7" * 12),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=4).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=500)
@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.booleans(), st.sampled_from((None, 1)))
def test_what_is_harmless_holds_nothing_to_hide(
    event: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    held = Secret(HELD)
    text = json.dumps(event, ensure_ascii=ascii_only, indent=indent)
    if is_harmless(text):
        assert redact_value(event) is event
        assert hide_held_secrets(text) is text
    assert held.reveal() == HELD


@pytest.mark.parametrize(
    "value",
    [
        *(HELD, HELD.encode().hex(), KEY, "eyJhbGciOiJIUzI1.eyJzdWIiOiIx"),
        *("sk-proj-0123456789abcdefgh", "Bearer abc1234567890defgh", "BASIC abc1234567890defgh"),
        *("%61-value-of-this-process", "&#97;-value-of-this-process"),
    ],
)
@pytest.mark.parametrize("offset", range(13))
def test_a_secret_is_never_harmless(value: str, offset: int) -> None:
    held = Secret(HELD)
    assert not is_harmless(json.dumps({"type": "x", "delta": "." * offset + value + "."}))
    assert not is_harmless(json.dumps({"type": "x", "." * offset + value: 1}))
    assert held.reveal() == HELD


@pytest.mark.parametrize("name", ["authorization", "Api-Key", "headers", "server_url", "URI"])
def test_a_field_whose_value_is_hidden_is_never_harmless(name: str) -> None:
    assert not is_harmless(json.dumps({"type": "x", name: {"x": "y"}}))


def test_a_number_is_never_harmless_beside_a_secret_of_digits() -> None:
    held = Secret("1234567890")
    assert not is_harmless('{"type": "x", "number": 1234567890}')
    assert held.reveal() == "1234567890"


@pytest.mark.parametrize("delta", ["word ", "größer als 日本", "sketchy", "bare", "a" * 60])
def test_what_a_conversation_is_made_of_is_harmless(delta: str) -> None:
    event = {
        "type": "response.audio_transcript.delta",
        "response_id": "resp_0123456789ABCDEFabcdef",
        "item_id": "item_0123456789ABCDEFabcdef",
        "delta": delta,
        "event_id": "event_0123456789ABCDEFabcdef",
    }
    assert is_harmless(json.dumps(event, ensure_ascii=False))
