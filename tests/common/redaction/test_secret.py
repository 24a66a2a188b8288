"""The values of living secrets are hidden in every spelling, everywhere, but only as long as they
live."""

import base64
import gc
import json
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from voicelive_common.redaction.redact import (
    hide_held_secrets,
    hide_known_in_json,
    redact,
    redact_frame,
    redact_value,
    secrets_in,
    without_secrets,
)
from voicelive_common.redaction.secret import LONGEST, MOST, Secret
from voicelive_tui.model.events.streamed_secrets import StreamedSecrets
from voicelive_tui.model.profile.profile import parse_profile

from tests.support.secret_spellings import (
    AROUND,
    ESCAPES,
    PLAIN,
    PRINTABLE,
    SPELT,
    outside_marks,
)


@given(SPELT, AROUND, AROUND)
def test_no_spelling_of_a_secret_comes_through(spelling: Any, before: str, after: str) -> None:
    value, spell = spelling
    secret = Secret(value)
    spelt = spell(value)
    # An escape without its end absorbs the letters that follow, so that text spells something else.
    assume(not (re.search(r"&#\w+$", spelt) and after[:1].isalnum()))
    clean = hide_held_secrets(before + spelt + after)
    assert spelt not in outside_marks(clean) or spelt in before or spelt in after
    assert "[hidden]" in clean
    assert secret.reveal() == value


@given(PLAIN, AROUND, st.data())
def test_no_mixture_of_escapes_hides_a_secret_in_what_is_no_json(
    value: str, around: str, data: st.DataObject
) -> None:
    secret = Secret(value)
    escape = data.draw(st.sampled_from(ESCAPES))
    escaped = "".join(
        escape(char) if not char.isalnum() or data.draw(st.booleans()) else char for char in value
    )
    clean = redact(f"{around}|{escaped}|{around}")
    assert "[hidden]" in clean
    assert escaped not in outside_marks(clean)
    del secret


@given(
    PRINTABLE,
    st.binary(max_size=7),
    st.binary(max_size=7),
    st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]),
)
def test_base64_is_hidden_wherever_the_secret_stands_in_it(
    value: str, before: bytes, after: bytes, encode: Any
) -> None:
    secret = Secret(value)
    encoded = encode(before + value.encode() + after).decode()
    clean = redact_value({"type": "error", "text": f"Basic {encoded}"})["text"]
    assert "[hidden]" in clean
    rest = clean.removeprefix("Basic ").replace("[hidden]", "")
    assert len(rest) <= len(encoded) - (len(value) * 8 // 6 - 2)
    del secret


@pytest.mark.parametrize(
    "text", ['"a\\nSECRET\\nb"', '"a\\"SECRET\\"b"', "%0ASECRET%0A", "&lt;SECRET&gt;"]
)
def test_the_escapes_beside_a_secret_stay(text: str) -> None:
    secret = Secret("co-rect'horse")
    for spelt in ("co-rect'horse", "co\\u002drect'horse", "co-rect%27horse", "co-rect&#39;horse"):
        assert hide_held_secrets(text.replace("SECRET", spelt)) == text.replace(
            "SECRET", "[hidden]"
        )
    del secret


def test_what_is_not_found_is_what_the_module_says() -> None:
    value = "correct-horse"
    secret = Secret(value)
    octal = "".join(f"\\{ord(char):03o}" for char in value)
    for text in (
        octal,
        "".join(f"={ord(char):02X}" for char in value),
        "\u200b".join(value),
        value.upper(),
        value[:-1],
    ):
        assert hide_held_secrets(text) == text
    deep = value
    for _ in range(5):
        deep = json.dumps(deep)
    assert hide_held_secrets(deep) == deep.replace(
        value, "[hidden]"
    )  # any number of backslashes is found
    del secret


@given(PRINTABLE, AROUND, AROUND, st.data())
def test_no_secret_comes_in_pieces(
    value: str, before: str, after: str, data: st.DataObject
) -> None:
    secret = Secret(value)
    said, sizes = before + value + after, st.integers(1, len(value) - 1)
    streams, shown = StreamedSecrets(), ""
    while said:
        size = data.draw(sizes)
        event = redact_value({"type": "response.text.delta", "item_id": "a1", "delta": said[:size]})
        shown += streams.clean(event)["delta"]
        streams.clean({"type": "response.text.delta", "item_id": "a2", "delta": "of another item"})
        said = said[size:]
    assert value not in outside_marks(shown) or value in before or value in after
    assert "[hidden]" in shown
    del secret


@given(AROUND, st.data())
def test_what_is_no_secret_passes_in_pieces(said: str, data: st.DataObject) -> None:
    secret = Secret("correct-horse-battery")
    streams, rest, shown = StreamedSecrets(), f"correct {said} correct-hors", ""
    while rest:
        size = data.draw(st.integers(1, 12))
        event = {"type": "response.text.delta", "delta": rest[:size]}
        shown += streams.clean(event)["delta"]
        rest = rest[size:]
    assert shown.startswith(f"correct {said} ")
    del secret


def test_a_child_process_gets_no_variable_that_says_a_secret() -> None:
    secret = Secret("correct-horse-battery")
    environ = {
        "PATH": "/usr/bin:/home/correct-horse-battery/bin",
        "LANG": "C.UTF-8",
        "MY_ENDPOINT": "https://h.example/?code=only-in-this-address",
        "AZURE_VOICELIVE_ENDPOINT": "https://h.example/?model=gpt-4o",
        "PROXY": "http://me:password-of-it@proxy.example",
        "NOTE": "it is correct-horse-battery",
        "A_KEY": "x",
    }
    assert list(without_secrets(environ)) == ["PATH", "LANG", "AZURE_VOICELIVE_ENDPOINT"]
    del secret


@given(PRINTABLE, st.data())
def test_no_escape_of_json_hides_a_secret_from_us(value: str, data: st.DataObject) -> None:
    secret = Secret(value)
    escaped = "".join(
        f"\\u{ord(char):04x}" if data.draw(st.booleans()) else json.dumps(char)[1:-1]
        for char in value
    )
    event = json.loads(
        '{"type": "error", "error": {"message": "Bad %s here", "%s": ["%s"]}}'  # noqa: UP031
        % (escaped, escaped, escaped)
    )
    clean = redact_value(event)
    assert value not in json.dumps(clean, ensure_ascii=False)
    assert value not in str(clean)
    assert list(clean) == ["type", "error"] and clean["type"] == "error"
    del secret


@given(PRINTABLE, st.binary(max_size=20), st.binary(max_size=20))
def test_a_frame_that_is_no_json_is_kept_without_it(
    value: str, before: bytes, after: bytes
) -> None:
    secret = Secret(value)
    clean = redact_frame(before + value.encode() + after)
    assert isinstance(clean, bytes)
    assert b"[hidden]" in clean
    assert value.encode() not in clean.replace(b"[hidden]", b"\0")
    del secret


def test_it_is_hidden_only_as_long_as_it_lives() -> None:
    value = "correct-horse-battery"
    assert redact(value) == value
    secret = Secret(value)
    other = Secret(value)
    assert redact(value) == "[hidden]"
    del secret
    gc.collect()
    assert redact(value) == "[hidden]"
    del other
    gc.collect()
    assert redact(value) == value


def test_a_short_value_is_not_hidden_in_every_word() -> None:
    secret = Secret("a")
    assert hide_held_secrets("a banana") == "a banana"
    del secret


def test_a_secret_within_another_leaves_nothing_of_either() -> None:
    secrets = [Secret("12345678"), Secret("0123456789")]
    assert hide_held_secrets("0123456789 and 12345678") == "[hidden] and [hidden]"
    del secrets


def test_an_event_without_them_is_the_same_object() -> None:
    secret = Secret("correct-horse-battery")
    event = {"type": "x", "session": {"tools": [{"name": "f"}], "n": 1.5, "none": None}}
    assert redact_value(event) is event
    del secret


PROFILE = """
[service]
target = "url"
url = "https://h.example/x?ticket=ticket-number-2&model=gpt-4o"
[service.query]
agent-name = "parcel-desk"
ticket = "ticket-number-1"
[[session.tools]]
type = "mcp"
server_label = "tools"
server_url = "https://tools.example/mcp?code=code-of-the-door"
authorization = "Bearer token-of-the-tools"
headers = { x-key = "header-of-the-tools" }
"""


def test_a_profile_keeps_what_its_tools_and_addresses_are_reached_with() -> None:
    profile, problems = parse_profile(PROFILE, slug="p", path="")
    assert profile is not None, problems
    values = (
        "ticket-number-2",
        "ticket-number-1",
        "code-of-the-door",
        "token-of-the-tools",
        "header-of-the-tools",
    )
    assert set(values) <= {secret.reveal() for secret in profile.secrets}
    for value in values:
        assert redact(f"you sent {value}!") == "you sent [hidden]!"
    assert redact("ask the parcel-desk of gpt-4o") == "ask the parcel-desk of gpt-4o"


@pytest.mark.parametrize(
    "headers",
    [
        "".join(f'h{n} = "value-number-{n}"\n' for n in range(MOST + 1)),
        f'h = "{"x" * (LONGEST + 1)}"',
    ],
    ids=["too many", "too long"],
)
def test_a_profile_holds_no_more_than_can_be_hidden(headers: str) -> None:
    tool = (
        '[[session.tools]]\ntype = "mcp"\nserver_label = "t"\nserver_url = '
        f'"https://t.example"\n[session.tools.headers]\n{headers}'
    )
    profile, problems = parse_profile(tool, slug="p", path="")
    assert profile is None
    assert [problem.severity for problem in problems] == ["error"] and "hidden" in problems[
        0
    ].message


def test_an_address_gives_its_password_and_the_values_of_its_query() -> None:
    found = secrets_in(
        {"server_url": "https://me:pass%20word@h.example/x?sig=signature-1&model=gpt-4o"}
    )
    assert list(found) == ["pass word", "signature-1"]


@pytest.mark.parametrize("url", ["http://[", "https://h:99999/?a=b", "turn:x", ""])
def test_an_address_that_cannot_be_taken_apart_is_no_error(url: str) -> None:
    assert isinstance(list(secrets_in({"server_url": url})), list)


NUMBERS = st.from_regex(r"[1-9][0-9]{6,30}[1-9]", fullmatch=True).filter(
    lambda digits: len(set(digits)) > 4
)
"""Keys that JSON can write as a number."""


@given(NUMBERS, st.sampled_from(["{}", "{}.0", "{}e0", "{}e3", "-{}", "0.{}", "7{}"]))
def test_a_secret_of_digits_is_hidden_where_it_is_a_number(value: str, shape: str) -> None:
    secret = Secret(value)
    number = json.loads(shape.format(value))
    clean = redact_value(
        {
            "type": "error",
            "error": {"code": number, "param": [number]},
            "n": 12,
            "on": True,
            "t": 0.5,
        }
    )
    assert clean == {
        "type": "error",
        "error": {"code": "[hidden]", "param": ["[hidden]"]},
        "n": 12,
        "on": True,
        "t": 0.5,
    }
    del secret


def test_other_numbers_stay_when_a_secret_is_one() -> None:
    secret = Secret("98765432101234567890")
    event = {"n": [0, -1, 9876543210, 1e300, 98765.43210123, 2**70, True, None, float("inf")]}
    assert redact_value(event) is event
    assert redact_value({"n": int("9" * 4000) ** 2}) == {
        "n": "[hidden]"
    }  # a number of so many digits cannot be converted
    del secret


def test_a_number_in_the_place_of_a_token_is_one() -> None:
    document = {"authorization": 12345678}
    assert redact_value(document) == {"authorization": "[hidden]"}
    assert list(secrets_in(document)) == ["12345678"]


@given(NUMBERS | PRINTABLE.filter(lambda value: not value.isdigit()), AROUND)
def test_what_hides_in_json_leaves_json(value: str, around: str) -> None:
    secret = Secret(value)
    number = int(value) if value.isdigit() else 1
    line = json.dumps(
        {"n": number, "text": f"{around}{value}{around}", "list": [around]}, ensure_ascii=False
    )
    clean = json.loads(hide_known_in_json(line))
    assert clean["n"] == ("[hidden]" if value.isdigit() else 1)
    assert "[hidden]" in clean["text"]
    assert value not in outside_marks(clean["text"]) or value in around
    del secret


def test_json_without_secrets_is_the_same_text() -> None:
    secret = Secret("correct-horse-battery")
    line = '{"text": "a", "text": "b"}'
    assert hide_known_in_json(line) is line
    del secret
