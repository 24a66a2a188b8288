"""What is kept of an event: audio as a count, no secrets, bounded sizes, and everything else
unchanged."""

import base64
import json
from typing import Any

import pytest
from voicelive_simulator.service.redact import LONGEST_TEXT, MOST_VALUES, REDACTED, redacted


@pytest.mark.parametrize("length", [0, 1, 2, 3, 960, 961])
@pytest.mark.parametrize(
    ("kind", "key"), [("input_audio_buffer.append", "audio"), ("response.audio.delta", "delta")]
)
def test_audio_becomes_the_count_of_its_bytes(kind: str, key: str, length: int) -> None:
    event = {"type": kind, key: base64.b64encode(bytes(length)).decode(), "event_id": "e"}
    assert redacted(event) == {"type": kind, key: {"bytes": length}, "event_id": "e"}
    assert isinstance(event[key], str), "the event itself goes on to the client"


def test_audio_inside_an_item_is_counted_too() -> None:
    content = [{"type": "input_audio", "audio": "AAAA", "transcript": "said"}]
    shown: Any = redacted(
        {"type": "conversation.item.create", "item": {"type": "message", "content": content}}
    )
    assert shown["item"]["content"] == [
        {"type": "input_audio", "audio": {"bytes": 3}, "transcript": "said"}
    ]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.text.delta", "delta": "words"},
        {
            "type": "session.update",
            "session": {"instructions": "the key is under the mat", "voice": None, "tools": []},
        },
        {
            "type": "response.done",
            "response": {"usage": {"token": None, "output_tokens": 5, "tokens": [1.5, True]}},
        },
        {
            "type": "conversation.item.create",
            "item": {"type": "function_call_output", "output": '{"key": "value"}'},
        },
        "no object",
        [1, 2],
        None,
    ],
)
def test_all_else_stays_to_the_letter(event: object) -> None:
    assert redacted(event) == event


@pytest.mark.parametrize(
    "secret",
    [
        {"tools": [{"type": "mcp", "server_label": "a", "authorization": "hush"}]},
        {
            "tools": [
                {
                    "type": "mcp",
                    "server_label": "a",
                    "headers": {"X-Anything": "hush", "Authorization": "Bearer hush"},
                }
            ]
        },
        {"tools": [{"type": "mcp", "server_url": "https://me:hush@host/path?sig=hush#hush"}]},
        {
            "avatar": {
                "ice_servers": [
                    {"urls": ["turn:host?token=hush"], "username": "hush", "credential": "hush"}
                ]
            }
        },
        {"Api-Key": "hush", "nested": {"password": {"deep": "hush"}}},
        {"image_url": "https://host/cat.png?sig=hush"},
        {"tools": [{"type": "mcp", "headers": "Authorization: hush"}]},
        {"tools": [{"type": "mcp", "headers": ["Authorization: hush"]}]},
        {"client_sdp": "a=ice-pwd:hush"},
    ],
)
def test_no_secret_is_kept(secret: dict[str, Any]) -> None:
    kept = json.dumps(redacted({"type": "session.update", "session": secret}))
    assert "hush" not in kept and REDACTED in kept


def test_the_names_of_headers_and_the_place_of_a_server_are_kept() -> None:
    tool = {"headers": {"X-Tenant": "hush"}, "server_url": "https://me:hush@host:8443/mcp?key=hush"}
    assert redacted(tool) == {
        "headers": {"X-Tenant": REDACTED},
        "server_url": f"https://{REDACTED}@host:8443/mcp?{REDACTED}",
    }


def test_nothing_endless_is_kept() -> None:
    deep: Any = "end"
    for _ in range(900):
        deep = [deep]
    for endless in (
        deep,
        "x" * 10**6,
        ["x"] * 10**6,
        {str(n): [n] * 10 for n in range(MOST_VALUES)},
        {"k" * 10**6: 1},
    ):
        assert len(json.dumps(redacted({"type": "t", "field": endless}))) < LONGEST_TEXT
