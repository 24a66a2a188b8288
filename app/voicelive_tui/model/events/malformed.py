"""What a frame that is no JSON would have ended: its type, if it can still be read and if an event
of that type ends something.

A turn that waits for the end of an answer must not wait for ever because the frame that says so is
broken.
"""

import re
from typing import Final

ENDING_TYPES: Final = frozenset(
    {
        "error",
        "input_audio_buffer.cleared",
        "input_audio_buffer.committed",
        "input_audio_buffer.speech_stopped",
        "response.done",
        "session.updated",
    }
)
"""Events that end something, and of which the type alone tells what."""

_MAX_HEAD_CHARS: Final = 4_096
_STRING: Final = r'"(?>[^"\\]|\\.)*"'
_TYPE: Final = re.compile(
    rf'\s*\{{\s*(?>(?!"type"){_STRING}\s*:\s*(?:{_STRING}|[^\s",{{}}\[\]]+)\s*,\s*)*"type"\s*:\s*"([^"\\]*)"',
    re.DOTALL,
)
"""An object whose type follows nothing but strings, numbers and the like: never the type of
something inside it."""


def ending_type(text: str) -> str:
    """The type that the text of a frame names at its beginning, if it is one of `ENDING_TYPES`;
    else empty."""
    found = _TYPE.match(text[:_MAX_HEAD_CHARS])
    return found[1] if found and found[1] in ENDING_TYPES else ""
