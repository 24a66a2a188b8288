"""Makes one conversation of several connections: an item that was carried over is the item that it
was, and an id that a new connection uses again is a new item's.

Invariant: the ids of the records that the folds get are unique in the session.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from voicelive_tui.model.events.fields import get_object, get_objects, get_str
from voicelive_tui.model.events.record import Record


class SessionItemIds:
    """The ids of items in all connections of a session so far."""

    def __init__(self) -> None:
        self._connections = 0
        self._seen: set[str] = set()
        """The ids that the service used in the present connection."""
        self._earlier: set[str] = set()
        """The ids of earlier connections."""
        self._renamed: dict[str, str] = {}
        """The session's id of each item of the present connection whose id was used before."""
        self._was: dict[str, str] = {}
        """The item that each carried one was before; empty for a note."""
        self._goes_on = False
        """Whether the next items that are carried over are those of an earlier session."""
        self._adopted: set[str] = set()
        """The items of an earlier session, which have their ids in this one."""

    def connected(self) -> None:
        """Note that a connection begins."""
        self._connections += 1
        self._goes_on = False
        self._earlier |= self._seen
        self._seen.clear()
        self._renamed.clear()

    def goes_on(self) -> None:
        """Note that the session goes on from an earlier one, whose items come next."""
        self._goes_on = True

    def carried_over(self, record: Record, last_item: str) -> None:
        """Take in a record `console.carried_over`.

        last_item: the last item of the transcript. What follows the last carried item in the
        service's order follows all that came before the connection.
        """
        items = get_objects(record.event, "items")
        if self._goes_on:
            self._goes_on = False
            self._adopted.update(get_str(item, "id") for item in items)
            return
        for item in items:
            self._was[get_str(item, "id")] = get_str(item, "was")
        if items:
            self._was[get_str(items[-1], "id")] = last_item

    def is_carried(self, record: Record) -> bool:
        """Whether a frame only creates or confirms a carried item, which the folds know."""
        return (
            record.dir != "local" and get_str(get_object(record.event, "item"), "id") in self._was
        )

    def is_adopted(self, record: Record) -> bool:
        """Whether a frame only creates or confirms an item of the earlier session."""
        return (
            record.dir != "local"
            and get_str(get_object(record.event, "item"), "id") in self._adopted
        )

    def with_unique_ids(self, record: Record) -> Record:
        """Return the record with the ids that its items have in the session."""
        if record.dir == "received":
            self._see(record.event)
        previous = get_str(record.event, "previous_item_id")
        if not self._renamed and previous not in self._was:
            return record
        return replace(record, event=self._translate(record.event))

    def _see(self, event: Mapping[str, Any]) -> None:
        if get_str(event, "item_id") in self._seen:
            return  # as nearly every event of an answer: no event names a second item
        for item_id in filter(None, _item_ids(event)):
            if item_id in self._earlier and item_id not in self._seen:
                self._renamed[item_id] = f"{item_id} in connection {self._connections}"
            self._seen.add(item_id)

    def _translate(self, event: Mapping[str, Any]) -> dict[str, Any]:
        changed = dict(event)
        if isinstance(event.get("item_id"), str):
            changed["item_id"] = self._unique(event["item_id"])
        if isinstance(event.get("previous_item_id"), str):
            previous = event["previous_item_id"]
            changed["previous_item_id"] = self._was.get(previous, self._unique(previous))
        if isinstance(event.get("item"), Mapping):
            changed["item"] = self._item(event["item"])
        response = get_object(event, "response")
        if get_objects(response, "output"):
            output = [self._item(item) for item in get_objects(response, "output")]
            changed["response"] = {**response, "output": output}
        return changed

    def _item(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        named = ("id", "approval_request_id")
        return {
            **item,
            **{name: self._unique(item[name]) for name in named if isinstance(item.get(name), str)},
        }

    def _unique(self, item_id: str) -> str:
        return self._renamed.get(item_id, item_id)


def _item_ids(event: Mapping[str, Any]) -> Iterator[str]:
    yield get_str(event, "item_id")
    yield get_str(get_object(event, "item"), "id")
    for item in get_objects(get_object(event, "response"), "output"):
        yield get_str(item, "id")
