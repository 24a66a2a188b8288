"""The grammar of event filters."""

import json

import pytest
from voicelive_tui.model.events.filters import Filter, FilterError, parse_filter
from voicelive_tui.model.events.record import Direction


def filtered(expression: str) -> Filter:
    found = parse_filter(expression)
    assert isinstance(found, Filter), found
    return found


@pytest.mark.parametrize(
    ("expression", "direction", "type_name", "error", "shown"),
    [
        ("", "sent", "anything", False, True),
        ("append", "sent", "input_audio_buffer.append", False, True),
        ("APPEND", "sent", "input_audio_buffer.append", False, True),
        ("append", "received", "response.done", False, False),
        ("-append", "sent", "input_audio_buffer.append", False, False),
        ("-append -delta", "received", "response.done", False, True),
        ("-append -delta", "received", "response.audio.delta", False, False),
        ("response done", "received", "response.audio.delta", False, False),
        ("append|delta", "received", "response.audio.delta", False, True),
        ("-append|delta", "received", "response.audio.delta", False, False),
        (">", "sent", "x", False, True),
        (">", "received", "x", False, False),
        ("> =", "local", "x", False, True),
        ("> =", "received", "x", False, False),
        ("-<", "received", "x", False, False),
        ("-<", "local", "x", False, True),
        ("error", "received", "response.done", True, True),
        ("error", "received", "error.like", False, False),
        ("-error", "received", "response.done", True, False),
        ("< error response", "received", "response.done", True, True),
    ],
)
def test_kinds(
    expression: str, direction: Direction, type_name: str, error: bool, shown: bool
) -> None:
    assert filtered(expression).matches(direction, type_name, error=error) is shown
    assert not filtered(expression).needs_text


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ('"Two Words"', True),
        ('"two words"', True),
        ('"other words"', False),
        ('-"two words"', False),
        ("item:item_1", True),
        ("item:item_", False),
        ("-item:item_1", False),
        ('x "grüße"', True),
        ('x "say \\ so"', False),
        ('y "two words"', False),
    ],
)
@pytest.mark.parametrize("escaped", [True, False])
def test_text(expression: str, shown: bool, escaped: bool) -> None:
    event = {"type": "x", "item_id": "item_1", "text": "Two words, grüße"}
    line = json.dumps(event, ensure_ascii=escaped)
    assert filtered(expression).matches("received", "x", line=line) is shown
    assert filtered(expression).needs_text


@pytest.mark.parametrize("expression", ['"open', "a -", "item:", "|", "-> -< -=", '"a"b', 'b"a"'])
def test_what_cannot_be_read_is_said_in_one_sentence(expression: str) -> None:
    found = parse_filter(expression)
    assert isinstance(found, FilterError)
    assert str(found).startswith("The filter ")
    assert str(found).endswith(".")
