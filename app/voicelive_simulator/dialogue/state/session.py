"""A session's effective configuration: the defaults of its api-version and model, changed by valid
updates (protocol.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.schema import JSON, Reading, any_object, normalise_case
from voicelive_simulator.api.session_fields import DEFAULT_RATE_HZ, SESSION
from voicelive_simulator.api.session_rules import (
    SessionProgress,
    SessionRemark,
    check_together,
    refuse_final,
    refuse_unfit_output,
    remarks,
)
from voicelive_simulator.api.turn_detection import turn_detection
from voicelive_simulator.api.voices import default_voice


@dataclass(frozen=True, slots=True)
class Update:
    """The warnings about an accepted update: the paths of unknown fields, and remarks on the other
    fields."""

    unknown: list[str]
    remarks: list[SessionRemark]


class SessionConfig:
    """The configuration as `session.created` and `session.updated` show it. `expires_at` is in unix
    seconds."""

    def __init__(self, opening: Opening, session_id: str, expires_at: int) -> None:
        self.opening = opening
        self.id = session_id
        self._expires_at = expires_at
        self._fields = {name: f for name, f in SESSION.items() if f.exists(opening.api_date)}
        self._values: JSON = {name: f.default for name, f in self._fields.items()}
        self._values["voice"] = default_voice(opening)
        self._values["turn_detection"] = turn_detection(
            {}, "session.turn_detection", Reading(opening.api_date)
        )

    def __getitem__(self, name: str) -> Any:
        return self._values.get(name)

    def to_json(self) -> JSON:
        """The `session` object of session.created and session.updated; unset fields are null."""
        agent = self.opening.agent
        session: JSON = {
            "id": self.id,
            "object": "realtime.session",
            "model": self.opening.model or None,
            **self._values,
            "agent": None,
        }
        if agent:
            session["agent"] = {
                "type": "agent",
                "name": agent,
                "description": None,
                "agent_id": agent,
                "thread_id": self.id,
            }
        if self.opening.api_date >= "2026-07-15":
            session["expires_at"] = self._expires_at
        return session

    def update(self, changes: object, progress: SessionProgress) -> Update:
        """Apply the fields that are present. Raises Refused for a bad value, and then changes
        nothing."""
        reading = Reading(self.opening.api_date)
        fields = normalise_case(any_object(changes, "session", reading), self._fields)
        refuse_final(fields, self.opening)
        changed: JSON = {}
        for name, value in fields.items():
            if name in self._fields:
                changed[name] = self._fields[name].check(value, f"session.{name}", reading)
            elif name != "model":
                reading.unknown.append(f"session.{name}")
        merged = {**self._values, **changed}
        codec = merged["input_audio_format"]
        if (
            "input_audio_sampling_rate" not in changed
            and codec != self._values["input_audio_format"]
        ):
            merged["input_audio_sampling_rate"] = DEFAULT_RATE_HZ[codec]
        check_together(self._values, merged, changed, self.opening, progress)
        self._values = merged
        return Update(reading.unknown, list(remarks(changed, merged, self.opening)))

    def check_output(self, voice: object, output_audio_format: object) -> None:
        """Raise Refused for a response's voice or output format (None: the session's) that the
        model or the voice does not have."""
        effective = self["voice"] if voice is None else voice
        refuse_unfit_output(
            effective, output_audio_format or self["output_audio_format"], self.opening, "response"
        )

    @property
    def input_channels(self) -> int:
        return int((self["input_audio_echo_cancellation"] or {}).get("channels", 1))

    @property
    def transcribes(self) -> bool:
        """Whether input is transcribed: with native models on request, with cascaded models always
        (protocol.md 9)."""
        return self["input_audio_transcription"] is not None or not self.opening.is_native
