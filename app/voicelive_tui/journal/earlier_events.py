"""The events before one record of a session, as gists ask for them.

Invariant: the columns say where an earlier record is, so that few records are read for a gist,
however long the session is.
"""

from collections.abc import Collection, Iterator

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.gists.earlier import EarlierEvents, Run
from voicelive_tui.model.events.record import Local, Record

MOST_READ = 64
"""The records that are read at most in search of one."""
_MOST_NEAR = 1_000
"""The records among which a sent event is searched by its id."""
_MOST_ID_CHARS = 200


class IndexedEvents:
    """The records before record `n` of an index."""

    def __init__(self, index: EventIndex, n: int) -> None:
        self._index = index
        self._n = n

    def before(self, *type_names: str) -> Iterator[Record]:
        """Yield the records of these types, the newest first, at most `MOST_READ`."""
        numbers, stop = self._kind_numbers(type_names), self._n
        for _ in range(MOST_READ):
            found = self._index.newest_of(numbers, stop)
            if found is None:
                return
            yield self._index.record(found)
            stop = found

    def at(self, record: Record) -> EarlierEvents:
        """Return the records before an earlier one."""
        return IndexedEvents(self._index, min(record.n, self._n))

    def run(self, type_name: str, *ends: str) -> Run:
        """Return the records of a type since the newest record of the types `ends`."""
        index, numbers = self._index, self._kind_numbers((type_name,))
        end = index.newest_of(self._kind_numbers(ends), self._n)
        start = 0 if end is None else end + 1
        count, audio_ms = 0, 0.0
        for number in numbers:
            count += index.count_of(number, start, self._n)
            audio_ms += self._audio_ms(number, start)
        return Run(count, audio_ms)

    def elapsed_ms(self, record: Record) -> float:
        """Return the milliseconds from an earlier record to this one."""
        return max(0.0, (self._index.t_s(self._n) - record.t_s) * 1000)

    def sent(self, event_id: str) -> Record | None:
        """Return the newest record near this one that was sent with this id."""
        if not 0 < len(event_id) <= _MOST_ID_CHARS:
            return None
        needle = f'"{event_id}"'.encode("utf-8", "surrogatepass")
        numbers = [*self._index.find(needle, max(0, self._n - _MOST_NEAR), self._n)]
        for n in reversed(numbers[-MOST_READ:]):
            if self._index.direction(n) == "sent":
                record = self._index.record(n)
                if record.event.get("event_id") == event_id:
                    return record
        return None

    def time_of_sound_s(self, audio_ms: float) -> float | None:
        """Return the time at which this position in the connection's audio was sent; None when that
        much was not sent, or its length is unknown."""
        index = self._index
        connected = index.newest_of(self._kind_numbers((Local.CONNECTED,)), self._n)
        for number in self._kind_numbers(("input_audio_buffer.append",)):
            first = next(index.numbers_of(number, connected or 0, self._n), None)
            if first is None or index.audio_between_ms(first, self._last(number)) < audio_ms:
                continue
            at = self._record_at(number, first, audio_ms)
            return index.t_s(at) - (index.audio_between_ms(first, at) - audio_ms) / 1000
        return None

    def _record_at(self, number: int, first: int, audio_ms: float) -> int:
        """Return the record of a kind in which the audio since `first` reaches this length."""
        low, high = first, self._last(number)
        while low < high:
            middle = (low + high) // 2
            at = self._index.newest_of((number,), middle + 1)
            assert at is not None  # `first` at the latest
            if self._index.audio_between_ms(first, at) >= audio_ms:
                high = at
            else:
                low = middle + 1
        return self._index.newest_of((number,), high + 1) or first

    def _audio_ms(self, number: int, start: int) -> float:
        """Return the audio in the records of a kind from `start` on."""
        first = next(self._index.numbers_of(number, start, self._n), None)
        if first is None:
            return 0.0
        return self._index.audio_between_ms(first, self._last(number))

    def _last(self, number: int) -> int:
        """Return the newest record of a kind that has one."""
        last = self._index.newest_of((number,), self._n)
        assert last is not None
        return last

    def _kind_numbers(self, type_names: Collection[str]) -> list[int]:
        """Return the bytes in the kind column of these types, which are canonical."""
        return [
            number
            for number, kind in enumerate(self._index.kind_values())
            if canonical(kind.type_name) in type_names
        ]
