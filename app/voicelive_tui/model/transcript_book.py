"""The entries of a transcript in their order, and the lines they make; lines that did not change are kept."""

from typing import Protocol, TypeVar

from voicelive_tui.model.item_order import ItemOrder
from voicelive_tui.model.record import Record
from voicelive_tui.model.transcript import LineState, TranscriptLine


class Entry(Protocol):
    """What makes a line: something the person, the agent, a tool or the service said."""

    item_id: str
    last_n: int

    def line(self) -> TranscriptLine | None:
        """The line as it stands; None while there is nothing to show."""


class NewEntry(Entry, Protocol):
    """An entry that begins with a record."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None: ...


NewEntryT = TypeVar("NewEntryT", bound=NewEntry)


class Note:
    """What the service or the connection had to say for itself."""

    def __init__(self, item_id: str, record: Record, text: str, state: LineState) -> None:
        self.item_id = item_id
        self.last_n = record.n
        self._line = TranscriptLine(item_id, "note", record.t_s, text, state, record.n, record.n)

    def line(self) -> TranscriptLine | None:
        """The line."""
        return self._line


class TranscriptBook:
    """Entries by item id. Who changes an entry gets it from `entry`, or calls `touch`."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._order = ItemOrder()
        self._cache: dict[str, TranscriptLine | None] = {}
        self._lines: tuple[TranscriptLine, ...] | None = ()

    def lines(self) -> tuple[TranscriptLine, ...]:
        """Every line; the same tuple until something changes."""
        if self._lines is None:
            shown = (self._line(key) for key in self._order)
            self._lines = tuple(line for line in shown if line is not None)
        return self._lines

    def entry(self, record: Record, key: str, make: type[NewEntryT]) -> NewEntryT:
        """The entry of this item, new if need be; the record belongs to it now."""
        found = self._entries.get(key)
        if found is not None and not isinstance(found, make):
            # A service that uses one id for two things still gets both shown.
            key = f"{key}#{make.__name__}"
            found = self._entries.get(key)
        if not isinstance(found, make):
            found = make(key, record.t_s, record.n, record.n)
            self._entries[key] = found
            self.know(key)
        found.last_n = record.n
        self.touch(key)
        return found

    def get(self, key: str) -> Entry | None:
        """The entry of this item, if there is one."""
        return self._entries.get(key)

    def entries(self) -> list[Entry]:
        """Every entry, in no order that means anything."""
        return list(self._entries.values())

    def note(self, record: Record, text: str, *, failed: bool = False) -> None:
        """A line of its own, where the transcript ends now."""
        key = f"note:{record.n}"
        self._entries[key] = Note(key, record, text, "failed" if failed else "final")
        self._order.append(key, loose=True)
        self._lines = None

    def know(self, key: str) -> None:
        """An item of this id exists, also when it shows no line of its own: others are linked to it."""
        if key not in self._order:
            self._order.append(key)

    def place(self, key: str, previous: str) -> None:
        """The service says that key follows previous; empty when it does not say."""
        if previous and self._order.place(key, previous):
            self._lines = None

    def rename(self, old: str, new: str) -> None:
        """The service gave the item of entry old the id new."""
        entry = self._entries.pop(old)
        entry.item_id = new
        self._entries[new] = entry
        self._order.rename(old, new)
        self.touch(new)

    def remove(self, key: str) -> None:
        """The entry never became an item."""
        del self._entries[key]
        self._order.remove(key)
        self.touch(key)

    def touch(self, key: str) -> None:
        """The entry of this key changed."""
        self._cache.pop(key, None)
        self._lines = None

    def _line(self, key: str) -> TranscriptLine | None:
        if key not in self._cache:
            entry = self._entries.get(key)
            self._cache[key] = entry.line() if entry else None
        return self._cache[key]
