"""A journal's index in memory, written event by event: `<` received, `>` sent, `=` a local fact."""

import json
from typing import Any

from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.row_gists import RowGists
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.record import Direction

_DIRECTIONS: dict[str, Direction] = {"<": "received", ">": "sent", "=": "local"}


class IndexedJournal:
    """Call it with a mark, the seconds, the event's type and its fields. audio_ms: the audio in the
    event."""

    def __init__(self) -> None:
        self.index = EventIndex(LineStore(None))
        self.gists = RowGists(self.index)

    def __call__(
        self, mark: str, t_s: float, type_name: str, /, audio_ms: float = 0.0, **fields: Any
    ) -> int:
        """Add an event and return its number."""
        n, direction, event = self.index.count, _DIRECTIONS[mark], {"type": type_name, **fields}
        line = json.dumps({"n": n, "t": t_s, "dir": direction, "event": event}).encode()
        self.index.store.put(n, line)
        kind = Kind(direction, type_name, is_error(event))
        self.index.add(t_s=t_s, kind=kind, size_bytes=len(line), audio_ms=audio_ms, event=event)
        return n

    def gist(self, n: int | None = None) -> str:
        """The gist of a record by itself, of the newest one if none is named."""
        return self.gists.of_record(self.index.record(self.index.count - 1 if n is None else n))

    def rows(self) -> list[str]:
        """The gist of each row of a list that shows everything."""
        view = EventView(self.index)
        view.sync()
        rows = (view.row(at) for at in range(view.rows))
        return [self.gists.of_row(row, self.index.record(row.last_n)) for row in rows]
