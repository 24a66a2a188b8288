"""Logs a line on stderr for each event of a session, without payloads. Streamed events are counted
until another one comes."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TextIO

from voicelive_simulator.api.schema import JSON

_CONTROL = {n: "?" for n in (*range(32), *range(127, 160))}


class EventLog:
    """The log of one session; `enabled` False makes it silent."""

    def __init__(self, session_id: str, *, enabled: bool, out: TextIO | None = None) -> None:
        self._name = session_id[:10]
        self._enabled = enabled
        self._out = out or sys.stderr
        self._streamed: Counter[str] = Counter()

    def received(self, event: object) -> None:
        name = event.get("type") if isinstance(event, dict) else None
        self._note(f"< {name[:80] if isinstance(name, str) else '(no type)'}")

    def sent(self, event: JSON) -> None:
        """Log a sent event. Of an error or warning only code and param are logged, because its
        message may repeat what the client sent. A recorded event may lack any of them."""
        complaint = event.get("error") or event.get("warning")
        detail = (
            f"  {complaint.get('code')} {complaint.get('param') or ''}".rstrip()
            if isinstance(complaint, dict)
            else ""
        )
        self._note(f"> {event.get('type')}{detail}")

    def fault_applied(self, fault: str) -> None:
        """Log a fault, so that its effect is not mistaken for a bug."""
        self._note(f"! fault {fault} strikes")

    def warning_withheld(self, code: str, param: str) -> None:
        """Log a warning that the client's api-version does not have."""
        self._note(f"! {code} {param[:120]}")

    def close(self) -> None:
        self._note("closed")

    def _note(self, line: str) -> None:
        if not self._enabled:
            return
        if line.endswith((".delta", ".append")):
            self._streamed[line] += 1
            return
        for streamed, count in self._streamed.items():
            self._print(f"{streamed} ({count})")
        self._streamed.clear()
        self._print(line)

    def _print(self, line: str) -> None:
        print(f"{self._name} {line.translate(_CONTROL)}", file=self._out, flush=True)
