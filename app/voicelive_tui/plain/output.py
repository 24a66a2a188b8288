"""Where a run's words go: what is said, or JSON, on standard output; what happens on standard error."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.text import printable


class Output:
    """Two streams, line by line. BrokenPipeError passes: nobody reads any more."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def said(self, line: str) -> None:
        """A line of the transcript."""
        if not self.as_json:
            print(line, flush=True)

    def record(self, line: str) -> None:
        """A line of the journal."""
        if self.as_json:
            print(line, flush=True)

    def summary(self, summary: Mapping[str, Any]) -> None:
        """The last object of `--json`."""
        if self.as_json:
            print(json.dumps({"summary": summary}, ensure_ascii=False), flush=True)

    def note(self, sentence: str) -> None:
        """Something that a person at a terminal wants to know and a program reads elsewhere."""
        if not self.as_json:
            tell(sentence)

    def problem(self, sentence: str) -> None:
        """Something that is wrong."""
        tell(sentence)


def tell(sentence: str) -> None:
    """One line on standard error."""
    print(printable(sentence), file=sys.stderr, flush=True)
