"""The newest events of all sessions in both directions, for tests."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from voicelive_simulator.service.redact import redacted

MOST_ENTRIES = 5000
MOST_BYTES = 4 * 2**20
MOST_ENTRY_BYTES = 256 * 1024
Origin = Literal["client", "simulator", "fault", "remark"]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry. `line` is the whole entry as a line of JSON with its line end: n (from 1, over all
    sessions), t (seconds since the journal began), session, from, event."""

    n: int
    session: str
    line: bytes


class EventJournal:
    """Keeps the newest MOST_ENTRIES entries and MOST_BYTES; `dropped` counts those that were
    removed.

    Large frames are decoded in threads, so a lock guards the entries and every method may be called
    from any thread.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: deque[JournalEntry] = deque()
        self.clear()

    def clear(self) -> None:
        """Start again at n 1 and t 0."""
        with self._lock:
            self._entries.clear()
            self._began_s = self._clock()
            self._bytes = 0
            self.n = 0
            self.dropped = 0

    def add(self, session: str, origin: Origin, event: object) -> None:
        """Add an event as it was decoded or will be encoded; parts that must not be kept are
        removed here."""
        event_json = json.dumps(redacted(event), separators=(",", ":"))
        if len(event_json) > MOST_ENTRY_BYTES:
            event_json = json.dumps({"type": _type(event), "too_long_bytes": len(event_json)})
        with self._lock:
            self.n += 1
            head = {
                "n": self.n,
                "t": round(self._clock() - self._began_s, 4),
                "session": session,
                "from": origin,
            }
            self._append(
                JournalEntry(
                    self.n, session, f'{json.dumps(head)[:-1]}, "event": {event_json}}}\n'.encode()
                )
            )

    def _append(self, entry: JournalEntry) -> None:
        self._entries.append(entry)
        self._bytes += len(entry.line)
        while len(self._entries) > MOST_ENTRIES or self._bytes > MOST_BYTES:
            self._bytes -= len(self._entries.popleft().line)
            self.dropped += 1

    @property
    def kept(self) -> int:
        return len(self._entries)

    @property
    def kept_bytes(self) -> int:
        """The size in bytes of all kept lines together."""
        return self._bytes

    def lines(self, session: str | None = None, after: int = 0) -> list[bytes]:
        """The kept entries of one session or of all, after number `after`."""
        with self._lock:
            return [
                entry.line
                for entry in self._entries
                if entry.n > after and session in (None, entry.session)
            ]


def _type(event: object) -> str:
    name = event.get("type") if isinstance(event, dict) else None
    return name[:80] if isinstance(name, str) else ""
