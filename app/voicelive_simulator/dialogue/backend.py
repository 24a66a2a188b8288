"""The interface of a session that a client talks to: a conversation of the simulator's own, or a
recorded one that is replayed."""

from __future__ import annotations

from typing import Protocol

from voicelive_simulator.dialogue.state.effects import Effect
from voicelive_simulator.sound.speech import Rendered


class Backend(Protocol):
    """One session, sans I/O. `now_s` is the caller's clock in seconds, which never runs backwards;
    every method returns the effects in the order in which they must happen."""

    @property
    def id(self) -> str: ...

    @property
    def due_s(self) -> float | None:
        """When `tick` next has something to do; None while the session waits for the client."""
        ...

    @property
    def waits_for_voice(self) -> bool:
        """Whether client frames must be held back until `rendered` or `render_failed` is called."""
        ...

    def opened(self) -> list[Effect]: ...

    def receive(self, event: object, now_s: float) -> list[Effect]:
        """Process one decoded client frame."""
        ...

    def undecodable(self, reason: str) -> list[Effect]:
        """Process a client frame that is not JSON."""
        ...

    def keep_detecting(self, on: bool) -> None:
        """Detect turns although `turn_detection` is null, or no longer. May be called at any
        time."""
        ...

    def wants_voice(self, response_id: str) -> bool:
        """Whether the result of this response's Render effect is still needed."""
        ...

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> list[Effect]: ...

    def render_failed(self, response_id: str, message: str, now_s: float) -> list[Effect]: ...

    def tick(self, now_s: float) -> list[Effect]:
        """Send everything that is due."""
        ...
