"""Recognises malformed frames that would have ended something, such as a response.

A turn that waits for the end of a response must not wait for ever because the frame that reports
the end is malformed.
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
"""The types of events that end something and need no other field to say what."""

_MAX_HEAD_CHARS: Final = 4_096
_STRING: Final = r'"(?>[^"\\]|\\.)*"'
_TYPE: Final = re.compile(
    rf'\s*\{{\s*(?>(?!"type"){_STRING}\s*:\s*(?:{_STRING}|[^\s",{{}}\[\]]+)\s*,\s*)*"type"\s*:\s*"([^"\\]*)"',
    re.DOTALL,
)
"""Matches an object whose type comes after nothing but scalar fields, so that the type of a nested
object is never taken for it."""


def ending_type(text: str) -> str:
    """Return the type at the beginning of a frame's text if it is one of `ENDING_TYPES`; else an
    empty string."""
    match = _TYPE.match(text[:_MAX_HEAD_CHARS])
    return match[1] if match and match[1] in ENDING_TYPES else ""
