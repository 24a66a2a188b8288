"""What an audio process that serves a peer tells the listener that started it, and the reverse: one
line of text each, on the process's standard output and input."""

from enum import StrEnum


class HostReport(StrEnum):
    """A line of the audio process."""

    READY = "ready"
    HEARD = "heard"
    """Something came from the peer; at most once a second."""
    LEAVING = "leaving"
    """The peer has closed the connection."""
    MICROPHONE_OPEN = "microphone open"
    MICROPHONE_CLOSED = "microphone closed"


_MUTE_LINES = {b"mute on\n": True, b"mute off\n": False}


def mute_line(on: bool) -> bytes:
    """The line that mutes the microphone at this machine, or no longer."""
    return next(line for line, muted in _MUTE_LINES.items() if muted == on)


def read_mute_line(line: bytes) -> bool | None:
    """Read what `mute_line` wrote; None for any other line."""
    return _MUTE_LINES.get(line)
