"""What an input and an output port are, whether a device, a file or nothing at all stands behind
them."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple


class PortError(Exception):
    """The port cannot be opened; the text is one sentence with the cure."""


class Captured(NamedTuple):
    """Sound that a port heard: mono pcm16 of the port's rate; `end_s` is when its last frame was
    heard."""

    audio: bytes
    end_s: float
    overflow: bool = False
    """The device lost sound before this."""
    file_ended: bool = False
    """The file that stands for the microphone ends with this."""


Sink = Callable[[Captured], None]
"""Takes what was captured; called on the port's own thread and returns at once."""

Pull = Callable[[memoryview, float, bool], None]
"""Fills a buffer of mono pcm16 (bytes) with what is to be heard from that time on; true when the
device says that it ran dry before. Called on the port's own thread."""

Fail = Callable[[str], None]
"""The port broke; one sentence. Called once, from any thread."""


class InputPort(ABC):
    """A microphone. `name` and `rate_hz` hold from the beginning."""

    name: str
    rate_hz: int
    is_device = False

    @abstractmethod
    def start(self, sink: Sink, fail: Fail) -> None:
        """Begin to capture. PortError when that cannot be."""

    @abstractmethod
    def close(self) -> None:
        """Stop; the sink is not called any more when this returns."""

    def listen(self, on: bool) -> None:  # noqa: B027 - only a file minds
        """Somebody takes the sound, or nobody: a file waits, a microphone does not."""

    def rewind(self) -> None:  # noqa: B027 - only a file can
        """Speak the file from its beginning."""


class OutputPort(ABC):
    """A speaker. `name` and `rate_hz` hold from the beginning."""

    name: str
    rate_hz: int
    is_device = False
    unfinished_path = ""
    """For a file: where its sound stands until the port is closed."""

    @abstractmethod
    def start(self, pull: Pull, fail: Fail) -> None:
        """Begin to play. PortError when that cannot be."""

    @abstractmethod
    def silence(self) -> float:
        """Drop everything that is not yet heard; returns the time from which nothing is heard.
        `resume` follows."""

    @abstractmethod
    def resume(self) -> None:
        """Play again after `silence`."""

    @abstractmethod
    def close(self) -> None:
        """Stop; `pull` is not called any more when this returns."""
