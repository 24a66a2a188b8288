"""The entries of a transcript in order, and the lines made of them; unchanged lines are kept.

Invariant: every operation costs O(log n) at most for n entries.
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.connection_note import ConnectionNote
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.transcript.item_order import ItemOrder
from voicelive_tui.model.transcript.line import LineState, TranscriptLine, TranscriptTotals


class TranscriptEntry(Protocol):
    """An entry that makes a line: a message of the user or the assistant, a tool's call, or a
    note."""

    item_id: str
    last_n: int

    def line(self) -> TranscriptLine | None:
        """Return the line as it is now; None while there is nothing to show."""

    def past(self) -> PastItem | None:
        """Return the entry as another connection is told it; None for what is no part of the
        conversation."""


class NewEntry(TranscriptEntry, Protocol):
    """An entry that begins with a record."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None: ...


NewEntryT = TypeVar("NewEntryT", bound=NewEntry)


class Note:
    """A message of the service or about the connection. Immediate repetitions are counted."""

    def __init__(self, item_id: str, record: Record, text: str, state: LineState) -> None:
        self.item_id = item_id
        self.last_n = record.n
        self._t_s = record.t_s
        self._first_n = record.n
        self._text = text
        self._state = state
        self._times = 1

    def repeat(self, record: Record, text: str, state: LineState) -> bool:
        """Count the note once more if it has the same text and state; return whether it has."""
        if (text, state) != (self._text, self._state):
            return False
        self._times += 1
        self.last_n = record.n
        return True

    def line(self) -> TranscriptLine | None:
        """Return the line."""
        text = self._text if self._times == 1 else f"{self._text} ({self._times} times)"
        return TranscriptLine(
            self.item_id, "note", self._t_s, text, self._state, self._first_n, self.last_n
        )

    def past(self) -> PastItem | None:
        """Return None: a note is for the person at the console."""
        return None


_NOTHING: Final = TranscriptTotals()


def _of(line: TranscriptLine) -> TranscriptTotals:
    """What one line adds to the totals."""
    return TranscriptTotals(
        turns=line.is_turn,
        cut=line.is_cut,
        false_starts=line.mark == "false_start",
        unheard=line.mark == "unheard",
    )


class TranscriptBuilder:
    """Entries by item id. To change an entry, get it from `entry`, or call `mark_changed`."""

    def __init__(self) -> None:
        self._entries: dict[str, TranscriptEntry] = {}
        self._order = ItemOrder()
        self._changed: set[str] = set()
        self._counted: dict[str, TranscriptTotals] = {}
        """What each line adds to the totals, by key; lines that add nothing are left out."""
        self._totals = TranscriptTotals()

    def lines(self) -> Sequence[TranscriptLine]:
        """Return every line; the same object until something changes. Costs what changed, not the
        length of the transcript."""
        for key in self._changed:
            entry = self._entries.get(key)
            line = entry.line() if entry else None
            self._order.set_line(key, line)
            self._count(key, line)
        self._changed.clear()
        return self._order.snapshot()

    def totals(self) -> TranscriptTotals:
        """Return the totals of the lines that `lines` returned last."""
        return self._totals

    def _count(self, key: str, line: TranscriptLine | None) -> None:
        before, now = self._counted.pop(key, _NOTHING), _NOTHING if line is None else _of(line)
        if now != _NOTHING:
            self._counted[key] = now
        if now != before:
            self._totals = TranscriptTotals(
                *(
                    getattr(self._totals, name) + getattr(now, name) - getattr(before, name)
                    for name in TranscriptTotals.__slots__
                )
            )

    def history(self) -> tuple[PastItem, ...]:
        """Return the conversation so far in order. Costs the length of the transcript."""
        entries = (self._entries.get(key) for key in self._order)
        past = (entry.past() for entry in entries if entry is not None)
        return tuple(item for item in past if item is not None)

    def entry_after(
        self, record: Record, key: str, entry_type: type[NewEntryT], item_id: str
    ) -> NewEntryT:
        """Return the entry of this key, a new one behind the item `item_id` when there is none; at
        the end if that item is unknown. The entry is no part of what was said."""
        if key not in self._order:
            self._order.append_note(key, item_id)
        return self.entry(record, key, entry_type, is_note=True)

    def entry(
        self, record: Record, key: str, entry_type: type[NewEntryT], *, is_note: bool = False
    ) -> NewEntryT:
        """Return the entry of this item, a new one when there is none. The record belongs to the
        entry from now on. is_note: it stays where it came, because it is not part of what was
        said."""
        entry = self._entries.get(key)
        if entry is not None and not isinstance(entry, entry_type):
            # A service may use one id for two things; both are shown.
            key = f"{key}#{entry_type.__name__}"
            entry = self._entries.get(key)
        if not isinstance(entry, entry_type):
            entry = entry_type(key, record.t_s, record.n, record.n)
            self._entries[key] = entry
            self.reserve(key, is_note=is_note)
        entry.last_n = record.n
        self.mark_changed(key)
        return entry

    def get(self, key: str) -> TranscriptEntry | None:
        """Return the entry of this item; None when there is none."""
        return self._entries.get(key)

    def note(self, record: Record, text: str, *, failed: bool = False) -> None:
        """Add a note at the present end of the transcript."""
        state: LineState = "failed" if failed else "final"
        last = self.last()
        if isinstance(last, Note) and last.repeat(record, text, state):
            self.mark_changed(last.item_id)
            return
        key = f"note:{record.n}"
        self._entries[key] = Note(key, record, text, state)
        self._order.append(key, is_note=True)
        self.mark_changed(key)

    def last(self) -> TranscriptEntry | None:
        """Return the entry at the end, a note included; None when there is none."""
        return self._entries.get(self._order.last())

    def connection_note(self, record: Record) -> ConnectionNote:
        """Return the line between two connections at the present end, a new one unless the last one
        goes on. The record belongs to it from now on."""
        note = self.last()
        if not isinstance(note, ConnectionNote) or not note.goes_on(record):
            note = ConnectionNote(f"note:{record.n}", record.t_s, record.n, record.n)
            self._entries[note.item_id] = note
            self._order.append(note.item_id, is_note=True)
        note.last_n = record.n
        self.mark_changed(note.item_id)
        return note

    def reserve(self, key: str, *, is_note: bool = False) -> None:
        """Give an item a position even if it shows no line, because other items are linked to
        it."""
        if key not in self._order:
            self._order.append(key, is_note=is_note)

    def move_after(self, key: str, previous: str) -> None:
        """Move an item behind `previous`, as the service says; nothing moves when that is empty or
        unknown."""
        if previous:
            self._order.move_after(key, previous)

    def rename(self, old: str, new: str) -> None:
        """Give an entry the id that the service assigned to its item."""
        entry = self._entries.pop(old)
        entry.item_id = new
        self._entries[new] = entry
        self._order.rename(old, new)
        self._changed.discard(old)
        self._count(old, None)
        self.mark_changed(new)

    def last_item(self) -> str:
        """Return the id of the last item; empty when there is none."""
        return self._order.last_item()

    def remove(self, key: str) -> None:
        """Remove an entry that never became an item."""
        del self._entries[key]
        self._order.remove(key)
        self._changed.discard(key)
        self._count(key, None)

    def mark_changed(self, key: str) -> None:
        """Mark an entry as changed, so that its line is made again."""
        self._changed.add(key)
