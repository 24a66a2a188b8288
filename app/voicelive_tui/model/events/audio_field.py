"""The audio of an event: the types that carry base64, the field that holds it, and what it decodes
to (protocol.md sections 4 and 5).

Invariant: a live frame's base64 is decoded once, when the frame arrives. Journal and protocol get
the bytes beside the event. Only where a record still holds base64, because the journal could not
move it into a file, do the folds decode it again, by the same strict rules.
"""

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


def decode_audio(event: Mapping[str, Any]) -> bytes | None:
    """The audio of an event from the wire, no bytes if its field is empty or missing.

    None for a type without an audio field, and for a value that is not valid base64.
    """
    field = AUDIO_FIELD.get(str(event.get("type")))
    if field is None:
        return None
    value = event.get(field) or ""
    if not isinstance(value, str):
        return None
    try:
        return binascii.a2b_base64(value, strict_mode=True)
    except ValueError:
        return None


def audio_bytes(event: Mapping[str, Any]) -> int:
    """Return how many bytes of audio a record's event refers to, or still holds as base64."""
    payload = audio_payload(event)
    if isinstance(payload, Mapping):
        return get_count(payload, "bytes")
    if not isinstance(payload, str):
        return 0
    try:
        return len(binascii.a2b_base64(payload, strict_mode=True))
    except ValueError:
        return 0
