"""The link to another machine's sound that a session uses, and what changes about it meanwhile."""

from dataclasses import dataclass
from typing import Any, Literal

from voicelive_tui.model.session.round_trip import differs_noticeably
from voicelive_tui.model.session.snapshot import AudioStatus, SoundLink


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What happened to a link. away_ms: how long nothing came, if it is back."""

    link: SoundLink
    state: Literal["up", "stalled", "lost", "back"]
    away_ms: int | None = None

    def fields(self) -> dict[str, Any]:
        """The fields of the record `console.link`."""
        known = {"machine": self.link.machine, "way": self.link.way, "state": self.state}
        more = {
            "round_trip_ms": self.link.round_trip_ms,
            "clock_error_ms": self.link.clock_error_ms,
            "away_ms": self.away_ms,
        }
        return known | {name: value for name, value in more.items() if value is not None}


class LinkInUse:
    """Follows the link over a session. It is noted when the session gets the sound, when the round
    trip has changed by a fifth, and when the link stalls, is lost or is back."""

    def __init__(self) -> None:
        self._noted: LinkChange | None = None

    def follow(self, status: AudioStatus, now_s: float) -> LinkChange | None:
        """Return what changed; None if nothing did. status: of the devices in use."""
        link = status.link
        change = None if link is None else self._change(link, running=status.running, now_s=now_s)
        if link is None or change is not None:
            self._noted = change
        return change

    def _change(self, link: SoundLink, *, running: bool, now_s: float) -> LinkChange | None:
        before = self._noted
        if link.lost_s is not None:
            state: Literal["stalled", "lost"] = "stalled" if running else "lost"
            return None if before is not None and before.state == state else LinkChange(link, state)
        if before is None:
            return LinkChange(link, "up")
        if before.link.lost_s is not None:
            return LinkChange(link, "back", max(0, round((now_s - before.link.lost_s) * 1000)))
        return LinkChange(link, "up") if _has_changed(before.link, link) else None


def _has_changed(before: SoundLink, now: SoundLink) -> bool:
    """Whether it is another machine, or another round trip."""
    other = now.machine != before.machine
    return other or differs_noticeably(before.round_trip_ms, now.round_trip_ms)
