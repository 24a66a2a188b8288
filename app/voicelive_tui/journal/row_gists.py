"""The gists of rows: of one record, or of the stream whose records share a row.

Invariant: a row that grows costs the records that were added, not those that it has.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from voicelive_tui.journal.earlier_events import IndexedEvents
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import Row
from voicelive_tui.model.events.event_types import one_line, summarize
from voicelive_tui.model.events.gists.phrases import MOST_CHARS, Event
from voicelive_tui.model.events.gists.stream_gists import (
    StreamTotals,
    describe_stream,
    has_gist,
    holds_text,
)
from voicelive_tui.model.events.record import Record

_MOST_STREAMS = 64
"""The streams of which something is kept; more than a screen has rows."""
_MOST_PIECES = 24
"""The records that are read at most for the beginning of a stream's text."""
_MOST_MEASURED = 20_000
"""The records of a stream whose gaps are measured; a longer one has none in its gist."""
_STREAM_FIELDS = ("response_id", "item_id", "content_index", "id")


@dataclass(slots=True)
class _Stream:
    """What is known of a stream up to record `last_n`. pieces: its first events, if it holds
    text."""

    last_n: int
    last_s: float
    size_bytes: int
    largest_gap_ms: float = 0.0
    pieces: list[Event] = field(default_factory=list)
    piece_chars: int = 0


class RowGists:
    """The gists of an index's rows. It belongs to one thread."""

    def __init__(self, index: EventIndex) -> None:
        self._index = index
        self._streams: OrderedDict[int, _Stream] = OrderedDict()

    def of_row(self, row: Row, last: Record) -> str:
        """Return the gist of a row, which is never longer than one line. last: its last record."""
        if row.count < 2 or not has_gist(row.type_name):
            return self.of_record(last)
        stream = self._stream_of(row)
        return one_line(describe_stream(self._totals(row, stream), stream.pieces, last.event))

    def of_record(self, record: Record) -> str:
        """Return the gist of one record."""
        return summarize(record.event, IndexedEvents(self._index, record.n), raw=record.raw)

    def _totals(self, row: Row, stream: _Stream) -> StreamTotals:
        return StreamTotals(
            count=row.count,
            size_bytes=stream.size_bytes,
            audio_ms=row.audio_ms,
            span_ms=(self._index.t_s(row.last_n) - row.t_s) * 1000,
            largest_gap_ms=stream.largest_gap_ms,
        )

    def _stream_of(self, row: Row) -> _Stream:
        """Return what is known of the row's stream, with the records that it got meanwhile."""
        stream = self._streams.pop(row.first_n, None)
        if stream is None or stream.last_n > row.last_n:
            stream = _Stream(row.first_n, row.t_s, self._index.size_bytes(row.first_n))
            self._add_piece(stream, row.first_n)
        if row.count <= _MOST_MEASURED:
            kind = self._index.kind_number(row.first_n)
            own = self._index.first_of(row.first_n)
            for n in self._index.numbers_of(kind, stream.last_n + 1, row.last_n + 1):
                if self._index.first_of(n) == own:
                    self._add(stream, n)
        self._streams[row.first_n] = stream
        if len(self._streams) > _MOST_STREAMS:
            self._streams.popitem(last=False)
        return stream

    def _add(self, stream: _Stream, n: int) -> None:
        t_s = self._index.t_s(n)
        gap_ms = (t_s - stream.last_s) * 1000
        stream.largest_gap_ms = max(stream.largest_gap_ms, gap_ms)
        stream.last_n, stream.last_s = n, t_s
        stream.size_bytes += self._index.size_bytes(n)
        if stream.pieces:
            self._add_piece(stream, n)

    def _add_piece(self, stream: _Stream, n: int) -> None:
        """Keep the event as a piece of the stream's text, until there is enough of it."""
        full = len(stream.pieces) >= _MOST_PIECES or stream.piece_chars > MOST_CHARS
        if full or not holds_text(self._index.type_name(n)):
            return
        event = self._index.record(n).event
        if stream.pieces and any(event.get(f) != stream.pieces[0].get(f) for f in _STREAM_FIELDS):
            return
        stream.pieces.append(event)
        delta = event.get("delta")
        stream.piece_chars += len(delta) if isinstance(delta, str) else MOST_CHARS
