"""A session's effective configuration: the defaults of its api-version and model, changed by valid updates (protocol.md 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.simulator.api.handshake import Opening
from voicelive_tui.simulator.api.schema import JSON, Reading, Refused, any_object
from voicelive_tui.simulator.api.session_fields import SESSION, turn_detection
from voicelive_tui.simulator.sound.vad import Endpointing

_OPENAI_RECOGNISERS = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize")
_EAGERNESS_SILENCE_MS = {"low": 1000, "medium": 500, "auto": 500, "high": 300}
RATES_HZ = {"pcm16": (8000, 16000, 24000, 44100), "g711_ulaw": (8000,), "g711_alaw": (8000,)}


@dataclass(frozen=True, slots=True)
class Progress:
    """What has happened in the session that makes some settings final."""

    audio_in: bool = False
    audio_out: bool = False


class Session:
    """The configuration as `session.created` and `session.updated` show it. `expires_at` is in unix seconds."""

    def __init__(self, opening: Opening, session_id: str, expires_at: int) -> None:
        self.opening = opening
        self.id = session_id
        self._expires_at = expires_at
        reading = Reading(opening.api_date)
        self._values: JSON = {name: f.default for name, f in SESSION.items() if f.exists(opening.api_date)}
        self._values["voice"] = self._default_voice()
        self._values["turn_detection"] = turn_detection({"type": "server_vad"}, "session.turn_detection", reading)

    def _default_voice(self) -> JSON:
        if self.opening.hears_audio:
            return {"type": "openai", "name": "alloy"}
        return {"type": "azure-standard", "name": "en-US-AvaNeural"}

    def __getitem__(self, name: str) -> Any:
        return self._values.get(name)

    def wire(self) -> JSON:
        """The `session` object of session.created and session.updated; unset fields are null."""
        agent = self.opening.agent
        shown: JSON = {
            "id": self.id,
            "object": "realtime.session",
            "model": self.opening.model or None,
            **self._values,
            "agent": None,
        }
        if agent:
            shown["agent"] = {"type": "agent", "name": agent, "description": None, "agent_id": agent, "thread_id": self.id}
        if self.opening.api_date >= "2026-07-15":
            shown["expires_at"] = self._expires_at
        return shown

    def update(self, changes: object, progress: Progress) -> list[str]:
        """Applies the keys present; returns the paths that no table knows. Raises Refused on a bad value and changes nothing."""
        asked = any_object(changes, "session", Reading(self.opening.api_date))
        reading = Reading(self.opening.api_date)
        self._refuse_final(asked)
        changed: JSON = {}
        for name, value in asked.items():
            field = SESSION.get(name)
            if field and field.exists(reading.api_date):
                changed[name] = field.check(value, f"session.{name}", reading)
            elif name != "model":
                reading.unknown.append(f"session.{name}")
        merged = {**self._values, **changed}
        codec = merged["input_audio_format"]
        if "input_audio_sampling_rate" not in changed and codec != self._values["input_audio_format"]:
            merged["input_audio_sampling_rate"] = 24000 if codec == "pcm16" else 8000
        self._check_together(merged, progress)
        self._values = merged
        return reading.unknown

    def _refuse_final(self, asked: Mapping[str, Any]) -> None:
        if "model" in asked and asked["model"] != self.opening.model:
            raise Refused("Cannot change the model of a session; it is set by the URL.", param="session.model")
        if self.opening.agent and asked.get("instructions"):
            raise Refused("Instructions cannot be set in agent mode; the agent brings its own.", param="session.instructions")

    def _check_together(self, merged: JSON, progress: Progress) -> None:
        """Rules that span fields, the model, or what has already happened."""
        if progress.audio_out and merged["voice"] != self._values["voice"]:
            message = "Cannot update a conversation's voice if assistant audio is present."
            raise Refused(message, code="cannot_update_voice", param="session.voice")
        rates = RATES_HZ[merged["input_audio_format"]]
        if merged["input_audio_sampling_rate"] not in rates:
            known = ", ".join(str(r) for r in rates)
            message = f"Invalid value: {merged['input_audio_sampling_rate']}. With {merged['input_audio_format']} use {known}."
            raise Refused(message, param="session.input_audio_sampling_rate")
        self._check_echo(merged, progress)
        if not self.opening.hears_audio:
            _refuse_native_only(merged)

    def _check_echo(self, merged: JSON, progress: Progress) -> None:
        echo, before = (merged["input_audio_echo_cancellation"] or {}), (self._values["input_audio_echo_cancellation"] or {})
        channels, client = echo.get("channels", 1), echo.get("reference_source") == "client"
        param = "session.input_audio_echo_cancellation"
        if channels == 2 and not client:
            message = "Two channels need reference_source 'client'."
            raise Refused(message, code="invalid_ec_channels_requires_client", param=f"{param}.channels")
        if client and channels != 2:
            message = "reference_source 'client' needs channels 2."
            raise Refused(message, code="invalid_ec_reference_channels", param=f"{param}.channels")
        if channels == 2 and merged["input_audio_format"] != "pcm16":
            message = "Two-channel input must be pcm16."
            raise Refused(message, code="invalid_ec_channels_format", param="session.input_audio_format")
        if progress.audio_in and channels != before.get("channels", 1):
            message = "The echo canceller's channels cannot change once audio was received."
            raise Refused(message, code="change_in_ec_channels_not_allowed", param=f"{param}.channels")

    @property
    def input_channels(self) -> int:
        return int((self["input_audio_echo_cancellation"] or {}).get("channels", 1))

    @property
    def endpointing(self) -> Endpointing:
        """The timing that turn detection asks for; the standard one in manual mode, where it only tells speech from noise."""
        detection = self["turn_detection"] or {"type": "server_vad"}
        silence_ms = detection.get("silence_duration_ms", _EAGERNESS_SILENCE_MS.get(detection.get("eagerness", "auto"), 500))
        return Endpointing(
            threshold=detection.get("threshold", 0.5),
            prefix_padding_ms=detection.get("prefix_padding_ms", 300),
            silence_duration_ms=silence_ms,
            speech_duration_ms=detection.get("speech_duration_ms", 200),
        )

    @property
    def transcribes(self) -> bool:
        """Native models transcribe when asked; cascaded ones always (protocol.md 9)."""
        return self["input_audio_transcription"] is not None or not self.opening.hears_audio


def _refuse_native_only(merged: JSON) -> None:
    """Settings that only native speech models take (protocol.md 2, 7 and 9)."""
    noise = (merged["input_audio_noise_reduction"] or {}).get("type")
    if noise in ("near_field", "far_field"):
        raise Refused(f"{noise!r} needs a gpt-realtime model.", param="session.input_audio_noise_reduction.type")
    if (merged["turn_detection"] or {}).get("type") == "semantic_vad":
        raise Refused("'semantic_vad' needs a gpt-realtime model.", param="session.turn_detection.type")
    recogniser = (merged["input_audio_transcription"] or {}).get("model")
    if recogniser in _OPENAI_RECOGNISERS:
        raise Refused(f"{recogniser!r} needs a gpt-realtime model.", param="session.input_audio_transcription.model")
