"""The microphone and the loudspeaker that a session uses, and what changes about them meanwhile."""

from dataclasses import dataclass
from typing import Any, Literal

from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.audio.ports.devices import Side
from voicelive_tui.model.session.snapshot import AudioStatus

_NOT_WANTED = "none"


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A device that was lost, is back, or took the place of another one. away_ms: how long there
    was none; None if there always was one."""

    side: Side
    state: Literal["lost", "back", "switched"]
    name: str
    was: str = ""
    away_ms: int | None = None

    def fields(self) -> dict[str, Any]:
        """The fields of the record `console.device`."""
        known = {"side": self.side, "state": self.state, "name": self.name}
        more = {"was": self.was, "away_ms": self.away_ms}
        return known | {name: value for name, value in more.items() if value not in ("", None)}


class DevicesInUse:
    """Follows the names of both devices over a session. A device that was missing from the start is
    not lost, and the first one that is found is no change."""

    def __init__(self) -> None:
        self._names: dict[Side, str] = {}
        self._lost_s: dict[Side, float] = {}

    def follow(self, request: OpenRequest, status: AudioStatus, now_s: float) -> list[DeviceChange]:
        """Return what changed. request: the ports that the session wants. status: those that are
        open."""
        sides: tuple[tuple[Side, str, str], ...] = (
            ("microphone", request.input, status.input_name),
            ("loudspeaker", request.output, status.output_name),
        )
        changes = []
        for side, wanted, name in sides:
            if wanted == _NOT_WANTED:
                self._names.pop(side, None)
                self._lost_s.pop(side, None)
            elif change := self._change(side, name, now_s):
                changes.append(change)
        return changes

    def _change(self, side: Side, name: str, now_s: float) -> DeviceChange | None:
        before = self._names.get(side, "")
        if not name:
            if not before or side in self._lost_s:
                return None
            self._lost_s[side] = now_s
            return DeviceChange(side, "lost", before)
        self._names[side] = name
        lost_s = self._lost_s.pop(side, None)
        away_ms = None if lost_s is None else round((now_s - lost_s) * 1000)
        if not before or (lost_s is None and name == before):
            return None
        if name == before:
            return DeviceChange(side, "back", name, away_ms=away_ms)
        return DeviceChange(side, "switched", name, before, away_ms)
