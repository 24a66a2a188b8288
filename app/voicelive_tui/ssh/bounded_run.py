"""Runs a command whose output comes from another machine, and keeps only so much of it."""

import subprocess
import threading
from collections.abc import Sequence
from typing import IO, Final

MAX_OUTPUT_BYTES: Final = 1 << 20
"""The most that a command may print, on each of its two streams; a login banner has some
kilobytes."""
_PIECE_BYTES: Final = 1 << 16


class NoAnswer(Exception):
    """The command did not end in time, or printed too much; it was killed. The text says which."""


def run_bounded(
    words: Sequence[str], request: bytes, within_s: float
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with this standard input, which is short, and return what it printed. Raises
    NoAnswer and OSError."""
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    readers = [_Reader(process, stream) for stream in (process.stdout, process.stderr)]
    try:
        for reader in readers:
            reader.start()
        _write(process.stdin, request)
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        raise NoAnswer("no answer in time") from None
    finally:
        process.kill()
        process.wait()
        for reader in readers:
            # A process that the command has left behind may hold its output open.
            reader.join(1.0)
    if any(reader.too_much for reader in readers):
        raise NoAnswer("endless output instead of an answer")
    found, errors = (bytes(reader.found) for reader in readers)
    return subprocess.CompletedProcess(list(words), process.returncode, found, errors)


def _write(stream: IO[bytes], request: bytes) -> None:
    try:
        with stream:
            stream.write(request)
    except BrokenPipeError:
        return


class _Reader(threading.Thread):
    """Reads one stream of the command. too_much: whether the command was killed for what it
    printed."""

    def __init__(self, process: "subprocess.Popen[bytes]", stream: IO[bytes]) -> None:
        super().__init__(name="command-output", daemon=True)
        self.found = bytearray()
        self.too_much = False
        self._process = process
        self._stream = stream

    def run(self) -> None:
        with self._stream as stream:
            # Unlike `read`, it does not wait for the whole piece.
            while data := stream.read1(_PIECE_BYTES):  # type: ignore[attr-defined]
                self.found += data
                if len(self.found) > MAX_OUTPUT_BYTES:
                    self.too_much = True
                    self._process.kill()
                    return
