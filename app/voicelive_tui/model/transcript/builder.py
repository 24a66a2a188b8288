"""The entries of a transcript in their order, and the lines they make; lines that did not change
are kept.

Invariant: nothing here costs more for a long transcript than for a short one, but for a logarithm.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.item_order import ItemOrder
from voicelive_tui.model.transcript.line import LineState, TranscriptLine


class TranscriptEntry(Protocol):
    """What makes a line: something the user, the assistant, a tool or the service said."""

    item_id: str
    last_n: int

    def line(self) -> TranscriptLine | None:
        """The line as it stands; None while there is nothing to show."""


class NewEntry(TranscriptEntry, Protocol):
    """An entry that begins with a record."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None: ...


NewEntryT = TypeVar("NewEntryT", bound=NewEntry)


class Note:
    """What the service or the connection had to say for itself; said again at once, it is
    counted."""

    def __init__(self, item_id: str, record: Record, text: str, state: LineState) -> None:
        self.item_id = item_id
        self.last_n = record.n
        self._t_s = record.t_s
        self._first_n = record.n
        self._text = text
        self._state = state
        self._times = 1

    def repeat(self, record: Record, text: str, state: LineState) -> bool:
        """Whether this is the same once more."""
        if (text, state) != (self._text, self._state):
            return False
        self._times += 1
        self.last_n = record.n
        return True

    def line(self) -> TranscriptLine | None:
        """The line."""
        text = self._text if self._times == 1 else f"{self._text} ({self._times} times)"
        return TranscriptLine(
            self.item_id, "note", self._t_s, text, self._state, self._first_n, self.last_n
        )


class TranscriptBuilder:
    """Entries by item id. Who changes an entry gets it from `entry`, or calls `touch`."""

    def __init__(self) -> None:
        self._entries: dict[str, TranscriptEntry] = {}
        self._order = ItemOrder()
        self._changed: set[str] = set()

    def lines(self) -> Sequence[TranscriptLine]:
        """Every line; the same object until something changes. Costs what changed, not what was
        said in an hour."""
        for key in self._changed:
            entry = self._entries.get(key)
            self._order.set_line(key, entry.line() if entry else None)
        self._changed.clear()
        return self._order.snapshot()

    def entry(self, record: Record, key: str, entry_type: type[NewEntryT]) -> NewEntryT:
        """The entry of this item, new if need be; the record belongs to it now."""
        found = self._entries.get(key)
        if found is not None and not isinstance(found, entry_type):
            # A service that uses one id for two things still gets both shown.
            key = f"{key}#{entry_type.__name__}"
            found = self._entries.get(key)
        if not isinstance(found, entry_type):
            found = entry_type(key, record.t_s, record.n, record.n)
            self._entries[key] = found
            self.reserve(key)
        found.last_n = record.n
        self.mark_changed(key)
        return found

    def get(self, key: str) -> TranscriptEntry | None:
        """The entry of this item, if there is one."""
        return self._entries.get(key)

    def note(self, record: Record, text: str, *, failed: bool = False) -> None:
        """A line of its own, where the transcript ends now."""
        state: LineState = "failed" if failed else "final"
        last = self._entries.get(self._order.last())
        if isinstance(last, Note) and last.repeat(record, text, state):
            self.mark_changed(last.item_id)
            return
        key = f"note:{record.n}"
        self._entries[key] = Note(key, record, text, state)
        self._order.append(key, is_note=True)
        self.mark_changed(key)

    def reserve(self, key: str) -> None:
        """An item of this id exists, also when it shows no line of its own: others are linked to
        it."""
        if key not in self._order:
            self._order.append(key)

    def move_after(self, key: str, previous: str) -> None:
        """The service says that key follows previous; empty when it does not say."""
        if previous:
            self._order.move_after(key, previous)

    def rename(self, old: str, new: str) -> None:
        """The service gave the item of entry old the id new."""
        entry = self._entries.pop(old)
        entry.item_id = new
        self._entries[new] = entry
        self._order.rename(old, new)
        self._changed.discard(old)
        self.mark_changed(new)

    def remove(self, key: str) -> None:
        """The entry never became an item."""
        del self._entries[key]
        self._order.remove(key)
        self._changed.discard(key)

    def mark_changed(self, key: str) -> None:
        """The entry of this key changed."""
        self._changed.add(key)
