"""What `--mic` and `--speaker` name, as port specs of the audio engine."""

import contextlib
import os
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

STDIN_RATE_HZ = 24_000
LONGEST_STDIN_S = 3600
"""A session lasts no longer, and what streams without an end must not fill the disk."""
_SPECS = ("device:", "wav:")
_BYTES_PER_READ = 1 << 16


class PortArgumentError(ValueError):
    """The argument names nothing that can be heard or written; the text is one sentence with the cure."""


@contextlib.contextmanager
def microphone(argument: str | None) -> Iterator[str | None]:
    """The input's port spec while the context lasts; None leaves the choice to profile and machine. Raises PortArgumentError.

    For `-` standard input is read to its end first, into a file of ours that is gone afterwards.
    """
    match argument:
        case None | "none" | "null" | "device":
            yield argument
        case "-":
            with tempfile.TemporaryDirectory(prefix="voicelive-tui-") as folder:
                yield f"wav:{_wav_of_stdin(Path(folder) / 'stdin.wav')}"
        case _ if argument.startswith(_SPECS):
            yield argument
        case _:
            path = Path(argument).expanduser()
            if path.is_fifo():
                raise PortArgumentError(f"{argument} is a pipe; --mic - takes raw pcm16, mono, 24 kHz from one")
            if not path.is_file():
                raise PortArgumentError(f"there is no file {argument}; --mic takes a WAV file, -, device or none")
            yield f"wav:{path.absolute()}"


def speaker(argument: str | None) -> str | None:
    """The output's port spec; None leaves the choice to profile and machine. Raises PortArgumentError."""
    if argument is None or argument in ("none", "null", "device") or argument.startswith(_SPECS):
        return argument
    path = Path(argument).expanduser().absolute()
    if path.suffix.lower() != ".wav":
        raise PortArgumentError(f"{argument} does not end in .wav; --speaker takes a WAV file, device or none")
    if path.is_dir() or not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise PortArgumentError(f"{argument} cannot be written; check the folder and its permissions")
    return f"wav:{path}"


def _wav_of_stdin(path: Path) -> Path:
    if sys.stdin is None or sys.stdin.isatty():
        raise PortArgumentError("--mic - reads raw pcm16 from standard input, which is a terminal; pipe the sound in")
    count = 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(STDIN_RATE_HZ)
        while piece := sys.stdin.buffer.read(_BYTES_PER_READ):
            count += len(piece)
            if count > 2 * STDIN_RATE_HZ * LONGEST_STDIN_S:
                raise PortArgumentError(
                    "standard input holds more than an hour of sound; --mic - takes raw pcm16, mono, 24 kHz, that comes to an end"
                )
            file.writeframes(piece)
    if count < 2:
        raise PortArgumentError("standard input held no sound; --mic - takes raw pcm16, mono, 24 kHz")
    return path
