"""Where the audio of an event stands: the types that carry base64, and their fields (protocol.md sections 4 and 5)."""

from collections.abc import Mapping
from typing import Any, Final

AUDIO_FIELD: Final[Mapping[str, str]] = {
    "input_audio_buffer.append": "audio",
    "input_audio.turn.append": "audio",
    "response.audio.delta": "delta",
    "response.output_audio.delta": "delta",
    "response.video.delta": "delta",
}
"""The base64 field of the types that carry one."""

VIDEO: Final = "response.video.delta"


def audio_payload(event: Mapping[str, Any]) -> object:
    """What stands in the event's audio field: base64, or the journal's reference; None when its type has no such field."""
    field = AUDIO_FIELD.get(str(event.get("type")))
    return event.get(field) if field else None
