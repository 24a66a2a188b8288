"""No event makes a gist raise, take long, or show an id or base64."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.model.events.event_types import SUMMARY_CHARS, summarize
from voicelive_tui.model.events.gists.phrases import MOST_CHARS, brief_json, call
from voicelive_tui.model.events.gists.stream_gists import StreamTotals, describe_stream, has_gist
from voicelive_tui.model.events.gists.table import GISTS

from tests.support.indexed_journal import IndexedJournal
from tests.support.step_count import steps
from tests.support.wrong_events import STRANGE, VALUES

REFERENCE_IDS = (
    *("id", "event_id", "item_id", "previous_item_id", "response_id", "call_id"),
    *("turn_id", "approval_request_id", "request_id", "rtc_call_id", "conversation_id"),
)
ID = "idZZ9"
BASE64 = "QkFTRTY0" * 40
FIELDS = (
    *("item", "response", "session", "error", "part", "delta", "content", "output", "usage"),
    *("role", "name", "status", "text", "transcript", "arguments", "tools", "queries", "results"),
    *("audio_start_ms", "audio_end_ms", "played_ms", "received_ms", "wait_ms", "gap_ms", "away_ms"),
    *("status_details", "voice", "turn_detection", "expires_at", "annotation", "rate_limits"),
    *("frames", "frame_index", "viseme_id", "codec", "client_sdp", "image_url", "code", "on"),
    *("not_carried", "carried", "modalities", "input_token_details", "warning", "action", "type"),
)
EVENT = st.builds(
    lambda kind, fields: {**fields, "type": kind},
    st.sampled_from(sorted(GISTS)) | st.sampled_from(["brand.new", "response.smell.delta"]),
    st.dictionaries(st.sampled_from(FIELDS + REFERENCE_IDS), VALUES, max_size=8),
)


def is_one_short_line(gist: str) -> bool:
    return len(gist) <= SUMMARY_CHARS and gist.isprintable()


@settings(max_examples=120, deadline=None)
@given(EVENT)
def test_an_event_may_hold_anything(event: dict[str, Any]) -> None:
    assert is_one_short_line(summarize(event))


@settings(max_examples=40, deadline=None)
@given(st.lists(EVENT, min_size=1, max_size=12))
def test_so_may_the_events_before_it(events: list[dict[str, Any]]) -> None:
    journal = IndexedJournal()
    for n, event in enumerate(events):
        fields = {name: value for name, value in event.items() if name != "type"}
        mark = ">" if event["type"].endswith(("update", "create")) else "<"
        try:
            json.dumps(fields)
        except (ValueError, UnicodeError):
            continue
        journal(mark, n / 10, event["type"], **fields)
    for n in range(journal.index.count):
        assert is_one_short_line(journal.gist(n))
    assert all(map(is_one_short_line, journal.rows()))


def filled(value: Any, text: str) -> dict[str, Any]:
    """Fields of every name an event may have, two levels deep, each id with the mark of an id."""
    ids = dict.fromkeys(REFERENCE_IDS, ID)
    inner = {**dict.fromkeys(FIELDS, text), **ids}
    return {**dict.fromkeys(FIELDS, value), **inner, "item": inner, "response": inner, **ids}


ITEM_TYPES = (
    *("message", "function_call", "function_call_output", "mcp_call", "mcp_list_tools"),
    *("mcp_approval_request", "mcp_approval_response", "web_search_call", "file_search_call"),
)


@pytest.mark.parametrize("type_name", sorted(GISTS))
def test_no_gist_shows_an_id(type_name: str) -> None:
    for item_type in ITEM_TYPES:
        fields = filled({}, "word")
        fields["item"] = {**fields["item"], "type": item_type, "content": [fields["item"]]}
        fields["session"] = fields["response"]
        fields["error"] = {"code": "c", "message": "m", "event_id": ID}
        assert ID not in summarize({**fields, "type": type_name})
        journal = IndexedJournal()
        for _ in range(3):
            for earlier in ("conversation.item.created", "response.output_item.done", type_name):
                journal("<", 1.0, earlier, **{k: v for k, v in fields.items() if k != "type"})
        assert not any(ID in gist for gist in journal.rows())


@pytest.mark.parametrize(
    ("type_name", "fields"),
    [
        ("input_audio_buffer.append", {"audio": BASE64}),
        ("input_audio.turn.append", {"audio": BASE64}),
        ("response.audio.delta", {"delta": BASE64}),
        ("response.output_audio.delta", {"delta": BASE64}),
        ("response.video.delta", {"delta": BASE64, "codec": "h264"}),
        ("session.avatar.connect", {"client_sdp": BASE64}),
        ("session.avatar.connecting", {"server_sdp": BASE64}),
        ("response.animation_blendshapes.delta", {"frames": BASE64}),
        ("response.smell.delta", {"delta": BASE64}),
        *(
            (kind, {"item": {"type": "message", "role": "user", "content": [part]}})
            for kind in ("conversation.item.create", "conversation.item.retrieved")
            for part in (
                {"type": "input_audio", "audio": BASE64},
                {"type": "input_image", "image_url": f"data:image/png;base64,{BASE64}"},
                {"type": "input_image", "url": BASE64},
            )
        ),
    ],
)
def test_no_gist_shows_base64(type_name: str, fields: dict[str, Any]) -> None:
    assert BASE64[:8] not in summarize({"type": type_name, **fields})
    journal = IndexedJournal()
    for _ in range(3):
        journal("<", 1.0, type_name, **fields)
    assert not any(BASE64[:8] in gist for gist in journal.rows())


HUGE = "x" * 4_000_000
MANY = [{"name": "n" * 50, "type": "function_call"}] * 50_000


@pytest.mark.parametrize("type_name", sorted(GISTS))
def test_a_huge_event_takes_no_longer_than_a_small_one(type_name: str) -> None:
    for text, many in (
        (HUGE, HUGE),
        (HUGE, MANY),
        ("x", dict.fromkeys(map(str, range(50_000)), 1)),
    ):
        fields = {**filled(text, text), "item": {"type": "message", "content": many, "name": text}}
        fields |= {"session": many, "output": many, "delta": many, "rate_limits": many}
        event = {**fields, "type": type_name}
        assert steps(partial(summarize, event)) < 20_000


@pytest.mark.parametrize("value", STRANGE)
def test_anything_can_be_shown_briefly(value: object) -> None:
    assert len(brief_json(value)) <= MOST_CHARS + 1
    assert len(call("name", json.dumps({"x": 1}) if value is None else value)) < 1000
    assert len(call("name", str(value)[:30_000])) < 1000


@pytest.mark.parametrize("type_name", [name for name in sorted(GISTS) if has_gist(name)])
def test_a_stream_may_hold_anything(type_name: str) -> None:
    for value in STRANGE:
        event = {**filled(value, "x"), "delta": value, "type": type_name}
        for figures in (StreamTotals(2), StreamTotals(2, 10**9, 1e300, 1e-9, 1e300)):
            assert len(describe_stream(figures, [event] * 3, event)) < 4_000
            assert len(describe_stream(figures, [], event)) < 4_000
