"""What is known of an event by its type, against the API reference."""

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
from voicelive_tui.model.events.gists.table import CLIENT_GISTS, LOCAL_GISTS, SERVER_GISTS
from voicelive_tui.model.events.record import Local

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "data" / "protocol-events.json").read_text(encoding="utf-8")
)
LOCALS = [value for name, value in vars(Local).items() if name.isupper()]


@pytest.mark.parametrize("type_name", sorted(REFERENCE["client_events"]))
def test_every_client_event_is_known(type_name: str) -> None:
    assert type_name in CLIENT_GISTS


@pytest.mark.parametrize("type_name", sorted(REFERENCE["server_events"]))
def test_every_server_event_is_known(type_name: str) -> None:
    assert type_name in SERVER_GISTS


@pytest.mark.parametrize("type_name", LOCALS)
def test_every_local_fact_is_known(type_name: str) -> None:
    assert type_name in LOCAL_GISTS


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
