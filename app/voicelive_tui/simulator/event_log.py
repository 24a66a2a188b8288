"""A line to stderr for each event of a session, without payloads; a run of the same event is one line with its count."""

from __future__ import annotations

import sys
from typing import TextIO

from voicelive_tui.simulator.schema import JSON

_QUIET_CONTROL = {n: "?" for n in (*range(32), 127)}


class EventLog:
    """`enabled` False makes it silent."""

    def __init__(self, session_id: str, *, enabled: bool, out: TextIO | None = None) -> None:
        self._name = session_id[:10]
        self._enabled = enabled
        self._out = out or sys.stderr
        self._run = ("", "", 0)

    def received(self, event: object) -> None:
        name = event.get("type") if isinstance(event, dict) else None
        self._note("<", str(name)[:80].translate(_QUIET_CONTROL) if isinstance(name, str) else "(no type)", "")

    def sent(self, event: JSON) -> None:
        detail = f"  {event['error']['code']}: {event['error']['message']}" if event["type"] == "error" else ""
        self._note(">", event["type"], detail.translate(_QUIET_CONTROL))

    def close(self) -> None:
        self._flush()
        self._note(">", "(closed)", "")
        self._flush()

    def _note(self, arrow: str, name: str, detail: str) -> None:
        if not self._enabled:
            return
        if (arrow, name) == self._run[:2]:
            self._run = (arrow, name, self._run[2] + 1)
            return
        self._flush()
        self._run = (arrow, name, 0)
        print(f"{self._name} {arrow} {name}{detail}", file=self._out, flush=True)

    def _flush(self) -> None:
        arrow, name, more = self._run
        if self._enabled and more:
            print(f"{self._name} {arrow} {name} and {more} more", file=self._out, flush=True)
        self._run = ("", "", 0)
