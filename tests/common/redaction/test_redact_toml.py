"""Redacting a profile's text hides secret values and leaves everything else unchanged."""

from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.redaction.redact import HIDDEN, redact_value
from voicelive_common.redaction.redact_toml import redact_toml
from voicelive_common.toml.read import read_toml

KEYS = [
    "sk-proj-abcDEF0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl",
    "ghp_" + "a1B2" * 9,
    "5Zk" + "A1b2C3d4E5" * 8 + "x",
]
PROFILE = """\
# The desk's profile. api-key: in-a-comment
name = "Desk"

[session]
instructions = \"\"\"
# Who you are
Call it with Bearer {key} and say \\"please\\".
Ask for the password: it is a word.\"\"\"  # not {key}

[[session.tools]]
type = "mcp"
server_label = "a"
server_url = "https://tools.example/mcp?ticket=abc"
headers = {{ X-Key = "secret-of-mcp" }}
"""


@pytest.mark.parametrize("key", KEYS)
def test_a_profile_keeps_its_lines_and_loses_its_keys(key: str) -> None:
    text = PROFILE.format(key=key)
    clean = redact_toml(text)
    for secret in (key, "in-a-comment", "ticket=abc", "secret-of-mcp"):
        assert secret not in clean
    assert len(clean.splitlines()) == len(text.splitlines())
    assert "# Who you are" in clean and "password: it is a word" in clean
    assert read_toml(clean) == redact_value(read_toml(text))
    assert redact_toml(clean) == clean


def test_a_profile_without_secrets_is_the_same() -> None:
    text = "# basic knowledge\nname = 'x'\n[session]\ninstructions = 'see https://a.example/?q=1'\n"
    assert redact_toml(text) == text


TEXTS = st.one_of(
    st.sampled_from([*KEYS, f"a {KEYS[0]}\nb", '"""', "\\", "#", HIDDEN]), st.text(max_size=12)
)


@given(
    st.dictionaries(
        st.sampled_from(["instructions", "authorization", "url", "a"]),
        TEXTS | st.lists(TEXTS, max_size=3),
    )
)
def test_the_values_of_the_text_are_those_that_events_show(document: dict[str, Any]) -> None:
    for multiline in (False, True):
        text = tomli_w.dumps({"session": document}, multiline_strings=multiline)
        values = read_toml(text)
        clean = redact_toml(text)
        assert read_toml(clean) == redact_value(values)
        assert not [key for key in KEYS if key in clean]
