"""Server events whose fields hold anything, for tests that no frame of the service stops the
console."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

_TABLE = json.loads(
    (Path(__file__).parent.parent / "data" / "protocol-events.json").read_text("utf-8")
)
SERVER_EVENTS: dict[str, list[str]] = {
    kind: sorted(fields) for kind, fields in _TABLE["server_events"].items()
}
GA_EVENTS = {
    kind.replace("response.audio", "response.output_audio"): fields
    for kind, fields in SERVER_EVENTS.items()
    if kind.startswith("response.audio")
}
_NESTED = [
    *(
        "id",
        "type",
        "role",
        "status",
        "content",
        "output",
        "code",
        "message",
        "param",
        "event_id",
        "error",
        "reason",
        "usage",
    ),
    *(
        "input_tokens",
        "output_tokens",
        "status_details",
        "turn_detection",
        "input_audio_format",
        "output_audio_format",
    ),
    *(
        "input_audio_sampling_rate",
        "input_audio_echo_cancellation",
        "channels",
        "expires_at",
        "name",
        "text",
        "transcript",
    ),
    *(
        "call_id",
        "arguments",
        "tools",
        "queries",
        "server_label",
        "interrupt_response",
        "create_response",
        "auto_truncate",
    ),
]


def _deep(levels: int) -> Any:
    return json.loads("[" * levels + "]" * levels)


STRANGE: list[Any] = [
    *(
        10**400,
        -(10**400),
        2**63,
        1e308,
        float("inf"),
        float("-inf"),
        float("nan"),
        -1,
        True,
        None,
        [],
        {},
        [[]],
        [None],
    ),
    *(
        "",
        "\ud800",
        "\x00\x1b[2J",
        "x" * 1_100_000,
        "\u202e",
        "AAA",
        "pcm16_0001hz",
        "g711_ulaw",
        "none",
    ),
    *(_deep(900), {"$wav": 7, "bytes": 10**400}),
]
IDS = st.sampled_from(
    [
        "item_a",
        "resp_1",
        "user",
        "assistant",
        "message",
        "function_call",
        "failed",
        "cancelled",
        "completed",
    ]
)
VALUES = st.recursive(
    st.sampled_from(STRANGE)
    | IDS
    | st.integers()
    | st.text(max_size=4)
    | st.binary(max_size=6).map(lambda raw: raw.hex()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NESTED), inner, max_size=5)
    ),
    max_leaves=10,
)


def _event(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    fields = {**SERVER_EVENTS, **GA_EVENTS}[kind]
    return st.fixed_dictionaries(
        {"type": st.just(kind)}, optional={name: VALUES for name in fields}
    )


def wrong_events() -> st.SearchStrategy[dict[str, Any]]:
    """Hypothesis's events of a known type, in which every field may be missing or hold anything."""
    return st.sampled_from(sorted({**SERVER_EVENTS, **GA_EVENTS})).flatmap(_event)
