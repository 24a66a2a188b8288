"""Translates `--mic` and `--speaker` into port specs of the audio engine."""

import contextlib
import itertools
import os
import secrets
import shutil
import sys
import tempfile
import wave
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voicelive_tui.engine.config.profile_store import in_recording

STDIN_RATE_HZ = 24_000
LONGEST_STDIN_S = 3600
"""The longest raw audio on standard input: a session lasts no longer, and an endless stream must
not fill the disk."""
LONGEST_FILE_BYTES = LONGEST_STDIN_S * 48_000 * 2 * 2
"""The largest sound file on standard input: an hour of stereo at the highest common rate."""
_FILE_MARKS = (b"RIFF", b"RIFX", b"RF64", b"BW64", b"fLaC", b"OggS", b"FORM", b"ID3")
"""The first bytes of sound files, which tell them from raw samples. An MP3 file without a tag
cannot be told from raw samples."""
_SPECS = ("device:", "wav:")
_BYTES_PER_READ = 1 << 16


class PortArgumentError(ValueError):
    """The argument names nothing that can be played or written. The text is one sentence with the
    cure."""


@contextlib.contextmanager
def microphone(argument: str | None) -> Iterator[str | None]:
    """The input's port spec, valid while the context lasts. None leaves the choice to the profile
    and the machine. Raises PortArgumentError.

    For `-`, standard input is first read to its end into a temporary file, which is deleted
    afterwards.
    """
    match argument:
        case None | "none" | "null" | "device":
            yield argument
        case "-":
            # The file's name appears in messages about it, so it is one that the user understands.
            with _temporary_folder() as folder:
                yield f"wav:{_save_stdin(folder / 'standard input')}"
        case _ if argument.startswith(_SPECS):
            yield argument
        case _:
            path = Path(argument).expanduser()
            if path.is_fifo():
                raise PortArgumentError(
                    f"{argument} is a pipe; --mic - reads one: raw pcm16, mono, 24 kHz, or a sound "
                    "file"
                )
            if not path.is_file():
                raise PortArgumentError(
                    f"there is no file {argument}; --mic takes a sound file, -, device or none"
                )
            yield f"wav:{path.absolute()}"


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    """A folder for this user only, deleted afterwards.

    `tempfile` could leave it behind: a signal raises an exception, which may fall between the
    making of the folder and the return of its name. Here the name is chosen first.
    """
    folder = _temporary_root() / f"voicelive-tui-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _temporary_root() -> Path:
    """The folder for temporary files.

    Python tries the candidates out by writing a file into them, which a signal could leave behind:
    signals raise in the main thread, so another one does it.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        return Path(pool.submit(tempfile.gettempdir).result())


def speaker(argument: str | None) -> str | None:
    """The output's port spec. None leaves the choice to the profile and the machine. Raises
    PortArgumentError."""
    if argument is None or argument in ("none", "null", "device") or argument.startswith("device:"):
        return argument
    path = Path(argument.removeprefix("wav:")).expanduser().absolute()
    if path.suffix.lower() != ".wav":
        raise PortArgumentError(
            f"{argument} does not end in .wav; --speaker takes a WAV file, device or none"
        )
    if in_recording(path):
        raise PortArgumentError(
            f"{argument} lies in a recorded session's folder, which stays as it is; name another "
            "file"
        )
    if not _can_be_replaced(path):
        raise PortArgumentError(
            f"{argument} cannot be written; check the folder and its permissions"
        )
    return f"wav:{path}"


def _can_be_replaced(path: Path) -> bool:
    """Whether a new file may take this name: in a writable folder, and not the name of anything but
    a writable file."""
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        return False
    return not path.exists() or (path.is_file() and os.access(path, os.W_OK))


def check_apart(mic: str | None, output: str | None) -> None:
    """Refuse a speaker's port spec that names the file which `mic` reads, under whatever name.
    Raises PortArgumentError."""
    if mic is None or output is None or not output.startswith("wav:"):
        return
    try:
        input_stat = (
            os.fstat(sys.stdin.fileno())
            if mic == "-"
            else os.stat(Path(mic.removeprefix("wav:")).expanduser())
        )
        same = os.path.samestat(input_stat, os.stat(output.removeprefix("wav:")))
    except (OSError, ValueError, AttributeError):
        return  # no such file, or there is no standard input
    if same:
        raise PortArgumentError(
            "--speaker names the file that --mic reads, which would be lost; name another file"
        )


def _save_stdin(path: Path) -> Path:
    if sys.stdin is None or sys.stdin.isatty():
        raise PortArgumentError(
            "--mic - reads sound from standard input, which is a terminal; pipe it in"
        )
    head = sys.stdin.buffer.read(12)
    pieces = itertools.chain([head], iter(lambda: sys.stdin.buffer.read(_BYTES_PER_READ), b""))
    try:
        return (_write_file if head.startswith(_FILE_MARKS) else _write_samples)(path, pieces)
    except OSError as error:
        raise PortArgumentError(
            f"standard input cannot be kept in {path.parent}: {error.strerror or error}"
        ) from None


def _write_file(path: Path, pieces: Iterable[bytes]) -> Path:
    count = 0
    with path.open("xb") as file:
        for piece in pieces:
            count += len(piece)
            if count > LONGEST_FILE_BYTES:
                raise PortArgumentError(
                    "standard input holds a sound file of more than "
                    f"{LONGEST_FILE_BYTES // 1_000_000} MB; give a shorter one"
                )
            file.write(piece)
    return path


def _write_samples(path: Path, pieces: Iterable[bytes]) -> Path:
    count = 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(STDIN_RATE_HZ)
        for piece in pieces:
            count += len(piece)
            if count > 2 * STDIN_RATE_HZ * LONGEST_STDIN_S:
                raise PortArgumentError(
                    "standard input holds more than an hour of sound; give --mic - a shorter one"
                )
            file.writeframes(piece)
    if count < 2:
        raise PortArgumentError(
            "standard input held no sound; --mic - takes raw pcm16, mono, 24 kHz, or a sound file"
        )
    return path
