"""What an audio process that serves a peer tells the listener that started it, and the reverse: one
line of text each, on the process's standard output and input."""

from enum import StrEnum


class HostReport(StrEnum):
    """A line of the audio process."""

    READY = "ready"
    """The process can serve."""
    HEARD = "heard"
    """Something came from the peer; at most once a second."""
    LEAVING = "leaving"
    """The peer has closed the connection, or the process is about to."""
    MICROPHONE_OPEN = "microphone open"
    """It stays open until the process ends."""


_MUTE_ON, _MUTE_OFF = b"mute on", b"mute off"


def mute_line(on: bool) -> bytes:
    """The line, with its end, that mutes the microphone at this machine, or no longer."""
    return (_MUTE_ON if on else _MUTE_OFF) + b"\n"


def read_mute_line(line: bytes) -> bool | None:
    """Read a line of `mute_line`, without its end; None for any other line."""
    return {_MUTE_ON: True, _MUTE_OFF: False}.get(line)
