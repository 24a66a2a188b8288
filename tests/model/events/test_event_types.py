"""The table of event types against the API reference, and the summaries of events."""

import json
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.model.events import event_types
from voicelive_tui.model.events.audio_field import AUDIO_FIELD
from voicelive_tui.model.events.event_types import (
    is_error,
    is_known,
    is_streaming,
    summarize,
)
from voicelive_tui.model.events.record import Local

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "data" / "protocol-events.json").read_text(encoding="utf-8")
)
LOCALS = [value for name, value in vars(Local).items() if name.isupper()]


@pytest.mark.parametrize("type_name", sorted(REFERENCE["client_events"]))
def test_every_client_event_is_known(type_name: str) -> None:
    assert type_name in event_types.CLIENT_SUMMARIES


@pytest.mark.parametrize("type_name", sorted(REFERENCE["server_events"]))
def test_every_server_event_is_known(type_name: str) -> None:
    assert type_name in event_types.SERVER_SUMMARIES


@pytest.mark.parametrize("type_name", LOCALS)
def test_every_local_fact_is_known(type_name: str) -> None:
    assert type_name in event_types.LOCAL_SUMMARIES


SAMPLES = {
    "integer": 41_200,
    "boolean": True,
    "string(base64)": "AAAA",
    "any": {"a": 1},
    "map<string, any>": {"a": 1},
    "array<array<number>> or string": [[1.0]],
    '"word"': "word",
}
SILENT = {
    "input_audio.clear",
    "input_audio_buffer.clear",
    "input_audio_buffer.commit",
    "output_audio_buffer.clear",
    "input_audio_buffer.cleared",
    "output_audio_buffer.cleared",
    "session.avatar.connect",
    "session.avatar.connecting",
}


@pytest.mark.parametrize("side", ["client_events", "server_events"])
def test_every_event_with_something_to_say_says_it(side: str) -> None:
    for type_name, fields in REFERENCE[side].items():
        event: dict[str, Any] = {"type": type_name}
        for name, field in fields.items():
            event[name] = SAMPLES.get(
                field["type"],
                {"id": "x1", "type": "x", "message": "m"} if field["type"][0].isupper() else "said",
            )
        assert (summarize(event) == "") == (type_name in SILENT), type_name


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 41_200}, "41 200 ms"),
        (
            {"type": "error", "error": {"code": "bad", "message": "No item.", "param": "item.id"}},
            "bad: No item. [item.id]",
        ),
        (
            {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 10**20},
            "100 000 000 000 000 000 000 ms",
        ),
        ({"type": "error", "error": "odd"}, "odd"),
        ({"type": "response.audio_transcript.done", "transcript": "It is sunny."}, "It is sunny."),
        (
            {
                "type": "conversation.item.created",
                "item": {
                    "id": "i1",
                    "role": "user",
                    "content": [{"type": "input_text", "text": "hi"}],
                },
            },
            "user i1 hi",
        ),
        (
            {
                "type": "response.audio.delta",
                "delta": {"$wav": "agent.wav", "bytes": 9600, "ms": 200.0},
            },
            "9 600 bytes, 200 ms",
        ),
        ({"type": "response.audio.delta", "delta": "AAAA"}, "3 bytes"),
        (
            {"type": "conversation.item.truncate", "item_id": "i1", "audio_end_ms": 1500},
            "i1 at 1 500 ms",
        ),
        (
            {"type": "session.update", "session": {"voice": "alloy", "turn_detection": None}},
            "voice, turn_detection",
        ),
        (
            {
                "type": "session.updated",
                "session": {"id": "s1", "model": "gpt-4o", "voice": {"name": "Ava"}},
            },
            "s1 gpt-4o Ava",
        ),
        (
            {"type": "session.updated", "session": {"id": "s1", "turn_detection": None}},
            "s1 manual turns",
        ),
        (
            {
                "type": "response.done",
                "response": {
                    "id": "r1",
                    "status": "cancelled",
                    "status_details": {"reason": "turn_detected"},
                },
            },
            "r1 cancelled turn_detected",
        ),
        ({"type": "brand.new", "event_id": "e", "shine": 1}, "not known to this version: shine"),
        (
            {
                "type": "console.closed",
                "code": 1001,
                "reason": "x",
                "sentence": "The hour is over.",
            },
            "The hour is over.",
        ),
        ({}, "no JSON object with a type"),
    ],
)
def test_what_a_row_says(event: dict[str, Any], expected: str) -> None:
    assert summarize(event) == expected


def test_a_row_is_short_and_carries_no_control_codes() -> None:
    row = summarize({"type": "response.text.done", "text": "\x1b[2J" + "x" * 10_000})
    assert row.startswith("\\x1b[2J")
    assert len(row) <= event_types.SUMMARY_CHARS
    assert row.endswith("…")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "error", "error": {}}, True),
        ({"type": "response.done", "response": {"status": "failed"}}, True),
        ({"type": "response.done", "response": {"status": "cancelled"}}, False),
        ({"type": "mcp_list_tools.failed"}, True),
        ({"type": "warning"}, False),
        ({"type": "console.closed", "code": 1011}, True),
        ({"type": "console.closed", "code": 1000}, False),
        ({"type": "console.closed", "code": 1005}, False),
        ({"type": "console.closed", "code": None}, True),
        ({"type": "console.notice", "level": "error"}, True),
        ({"type": "console.notice", "level": "warning"}, False),
        ({"type": 3}, True),
        ({}, True),
    ],
)
def test_what_counts_as_an_error(event: dict[str, Any], expected: bool) -> None:
    assert is_error(event) is expected


def test_streaming_kinds() -> None:
    assert is_streaming("input_audio_buffer.append")
    assert is_streaming("response.audio.delta")
    assert not is_streaming("response.audio.done")


def test_audio_fields_belong_to_known_types() -> None:
    assert all(is_known(type_name) for type_name in AUDIO_FIELD)
    assert not is_known("brand.new")


def test_a_carry_over_says_what_came_along_and_what_did_not() -> None:
    event = {"type": Local.CARRIED_OVER, "carried": 14, "left_out": 3}
    reasons = {"no_transcript": 2, "no_output": 1, "unheard of": 5}
    assert summarize({**event, "not_carried": reasons}) == (
        "14 items carried over, 3 older left out; not carried over: 2 without a transcript, "
        "1 called without a result"
    )
    assert summarize({"type": Local.CARRIED_OVER, "carried": 1}) == "1 item carried over"
