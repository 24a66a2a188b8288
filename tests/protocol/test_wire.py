"""Encoding and decoding of frames."""

import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.protocol.wire import EncodeError, EventIds, Malformed, decode, encode

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.text(min_size=1))
def test_an_event_survives_the_wire(fields: dict[str, Any], kind: str) -> None:
    event = {**fields, "type": kind}
    assert decode(encode(event)) == event


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_frame_is_an_event_or_a_reason(frame: str | bytes) -> None:
    result = decode(frame)
    assert isinstance(result, Malformed) or isinstance(result["type"], str)


def test_a_binary_frame_is_read_like_a_text_frame() -> None:
    assert decode('{"type":"x","name":"é"}'.encode()) == {"type": "x", "name": "é"}


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("{", "is not JSON"),
        ("", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("{}", "has no type"),
        ('{"type":7}', "has no type"),
        (b"\xff\xfe", "is not UTF-8 text"),
        ("[" * 200_000, "is nested too deeply"),
        ('{"type":"x","v":' + "[" * 200 + "]" * 200 + "}", "is nested too deeply"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_event_says_why(frame: str | bytes, reason: str) -> None:
    assert decode(frame) == Malformed(reason)


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "9" * 5000])
def test_a_value_that_json_does_not_have_is_null_and_hides_no_event(value: str) -> None:
    frame = '{"type":"response.done","response":{"id":"r1","usage":{"total_tokens":' + value + "}}}"
    found = decode(frame)
    assert isinstance(found, Malformed)
    event = {"type": "response.done", "response": {"id": "r1", "usage": {"total_tokens": None}}}
    assert (found.event, found.understood) == (event, event)


@pytest.mark.parametrize(
    ("frame", "ends"),
    [
        ('{"type":"response.done","response":{"id":"r1"', "response.done"),
        (
            '{ "event_id" : "e\\"1", "n": 1.5,\n"type": "input_audio_buffer.speech_stopped", "item',
            "input_audio_buffer.speech_stopped",
        ),
        (b'{"type":"response.done","x":"\xff"}', "response.done"),
        ('{"type":"response.done","x":' + "[" * 100_000, "response.done"),
        ('{"item":{"type":"response.done"', ""),
        ('{"event_id":"type","x":["type":"response.done"', ""),
        ('{"type":"response.audio.delta","delta":"AAA', ""),
        ("type response.done", ""),
        ("{" + '"a":"' * 2_000, ""),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_broken_frame_ends_what_its_type_says(frame: str | bytes, ends: str) -> None:
    found = decode(frame)
    assert isinstance(found, Malformed)
    assert (found.ends, found.event) == (ends, {})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), datetime.date(2026, 1, 1)])
def test_what_json_cannot_carry_is_refused_in_one_sentence(value: object) -> None:
    with pytest.raises(EncodeError, match="cannot carry") as caught:
        encode({"type": "session.update", "session": {"x": value}})
    assert caught.value.__cause__ is None


def test_text_of_any_kind_is_ascii_on_the_wire() -> None:
    # A lone surrogate, which text pasted into a terminal may hold, cannot be encoded as UTF-8.
    frame = encode({"type": "x", "text": "\ud800é"})
    assert frame.isascii()
    assert json.loads(frame)["text"] == "\ud800é"


def test_ids_differ() -> None:
    ids = EventIds("evt_ab")
    assert [ids.next(), ids.next()] == ["evt_ab_1", "evt_ab_2"]
