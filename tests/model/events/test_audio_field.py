"""The audio of an event is decoded by strict rules, or not at all."""

from typing import Any

import pytest
from voicelive_tui.model.events.audio_field import audio_bytes, decode_audio


@pytest.mark.parametrize("type_name", ["response.audio.delta", "response.output_audio.delta"])
@pytest.mark.parametrize(
    ("delta", "audio"),
    [
        ("AAEC", b"\0\1\2"),
        ("AAE=", b"\0\1"),
        ("", b""),
        (None, b""),
        ([], b""),
        ("AAE", None),
        ("AAE=AA", None),
        ("A A E C", None),
        ("ÄÄÄÄ", None),
        (7, None),
        (["AAEC"], None),
        ({"$wav": "agent.wav", "bytes": 3}, None),
    ],
)
def test_only_valid_base64_is_audio(type_name: str, delta: Any, audio: bytes | None) -> None:
    assert decode_audio({"type": type_name, "delta": delta}) == audio


def test_an_event_without_its_audio_field_has_no_bytes() -> None:
    assert decode_audio({"type": "response.audio.delta"}) == b""


@pytest.mark.parametrize("event", [{}, {"type": "response.text.delta", "delta": "AAEC"}])
def test_a_type_without_an_audio_field_has_no_audio(event: dict[str, Any]) -> None:
    assert decode_audio(event) is None


@pytest.mark.parametrize(
    ("payload", "size"),
    [("AAEC", 3), ({"$wav": None, "bytes": 960}, 960), ("AAE", 0), ({}, 0), (None, 0)],
)
def test_the_bytes_of_a_record_are_counted_in_either_form(payload: Any, size: int) -> None:
    assert audio_bytes({"type": "input_audio_buffer.append", "audio": payload}) == size
