"""The link to the machine with the devices, as it was in a turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.events.fields import get_number, get_str
from voicelive_tui.model.events.record import Local, Record


@dataclass(frozen=True, slots=True)
class TurnLink:
    """The link that was in force. machine: the one with the devices. round_trip_ms: None if it was
    not measured. clock_error_ms: by how much a time of that machine may be wrong; None if that is
    not known."""

    machine: str
    round_trip_ms: float | None = None
    clock_error_ms: float | None = None

    @property
    def one_way_ms(self) -> float:
        """An estimate of one way, which nobody can measure: half of the round trip; 0 if that is
        not known."""
        return (self.round_trip_ms or 0.0) / 2


class LinkInForce:
    """Follows the link over a session's records. link: None while the session has no sound of
    another machine."""

    def __init__(self) -> None:
        self.link: TurnLink | None = None

    def apply(self, record: Record) -> None:
        """Take in a local record."""
        event = record.event
        match record.type:
            case Local.LINK if get_str(event, "state") == "lost":
                self.link = None
            case Local.LINK:
                self.link = _with_figures(event, self.link)
            case Local.ON_AIR if event.get("on") is False:
                self.link = None


def _with_figures(event: Mapping[str, Any], before: TurnLink | None) -> TurnLink:
    """The link with the figures of a record `console.link`, which leaves out what it has not
    measured."""
    machine = get_str(event, "machine")
    known = before if before is not None and before.machine == machine else TurnLink(machine)
    measured = [get_number(event, name) for name in ("round_trip_ms", "clock_error_ms")]
    round_trip_ms, clock_error_ms = (None if ms is None or ms < 0 else ms for ms in measured)
    if round_trip_ms is None:
        return known
    return TurnLink(machine, round_trip_ms, clock_error_ms)
