"""Where a run's words go: what is said, or JSON, on standard output; what happens on standard error."""

import contextlib
import json
import sys
from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.redact import hide_known, hide_known_in_json, redact_value
from voicelive_tui.model.text import printable


class OutputError(Exception):
    """Standard output takes nothing more, as on a full disk; the text is one sentence with the cure."""


class Output:
    """Two streams, line by line. BrokenPipeError passes: nobody reads any more; so does OutputError."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._told = ""

    def said(self, line: str) -> None:
        """A line of the transcript."""
        if not self.as_json:
            put(line)

    def record(self, line: str) -> None:
        """A line of the journal."""
        if self.as_json:
            _write(hide_known_in_json(line))

    def summary(self, summary: Mapping[str, Any]) -> None:
        """The last object of `--json`."""
        if self.as_json:
            _write(json.dumps({"summary": redact_value(summary)}, ensure_ascii=False))

    def note(self, sentence: str) -> None:
        """Something that a person at a terminal wants to know and a program reads elsewhere."""
        if not self.as_json:
            tell(sentence)

    def problem(self, sentence: str) -> None:
        """Something that is wrong; once, when it is also what ends the run."""
        if sentence != self._told:
            tell(sentence)
        self._told = sentence


def put(line: str) -> None:
    """One line for people on standard output. Raises BrokenPipeError, OutputError."""
    _write(printable(hide_known(line)))


def tell(sentence: str) -> None:
    """One line on standard error. Nothing ends because nobody can read it."""
    with contextlib.suppress(OSError):
        print(printable(hide_known(sentence)), file=sys.stderr, flush=True)


def counted(number: int, noun: str) -> str:
    """`1 turn`, `2 turns`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _write(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output cannot be written ({error.strerror}); send it elsewhere.") from None
