"""Keeps one transcript over several connections: items that were carried over are shown once, and
an id that a new connection uses again is a new item."""

from voicelive_tui.model.events.carried_ids import CarriedIds
from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.builder import TranscriptBuilder


class ConnectionChange:
    """The connections of a session so far, as the transcript's items need them."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self._builder = builder
        self._connections = 0
        self._carried = CarriedIds()
        self._ends: dict[str, str] = {}
        """The last item of the transcript at each carry-over, by the id of the last carried one: an
        item that follows the latter is shown behind all that came before the connection."""

    def begins_another(self) -> bool:
        """Note that a connection begins; return whether it follows another one."""
        self._connections += 1
        if self._connections == 1:
            return False
        self._builder.release_ids()
        return True

    def carried_over(self, record: Record) -> tuple[str, ...]:
        """Take in a record `console.carried_over`; return the ids of the old items."""
        old_ids = self._carried.note(record)
        items = get_objects(record.event, "items")
        if items:
            self._ends[get_str(items[-1], "id")] = self._builder.last_item()
        return old_ids

    def concerns_carried_item(self, record: Record) -> bool:
        """Whether a frame only creates or confirms a carried item, which the transcript has."""
        return record.dir != "local" and self._carried.concerns(record)

    def previous_item(self, record: Record) -> str:
        """Return the item behind which the record's item belongs, or an empty id."""
        previous = get_str(record.event, "previous_item_id")
        return self._ends.get(previous) or self._carried.was(previous)

    def make_way(self, record: Record) -> None:
        """Rename items of earlier connections whose ids this event of the service uses."""
        if self._connections < 2:
            return
        event = record.event
        items = (
            get_object(event, "item"),
            *get_objects(get_object(event, "response"), "output"),
        )
        for key in {get_str(event, "item_id"), *(get_str(item, "id") for item in items)}:
            renamed = self._builder.make_way(key, self._connections)
            if renamed:
                self._ends = {
                    new: renamed if old == key else old for new, old in self._ends.items()
                }
