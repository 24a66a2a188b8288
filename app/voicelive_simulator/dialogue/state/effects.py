"""The effects that a conversation requests from the code around it: events to send, texts to
render, faults to arm, remarks, and the end of the session."""

from __future__ import annotations

from dataclasses import dataclass

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.sound.speech import NEUTRAL_PROSODY, Prosody


@dataclass(frozen=True, slots=True)
class Send:
    """Send `event`. `text` is its JSON as a recording has it; with None the sender encodes it."""

    event: JSON
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Send a recorded frame that is not a JSON object, or was binary, unchanged."""

    data: str | bytes


@dataclass(frozen=True, slots=True)
class Close:
    """End the session as a recorded one ended; with `code` None the connection breaks without a
    close frame."""

    code: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Render:
    """Render `text` as speech with `prosody`, and pass the result to Conversation.rendered with the
    same id."""

    response_id: str
    text: str
    output_audio_format: str
    prosody: Prosody = NEUTRAL_PROSODY


@dataclass(frozen=True, slots=True)
class Arm:
    """Let `fault` strike from the next event on."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Remark:
    """Write the code and param of a warning to the log and journal, for the simulator's user: the
    client's api-version has no `warning` event."""

    code: str
    param: str


Effect = Send | Frame | Close | Render | Arm | Remark


class EffectQueue:
    """Collects effects, and gives every event its event_id."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._effects: list[Effect] = []
        self._rendering: set[str] = set()

    def send(self, event: JSON) -> None:
        if event["type"] == "response.done":
            self._rendering.discard(event["response"]["id"])
        self._effects.append(Send({"event_id": self._ids.new("event"), **event}))

    def error(self, refused: Refused, client_event_id: str | None) -> None:
        """Send an `error` event, which echoes the id of the client's event (protocol.md 14)."""
        details = {
            "type": refused.error_type,
            "code": refused.code,
            "message": refused.message,
            "param": refused.param,
            "event_id": client_event_id,
        }
        self.send({"type": "error", "error": details})

    def warning(self, message: str, *, code: str, param: str | None) -> None:
        """Send a `warning` event, which exists from 2026-04-10 on (protocol.md 5)."""
        self.send(
            {"type": "warning", "warning": {"message": message, "code": code, "param": param}}
        )

    def render(
        self, response_id: str, text: str, output_audio_format: str, prosody: Prosody
    ) -> None:
        self._rendering.add(response_id)
        self._effects.append(Render(response_id, text, output_audio_format, prosody))

    def render_done(self, response_id: str) -> None:
        """Record that the voice has delivered or failed."""
        self._rendering.discard(response_id)

    def wants_voice(self, response_id: str) -> bool:
        """Whether that response is still waiting for its speech."""
        return response_id in self._rendering

    @property
    def voice_at_work(self) -> bool:
        """Whether any running response is waiting for its speech."""
        return bool(self._rendering)

    def arm(self, fault: Fault) -> None:
        self._effects.append(Arm(fault))

    def remark(self, code: str, param: str) -> None:
        self._effects.append(Remark(code, param))

    def drain(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects
