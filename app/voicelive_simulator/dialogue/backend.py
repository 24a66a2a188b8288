"""What a client talks to: a conversation of the simulator's own, or a recorded one served again."""

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
        """When `tick` has something to do; None when it waits for the client."""
        ...

    @property
    def waits_for_voice(self) -> bool:
        """Whether client frames are to be held back until `rendered` or `render_failed`."""
        ...

    def opened(self) -> list[Effect]: ...

    def receive(self, event: object, now_s: float) -> list[Effect]:
        """One decoded client frame."""
        ...

    def undecodable(self, reason: str) -> list[Effect]:
        """A client frame that is no JSON."""
        ...

    def wants_voice(self, response_id: str) -> bool:
        """Whether what was asked for with a Render is still of use."""
        ...

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> list[Effect]: ...

    def render_failed(self, response_id: str, message: str, now_s: float) -> list[Effect]: ...

    def tick(self, now_s: float) -> list[Effect]:
        """Sends all that is due."""
        ...
