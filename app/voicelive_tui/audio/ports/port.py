"""The interfaces of input and output ports, which may be a device, a file or nothing at all."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple


class PortError(Exception):
    """The port cannot be opened. The text is one sentence with the cure."""


class Captured(NamedTuple):
    """Audio that a port captured: mono pcm16 at the port's rate. end_s: when its last frame was
    heard."""

    audio: bytes
    end_s: float
    overflow: bool = False
    """Whether the device lost audio before this."""
    file_ended: bool = False
    """Whether the file in place of the microphone ends with this."""


Sink = Callable[[Captured], None]
"""Called with captured audio on the port's own thread; must not wait."""

Pull = Callable[[memoryview, float, bool], None]
"""Called on the port's own thread to fill a buffer of mono pcm16 (bytes) with the audio to be heard
from that time on. The flag is True if the device reports that it ran out of audio before."""

Fail = Callable[[str], None]
"""Called once with one sentence, from any thread, when the port has failed."""


class InputPort(ABC):
    """A microphone. `name` and `rate_hz` never change."""

    name: str
    rate_hz: int
    is_device = False

    @abstractmethod
    def start(self, sink: Sink, fail: Fail) -> None:
        """Begin to capture. Raises PortError if that fails."""

    @abstractmethod
    def close(self) -> None:
        """Stop. The sink is not called after this returns."""

    def listen(self, on: bool) -> None:  # noqa: B027 - only a file minds
        """Note whether the audio is used. A file waits while it is not; a microphone does not
        wait."""

    def rewind(self) -> None:  # noqa: B027 - only a file can
        """Play the file from its beginning."""

    def skip(self) -> None:  # noqa: B027 - only a file can
        """Play nothing of the file until it is rewound."""


class OutputPort(ABC):
    """A speaker. `name` and `rate_hz` never change."""

    name: str
    rate_hz: int
    is_device = False
    unfinished_path = ""
    """For a file, the path that holds its audio until the port is closed."""

    @abstractmethod
    def start(self, pull: Pull, fail: Fail) -> None:
        """Begin to play. Raises PortError if that fails."""

    @abstractmethod
    def silence(self) -> float:
        """Drop everything that is not yet heard, and return the time from which nothing is heard.
        The caller must call `resume` afterwards."""

    @abstractmethod
    def resume(self) -> None:
        """Play again after `silence` or `rest`."""

    def rest(self) -> bool:
        """Stop because there is nothing to play. Returns whether the port rests, in which case
        nothing is pulled until the caller calls `resume`. Most ports never rest."""
        return False

    @abstractmethod
    def close(self) -> None:
        """Stop. `pull` is not called after this returns."""
