"""The moments of one response of a turn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """When a response was created, when its first audio came, and when it was done, in seconds
    since the session's start; None for what has not happened."""

    created_s: float
    first_audio_s: float | None = None
    done_s: float | None = None
