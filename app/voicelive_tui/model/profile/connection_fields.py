"""Which settings a running session takes, and which need a new connection (protocol.md sections 1,
6, 7 and 8)."""

from typing import Final

_NEW_CONNECTION: Final = (
    "service",
    "session.model",
    "session.input_audio_echo_cancellation.reference_source",
    "session.input_audio_echo_cancellation.channels",
)
_BEFORE_AN_ANSWER: Final = ("session.voice",)


def needs_new_connection(key: str, *, answered: bool) -> bool:
    """Return whether a connection does not take a new value of this dotted key.

    answered: the assistant has spoken over it.
    """
    final = (*_NEW_CONNECTION, *_BEFORE_AN_ANSWER) if answered else _NEW_CONNECTION
    return any(key == each or key.startswith(f"{each}.") for each in final)
