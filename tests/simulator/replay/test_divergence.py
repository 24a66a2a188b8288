"""What is reported about a different client: which fields, in which words, and never a secret."""

from typing import Any

import pytest
from voicelive_simulator.replay.divergence import differences, differing, unexpected


@pytest.mark.parametrize(
    ("recorded", "live", "paths"),
    [
        ({"a": 1, "b": [1, {"c": None}]}, {"a": 1.0, "b": [1, {"c": None}]}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": {"b": "x"}}, {"a": {"b": "y", "c": 1}}, ["a.b", "a.c"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a[1]"]),
        ({"a": None}, {}, ["a"]),
        ({"a": True}, {"a": 1}, ["a"]),
        ({"event_id": "x"}, {"event_id": "y"}, []),
        ({"event_id": "x"}, {}, []),
        ({"item": {"id": "x"}}, {"item": {}}, []),
        ({"item_id": "x"}, {"item_id": "y"}, ["item_id"]),
        ({"audio_end_ms": 100}, {"audio_end_ms": 200}, []),
        ({"headers": "[hidden]"}, {"headers": {"x": "y"}}, []),
    ],
)
def test_which_fields_differ(
    recorded: dict[str, Any], live: dict[str, Any], paths: list[str]
) -> None:
    assert sorted(one.path for one in differences(recorded, live)) == paths


def test_values_are_shown_short_and_many_are_counted() -> None:
    recorded = {"session": {"a": "x" * 100, "b": {}, "c": [1], "d": 1, "e": 1, "f": 1}}
    live = {"session": {"a": "y" * 100, "b": 1, "c": [1, 2], "d": None, "e": 2}}
    found = sorted(differences(recorded, live), key=lambda one: one.path)
    assert differing(7, "session.update", found).sentence == (
        "The client's session.update is not the recorded one (record 7): session.a is "
        f'"{"y" * 35}..." instead of '
        f'"{"x" * 35}...", session.b is 1 instead of a table, session.c is a list of 2 instead of '
        "a list of 1, "
        "session.d is null instead of 1, session.e is 2 instead of 1 and 1 more; the recording "
        "continues."
    )


@pytest.mark.parametrize(
    "path",
    [
        "session.tools[0].authorization",
        "session.tools[0].headers.x",
        "session.tools[0].server_url",
        "session.avatar.ice_servers.urls",
        "api_key",
        "client_secret",
        "client_sdp",
        "a.Token",
    ],
)
def test_a_secret_is_never_shown(path: str) -> None:
    live: Any = "s3cret"
    recorded: Any = "0ther"
    for name in reversed(path.replace("[0]", "").split(".")):
        live, recorded = {name: live}, {name: recorded}
    sentence = differing(1, "session.update", list(differences(recorded, live))).sentence
    assert "s3cret" not in sentence and "0ther" not in sentence and "is different" in sentence


def test_a_number_of_tokens_is_no_secret() -> None:
    [found] = differences({"max_response_output_tokens": 100}, {"max_response_output_tokens": 200})
    assert str(found) == "max_response_output_tokens is 200 instead of 100"


def test_what_a_client_wrote_cannot_write_on_the_terminal() -> None:
    divergence = unexpected(None, "", "\x1b[2J" + "x" * 10_000)
    assert (
        divergence.sentence.isprintable()
        and len(divergence.sentence) < 700
        and divergence.got.startswith("[2Jxx")
        and len(divergence.got) < 700
    )
