"""An event on its way to the socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that waits for the socket; captured_at_s: of microphone audio, when its last frame was heard."""

    event: Mapping[str, Any]
    captured_at_s: float | None = None
