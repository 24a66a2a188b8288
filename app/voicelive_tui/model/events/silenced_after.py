"""How fast an answer was silenced over the link to another machine: on the way, and at the device
there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.events.fields import get_int
from voicelive_tui.model.events.gists.phrases import group_digits, milliseconds


@dataclass(frozen=True, slots=True)
class SilencedAfter:
    """The milliseconds from the request to stop an answer until it was silent. link_ms: until the
    request arrived at the other machine. device_ms: from there on."""

    link_ms: int
    device_ms: int

    @property
    def words(self) -> str:
        """`silent after 96 ms: link 81, device 15`."""
        parts = f"link {group_digits(self.link_ms)}, device {group_digits(self.device_ms)}"
        return f"silent after {milliseconds(self.link_ms + self.device_ms)}: {parts}"


def silenced_after(stopped: Mapping[str, Any]) -> SilencedAfter | None:
    """Return what the event `console.playback_stopped` says; None if nothing, as without a link."""
    link_ms, device_ms = get_int(stopped, "link_ms"), get_int(stopped, "device_ms")
    if link_ms is None or device_ms is None:
        return None
    # Clocks that are aligned with an error may put the request behind its arrival.
    return SilencedAfter(max(0, link_ms), max(0, device_ms))
