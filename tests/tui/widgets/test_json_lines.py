"""An event as indented JSON with looks."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from voicelive_common.json_text import JsonError, read_json
from voicelive_tui.tui.widgets.json_lines import (
    LONGEST_STRING,
    MOST_CHARACTERS,
    MOST_LINES,
    json_lines,
)

from tests.support.hostile_documents import hostile_lines
from tests.tui.support.spans import text_of


def test_json_shows_every_kind_of_value_and_is_json() -> None:
    event = {
        "type": "x",
        "list": [1, 2.5, {"a": None}],
        "empty": {},
        "none": [],
        "yes": True,
        "text": 'q"\n',
        "umlaut": "ü",
    }
    shown = "\n".join(text_of(spans) for spans in json_lines(event, "w"))
    assert json.loads(shown) == event
    assert '"umlaut": "ü"' in shown


def test_sound_is_shown_as_where_it_is_kept() -> None:
    event = {
        "type": "response.audio.delta",
        "delta": {"$wav": "agent.wav", "offset": 96000, "bytes": 9600},
    }
    assert '"delta": (9 600 bytes of sound in agent.wav at byte 96 000)' in text_of(
        [s for spans in json_lines(event, "w") for s in spans]
    )
    lost = {"type": "response.audio.delta", "delta": {"$wav": None, "bytes": 9600}}
    assert "(9 600 bytes of sound, not recorded)" in text_of(
        [s for spans in json_lines(lost, "w") for s in spans]
    )


def test_json_of_any_size_stays_short_and_carries_no_control_codes() -> None:
    assert len(json_lines({"many": [0] * 3 * MOST_LINES}, "w")) == MOST_LINES + 1
    huge = text_of(
        [
            s
            for spans in json_lines(
                {"text": "x" * (LONGEST_STRING + 1234), "esc": "\x1b[31m\x9b"}, "w"
            )
            for s in spans
        ]
    )
    assert "1 234 more characters" in huge
    assert "\x1b" not in huge
    assert "\x9b" not in huge


REFERENCE = {"$wav": "agent.wav", "offset": 44, "bytes": 960, "ms": 20.0}
EVENT = {
    "type": "response.audio.delta",
    "delta": REFERENCE,
    "item": {"id": "a", "content": {"x": 1}},
}


@settings(max_examples=100, deadline=None)
@given(hostile_lines(EVENT))
def test_the_details_of_any_event_that_can_be_read_are_shown(text: str) -> None:
    try:
        event = read_json(text)
    except JsonError:
        return
    assert json_lines(event, "w")


def test_the_deepest_event_that_can_be_read_is_shown_whole() -> None:
    event = read_json('{"a":' * 200 + "1" + "}" * 200)
    shown = "".join(text for line in json_lines(event, "w") for text, _ in line)
    assert shown.count("{") == 200 and json.loads(shown) == event


@pytest.mark.parametrize(
    "event",
    [
        {"many": ["x" * LONGEST_STRING] * 1_000},
        {"x" * 10**6: 1},
        {"delta": {"$wav": "x" * 10**6, "bytes": 1}},
    ],
    ids=["long strings", "a long key", "a long file name"],
)
def test_no_more_of_an_event_is_laid_out_than_can_be_read(event: dict[str, Any]) -> None:
    lines = json_lines(event, "w")
    assert sum(len(text_of(spans)) for spans in lines) < 2 * MOST_CHARACTERS
