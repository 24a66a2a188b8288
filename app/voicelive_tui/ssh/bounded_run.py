"""Runs a command whose output comes from another machine, and keeps only so much of it."""

import os
import selectors
import subprocess
import time
from collections.abc import Sequence
from typing import IO, Final

MAX_OUTPUT_BYTES: Final = 1 << 20
"""The most that a command may print, on each of its two streams; a login banner has some
kilobytes."""
_PIECE_BYTES: Final = 1 << 16
_LOOK_S: Final = 0.05
"""Seconds between two looks at a command that prints nothing, to see if it has ended."""


class NoAnswer(Exception):
    """The command did not end in time, or printed too much; it was killed. The text says which."""


def run_bounded(
    words: Sequence[str], request: bytes, within_s: float
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with this standard input, which is short, and return what it printed. Raises
    NoAnswer and OSError."""
    until_s = time.monotonic() + within_s
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stdin is not None
            _write(process.stdin, request)
            found, errors = read_output(process, until_s)
            process.wait(max(0.0, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise NoAnswer("no answer in time") from None
        finally:
            process.kill()
    return subprocess.CompletedProcess(list(words), process.returncode, found, errors)


def _write(stream: IO[bytes], request: bytes) -> None:
    try:
        with stream:
            stream.write(request)
    except BrokenPipeError:
        return


def read_output(process: "subprocess.Popen[bytes]", until_s: float) -> tuple[bytes, bytes]:
    """Return all that the process prints on its two streams. Raises NoAnswer if it prints too much,
    or neither ends nor closes them by `until_s` (`time.monotonic`)."""
    assert process.stdout is not None and process.stderr is not None
    found, errors = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, found)
        selector.register(process.stderr, selectors.EVENT_READ, errors)
        while selector.get_map():
            # Asked before the look, so that what it printed last is still read. A process that it
            # has left behind may hold its output open and is not waited for.
            ended = process.poll() is not None
            ready = selector.select(0 if ended else _LOOK_S)
            for key, _ in ready:
                if not _read_piece(key.fd, key.data):
                    selector.unregister(key.fileobj)
            if ended and not ready:
                break
            if not ended and time.monotonic() > until_s:
                raise NoAnswer("no answer in time")
    return bytes(found), bytes(errors)


def _read_piece(descriptor: int, read: bytearray) -> bool:
    """Read what is there and add it to `read`; returns whether more may come."""
    piece = os.read(descriptor, _PIECE_BYTES)
    read += piece
    if len(read) > MAX_OUTPUT_BYTES:
        raise NoAnswer("endless output instead of an answer")
    return bool(piece)
