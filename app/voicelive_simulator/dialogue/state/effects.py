"""What a conversation asks of the session around it: events to send, texts to render, faults to
arm, remarks and an end."""

from __future__ import annotations

from dataclasses import dataclass

from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON, Refused
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.sound.speech import NEUTRAL_PROSODY, Prosody


@dataclass(frozen=True, slots=True)
class Send:
    """Send `event`; `text` is how a replay spells it, None leaves that to the sender."""

    event: JSON
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Send a recorded frame that is no JSON object, or was binary, as it stands."""

    data: str | bytes


@dataclass(frozen=True, slots=True)
class Close:
    """End the session as a recorded one ended; `code` None breaks the connection without a
    goodbye."""

    code: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Render:
    """Have `text` spoken in `manner` and hand the result to Conversation.rendered with the same
    id."""

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
    """Tell the simulator's user, in log and journal, what the client is not told: the code and
    param of a warning that its api-version does not have."""

    code: str
    param: str


Effect = Send | Frame | Close | Render | Arm | Remark


class EffectQueue:
    """Collects effects; every event gets its event_id here."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._effects: list[Effect] = []
        self._rendering: set[str] = set()

    def send(self, event: JSON) -> None:
        if event["type"] == "response.done":
            self._rendering.discard(event["response"]["id"])
        self._effects.append(Send({"event_id": self._ids.new("event"), **event}))

    def error(self, refused: Refused, client_event_id: str | None) -> None:
        """Send an error event that echoes the id of the event at fault (protocol.md 14)."""
        details = {
            "type": refused.error_type,
            "code": refused.code,
            "message": refused.message,
            "param": refused.param,
            "event_id": client_event_id,
        }
        self.send({"type": "error", "error": details})

    def warning(self, message: str, *, code: str, param: str | None) -> None:
        """Send a warning event, which exists from 2026-04-10 on (protocol.md 5)."""
        self.send(
            {"type": "warning", "warning": {"message": message, "code": code, "param": param}}
        )

    def render(
        self, response_id: str, text: str, output_audio_format: str, prosody: Prosody
    ) -> None:
        self._rendering.add(response_id)
        self._effects.append(Render(response_id, text, output_audio_format, prosody))

    def render_done(self, response_id: str) -> None:
        """The voice has delivered, or failed."""
        self._rendering.discard(response_id)

    def wants_voice(self, response_id: str) -> bool:
        """Whether that response still waits for its voice."""
        return response_id in self._rendering

    @property
    def voice_at_work(self) -> bool:
        """Whether a running response waits for its voice."""
        return bool(self._rendering)

    def arm(self, fault: Fault) -> None:
        self._effects.append(Arm(fault))

    def remark(self, code: str, param: str) -> None:
        self._effects.append(Remark(code, param))

    def drain(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects
