"""One name for types that have two: the dated API's for those of OpenAI's GA protocol (protocol.md
17.1)."""

from collections.abc import Mapping
from typing import Final

_GA_NAMES: Final[Mapping[str, str]] = {
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "conversation.item.added": "conversation.item.created",
}


def canonical(type_name: str) -> str:
    """The dated API's name of a type. Any other name is returned as it is."""
    return _GA_NAMES.get(type_name, type_name)
