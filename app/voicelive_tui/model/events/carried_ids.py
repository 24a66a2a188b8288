"""The ids of items that a new connection was given, and the items that they were before."""

from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.record import Record


class CarriedIds:
    """The old item of each carried one, by its new id; the notes of a carry-over have none."""

    def __init__(self) -> None:
        self._was: dict[str, str] = {}

    def note(self, record: Record) -> tuple[str, ...]:
        """Take in a record `console.carried_over`. Return the old items' ids in order."""
        pairs = [
            (get_str(item, "id"), get_str(item, "was"))
            for item in get_objects(record.event, "items")
        ]
        self._was.update(pair for pair in pairs if pair[0])
        return tuple(was for _, was in pairs if was)

    def concerns(self, record: Record) -> bool:
        """Whether a frame only creates or confirms a carried item."""
        return get_str(get_object(record.event, "item"), "id") in self._was

    def was(self, item_id: str) -> str:
        """Return the id of the old item for the id of a carried one, and any other id as it is."""
        return self._was.get(item_id, item_id)
