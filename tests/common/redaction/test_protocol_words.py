"""Publicly known words are never hidden, even if somebody calls one a secret."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_common.redaction.protocol_words import is_protocol_word
from voicelive_common.redaction.redact import redact_value
from voicelive_common.redaction.secret import SHORTEST, Secret, why_shown
from voicelive_tui.model.events.gists.table import GISTS
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "data" / "protocol-events.json").read_text(encoding="utf-8")
)


def known_words() -> Iterator[str]:
    """The event types, and the field names of events and profiles."""
    yield from (kind for kind in GISTS if not kind.startswith("("))
    for events in REFERENCE.values():
        for kind, fields in events.items():
            yield kind
            yield from fields
    for key in FIELDS_BY_KEY:
        yield from key.split(".")


def test_every_event_type_and_field_name_that_this_version_knows_is_one() -> None:
    assert [
        word for word in known_words() if len(word) >= SHORTEST and not is_protocol_word(word)
    ] == []


@pytest.mark.parametrize(
    "value",
    [
        "response.done",
        "response",
        "_transcript",
        "in_progress",
        "assistant",
        "completed",
        "output_tokens",
    ],
)
def test_a_word_of_the_protocol_hides_nothing(value: str) -> None:
    secret = Secret(value)
    usage = {"output_tokens": 1, "input_token_details": {"cached_tokens": 0}}
    output = [{"id": "a", "type": "message", "role": "assistant", "status": "completed"}]
    event = {
        "type": "response.done",
        "response": {"status": "in_progress", "output": output, "usage": usage},
        "input_transcript": "",
    }
    assert redact_value(event) is event
    assert why_shown(secret.reveal()) == "a word of the protocol"


@pytest.mark.parametrize("value", ["correct-horse", "response.done!", "a response.done"])
def test_what_only_holds_such_a_word_is_hidden(value: str) -> None:
    secret = Secret(value)
    assert why_shown(value) == ""
    assert redact_value({"type": "x", "text": f"<{value}>"}) == {"type": "x", "text": "<[hidden]>"}
    del secret
