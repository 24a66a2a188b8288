"""The beginning of a session that goes on from an earlier, recorded one: a line that says so, and
the items that were carried over, which the transcript does not show again."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.events.fields import get_count, get_object, get_objects, get_str
from voicelive_tui.model.events.gists.earlier import NO_EARLIER_EVENTS
from voicelive_tui.model.events.gists.local_gists import (
    describe_carried_over,
    describe_goes_on,
)
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.history import (
    NotCarried,
    PastFunctionCall,
    PastItem,
    PastMessage,
)
from voicelive_tui.model.transcript.line import Rule, TranscriptLine


class GoesOnNote:
    """The line with which the transcript begins."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None:
        self.item_id = item_id
        self.last_n = last_n
        self._t_s = t_s
        self._first_n = first_n
        self._from = ""
        self._folder = ""
        self._carried = ""

    def goes_on(self, record: Record) -> None:
        """Take the record `console.goes_on`."""
        self._from = describe_goes_on(record.event, NO_EARLIER_EVENTS)
        self._folder = get_str(record.event, "folder")

    def carried_over(self, record: Record) -> None:
        """Take what the connection was given of the earlier session."""
        event = record.event
        anything = get_count(event, "carried") or get_object(event, "not_carried")
        self._carried = describe_carried_over(event, NO_EARLIER_EVENTS) if anything else ""

    def line(self) -> TranscriptLine | None:
        """Return the line, with the folder of the earlier session in a row of its own."""
        carried, _, left = self._carried.partition("; ")
        head = "; ".join(fact for fact in (f"goes on {self._from}", carried) if fact)
        details = tuple(fact for fact in (left, self._folder) if fact)
        return TranscriptLine(
            self.item_id,
            "note",
            self._t_s,
            "; ".join((head, *details)),
            "final",
            self._first_n,
            self.last_n,
            divides=True,
            rule=Rule(head, None, "", details),
        )

    def past(self) -> PastItem | None:
        """Return None: the line is for the person at the console."""
        return None


class EarlierItem:
    """An item of the earlier session. It makes no line, and a further connection is told it."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None:
        self.item_id = item_id
        self.last_n = last_n
        self.refused = False
        """Whether the service refused the item."""
        self._item: Mapping[str, Any] = {}
        self._output: str | None = None

    def created(self, item: Mapping[str, Any]) -> None:
        """Take the item of a `conversation.item.create`."""
        self._item = item

    def answered(self, output: str) -> None:
        """Take the output of a function call."""
        self._output = output

    def line(self) -> TranscriptLine | None:
        """Return None: the line was shown in the earlier session."""
        return None

    def past(self) -> PastItem | None:
        """Return the item as another connection is told it."""
        if self.refused:
            return NotCarried(self.item_id, "refused")
        match get_str(self._item, "type"), get_str(self._item, "role"):
            case "function_call", _ if self._output is not None:
                item = self._item
                name, arguments = get_str(item, "name"), get_str(item, "arguments")
                call_id = get_str(item, "call_id")
                return PastFunctionCall(self.item_id, call_id, name, arguments, self._output)
            case "function_call", _:
                return NotCarried(self.item_id, "no_output")
            case "message", ("user" | "assistant" | "system") as role:
                cut = get_str(self._item, "status") == "incomplete"
                return PastMessage(self.item_id, role, _texts(self._item), cut)
            case _:
                return None


def _texts(item: Mapping[str, Any]) -> tuple[str, ...]:
    texts = (get_str(part, "text") for part in get_objects(item, "content"))
    return tuple(text for text in texts if text)
