"""The loss of the link to the machine with the devices and what became of it, in one line."""

from typing import Final

from voicelive_tui.model.events.fields import get_int, get_str
from voicelive_tui.model.events.gists.phrases import excerpt, short_length
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.builder import TranscriptBuilder
from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.transcript.line import TranscriptLine

_MACHINE_CHARS: Final = 60
_TOGETHER_S: Final = 2.0
"""A device that is lost so shortly before the link, or back so shortly after it, was never away by
itself."""


class LinkNote:
    """The line of one loss, which says since when the link is back as soon as it is."""

    def __init__(self, item_id: str, t_s: float, first_n: int, last_n: int) -> None:
        self.item_id = item_id
        self.last_n = last_n
        self._t_s = t_s
        self._first_n = first_n
        self._state = ""
        self._machine = ""
        self._away_ms: float | None = None

    def away(self, record: Record) -> None:
        """Take a record that says that nothing comes over the link. One that stalled may be lost
        later."""
        self.last_n = record.n
        self._state = "lost" if get_str(record.event, "state") == "lost" else "stalled"
        self._machine = excerpt(record.event.get("machine"), _MACHINE_CHARS)

    def back(self, record: Record) -> None:
        """Take the record that says that it is back."""
        self.last_n = record.n
        away_ms = get_int(record.event, "away_ms")
        if away_ms is None or away_ms < 0:
            self._away_ms = max(0.0, record.t_s - self._t_s) * 1000
        else:
            self._away_ms = away_ms

    def line(self) -> TranscriptLine | None:
        """Return the line: failed while the link is away."""
        which = f" to {self._machine}" if self._machine else ""
        back = "" if self._away_ms is None else f", back after {short_length(self._away_ms)}"
        return TranscriptLine(
            self.item_id,
            "note",
            self._t_s,
            f"sound link{which} {self._state}{back}",
            "failed" if self._away_ms is None else "final",
            self._first_n,
            self.last_n,
        )

    def past(self) -> PastItem | None:
        """Return None: a note is for the person at the console."""
        return None


class LinkNotes:
    """Writes the lines about the link, and knows which changes of devices are a part of them: the
    devices of the other machine go and come back with the link."""

    def __init__(self, builder: TranscriptBuilder) -> None:
        self._builder = builder
        self._open: LinkNote | None = None
        """The line of a link that is away."""
        self._with_link: set[str] = set()
        """The sides whose device was lost with the link."""
        self._back_s = 0.0
        self._lost_alone: dict[str, tuple[float, str]] = {}
        """When each side's device was lost before the link was, and the key of its note."""

    @property
    def away(self) -> bool:
        """Whether nothing comes over the link."""
        return self._open is not None

    def link(self, record: Record) -> None:
        """Take in a record `console.link`."""
        if get_str(record.event, "state") in ("stalled", "lost"):
            if self._open is None:
                self._take_over_devices(record.t_s)
                self._open = self._builder.entry(record, f"note:{record.n}", LinkNote, is_note=True)
            self._open.away(record)
            self._builder.mark_changed(self._open.item_id)
        elif self._open is not None:
            self._open.back(record)
            self._builder.mark_changed(self._open.item_id)
            self._open, self._back_s = None, record.t_s

    def _take_over_devices(self, t_s: float) -> None:
        """Remove the notes of devices that were lost an instant before the link."""
        for side, (lost_s, key) in self._lost_alone.items():
            if t_s - lost_s <= _TOGETHER_S:
                self._builder.remove(key)
                self._with_link.add(side)
        self._lost_alone.clear()

    def device(self, record: Record, text: str) -> None:
        """Take in a record `console.device`, and write its note unless the link's line says the
        same. text: that of the note."""
        side, state = get_str(record.event, "side"), get_str(record.event, "state")
        if state == "lost" and self._open is not None:
            self._with_link.add(side)
            return
        lost_with_link = side in self._with_link
        self._with_link.discard(side)
        self._lost_alone.pop(side, None)
        at_once = self._open is not None or record.t_s - self._back_s <= _TOGETHER_S
        if state == "back" and lost_with_link and at_once:
            return
        self._builder.note(record, text)
        key = f"note:{record.n}"
        # An immediate repetition has no note of its own, which could be removed.
        if state == "lost" and self._builder.get(key) is not None:
            self._lost_alone[side] = record.t_s, key
