"""The audio of an event: the types that carry base64, and the field that holds it (protocol.md
sections 4 and 5)."""

import binascii
from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.fields import get_count

AUDIO_FIELD: Final[Mapping[str, str]] = {
    "input_audio_buffer.append": "audio",
    "input_audio.turn.append": "audio",
    "response.audio.delta": "delta",
    "response.output_audio.delta": "delta",
    "response.video.delta": "delta",
}
"""The field that holds base64, by type of event."""

VIDEO: Final = "response.video.delta"


def audio_payload(event: Mapping[str, Any]) -> object:
    """Return the content of the event's audio field: base64, or a reference to the journal's audio
    file. None when its type has no such field."""
    field = AUDIO_FIELD.get(str(event.get("type")))
    return event.get(field) if field else None


def audio_bytes(event: Mapping[str, Any]) -> int:
    """Return how many bytes of audio an event holds or refers to."""
    payload = audio_payload(event)
    if isinstance(payload, Mapping):
        return get_count(payload, "bytes")
    if not isinstance(payload, str):
        return 0
    try:
        return len(binascii.a2b_base64(payload))
    except ValueError:
        return 0
