"""The two output streams of a run: transcript or JSON on standard output, notices on standard
error."""

import contextlib
import errno
import json
import os
import stat
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from voicelive_common.printable import printable
from voicelive_common.redaction.redact import hide_held_secrets, hide_known_in_json, redact_value


class OutputError(Exception):
    """Standard output cannot be written, as on a full disk. The text is one sentence with the
    cure. terminal_closed: whether it was a terminal that is gone."""

    def __init__(self, sentence: str, *, terminal_closed: bool = False) -> None:
        super().__init__(sentence)
        self.terminal_closed = terminal_closed


class Output:
    """Writes a run's output line by line. Raises BrokenPipeError when the reader went away, and
    OutputError."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._last_problem = ""

    def transcript_line(self, line: str) -> None:
        """Print a line of the transcript."""
        if not self.as_json:
            print_line(line)

    def record(self, line: str) -> None:
        """Print a line of the journal."""
        if self.as_json:
            _write(hide_known_in_json(line))

    def summary(self, summary: Mapping[str, Any]) -> None:
        """Print the last object of `--json`."""
        if self.as_json:
            _write(json.dumps({"summary": redact_value(summary)}, ensure_ascii=False))

    def note(self, sentence: str) -> None:
        """Print a sentence for a user at a terminal; a program reads the same fact in the JSON."""
        if not self.as_json:
            print_note(sentence)

    def problem(self, sentence: str) -> None:
        """Print a sentence about a problem. A sentence that repeats the one before is printed
        once."""
        if sentence != self._last_problem:
            print_note(sentence)
        self._last_problem = sentence


def print_line(line: str) -> None:
    """Print one line of text on standard output. Raises BrokenPipeError and OutputError."""
    _write(printable(hide_held_secrets(line)))


def print_note(sentence: str) -> None:
    """Print one line on standard error. An error while writing it is ignored."""
    with contextlib.suppress(OSError):
        print(printable(hide_held_secrets(sentence)), file=sys.stderr, flush=True)


def count_of(number: int, noun: str) -> str:
    """The number with its noun: `1 turn`, `2 turns`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _write(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"standard output cannot be written ({error.strerror}); send it elsewhere.",
            terminal_closed=error.errno == errno.EIO and _is_device(sys.stdout),
        ) from None


def _is_device(stream: TextIO) -> bool:
    """Whether the stream is a device, such as a terminal, even one that is gone, rather than a file
    or a pipe."""
    with contextlib.suppress(OSError):
        return stat.S_ISCHR(os.fstat(stream.fileno()).st_mode)
    return False
