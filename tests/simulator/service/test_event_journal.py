"""The journal of events: order, numbers, bounds."""

import asyncio
import json
from typing import Any

from voicelive_simulator.service.event_journal import (
    MOST_BYTES,
    MOST_ENTRIES,
    MOST_ENTRY_BYTES,
    EventJournal,
)


def entries(
    journal: EventJournal, session: str | None = None, after: int = 0
) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.lines(session, after)]


def test_an_entry_says_when_who_and_what() -> None:
    times = iter([10.0, 10.5, 12.25])
    journal = EventJournal(clock=lambda: next(times))
    journal.add("sess_a", "client", {"type": "input_audio_buffer.append", "audio": "AAAA"})
    journal.add("sess_b", "simulator", {"type": "session.created"})
    first = {"type": "input_audio_buffer.append", "audio": {"bytes": 3}}
    assert entries(journal) == [
        {"n": 1, "t": 0.5, "session": "sess_a", "from": "client", "event": first},
        {
            "n": 2,
            "t": 2.25,
            "session": "sess_b",
            "from": "simulator",
            "event": {"type": "session.created"},
        },
    ]
    assert [entry["n"] for entry in entries(journal, session="sess_b")] == [2]
    assert [entry["n"] for entry in entries(journal, after=1)] == [2]
    assert entries(journal, session="sess_a", after=1) == []


def test_the_newest_entries_are_kept_and_the_rest_is_counted() -> None:
    journal = EventJournal()
    for n in range(MOST_ENTRIES + 7):
        journal.add("s", "client", n)
    kept = entries(journal)
    assert len(kept) == journal.kept == MOST_ENTRIES and journal.dropped == 7
    assert (kept[0]["n"], kept[-1]["n"]) == (8, MOST_ENTRIES + 7)


def test_many_long_events_stay_within_the_bound() -> None:
    journal = EventJournal()
    long = {"type": "t", "texts": ["x" * 16_000] * 10}
    for _ in range(40):
        journal.add("s", "client", long)
    assert sum(len(line) for line in journal.lines()) <= MOST_BYTES
    assert journal.dropped == 40 - journal.kept > 0


def test_one_event_cannot_push_all_others_out() -> None:
    journal = EventJournal()
    journal.add("s", "client", {"type": "t", "texts": ["x" * 16_000] * 30})
    (only,) = entries(journal)
    assert only["event"]["type"] == "t" and only["event"]["too_long_bytes"] > MOST_ENTRY_BYTES


def test_a_cleared_journal_begins_anew() -> None:
    journal = EventJournal()
    for n in range(MOST_ENTRIES + 1):
        journal.add("s", "client", n)
    journal.clear()
    assert (journal.kept, journal.n, journal.dropped, journal.lines()) == (0, 0, 0, [])
    journal.add("s", "client", {})
    assert entries(journal)[0]["n"] == 1


async def test_entries_from_threads_are_numbered_without_gaps() -> None:
    journal = EventJournal()

    def add_many() -> None:
        for n in range(200):
            journal.add("s", "client", n)

    await asyncio.gather(*(asyncio.to_thread(add_many) for _ in range(8)))
    assert [entry["n"] for entry in entries(journal)] == list(range(1, 1601))
    assert journal.kept_bytes == sum(len(line) for line in journal.lines())
