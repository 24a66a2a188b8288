"""Rules that involve several session fields, the model, or earlier events; each raises Refused
(protocol.md 2, 6 to 12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.handshake import CLIENT_REFERENCE, Opening
from voicelive_simulator.api.recognisers import OPENAI_RECOGNISERS
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.api.session_fields import AZURE_OUTPUT_FORMATS, RATES_HZ
from voicelive_simulator.api.tools import refuse_unknown_choice
from voicelive_simulator.api.voices import is_azure, refuse_unfit


@dataclass(frozen=True, slots=True)
class SessionProgress:
    """What has happened in the session that makes some settings final: whether audio was received
    and sent."""

    audio_in: bool = False
    audio_out: bool = False


@dataclass(frozen=True, slots=True)
class SessionRemark:
    """The content of a `warning` event about a setting that is accepted (protocol.md 5)."""

    message: str
    code: str
    param: str


def refuse_final(changes: Mapping[str, Any], opening: Opening) -> None:
    """Raise Refused for fields that a session.update may not contain."""
    if "model" in changes and (changes["model"] or "") != opening.model:
        raise Refused(
            "Cannot change the model of a session; it is set by the URL.", param="session.model"
        )
    if opening.agent and changes.get("instructions"):
        raise Refused(
            "Instructions cannot be set in agent mode; the agent brings its own.",
            param="session.instructions",
        )


def refuse_unfit_output(
    voice: object, output_audio_format: object, opening: Opening, path: str
) -> None:
    """Raise Refused for a voice that the model does not have, or an output format that the voice
    does not have. `path` is the path of the object, for errors: a session or a response."""
    refuse_unfit(voice, opening, f"{path}.voice")
    if output_audio_format in AZURE_OUTPUT_FORMATS and not is_azure(voice):
        raise Refused(
            f"{output_audio_format!r} needs an Azure voice.", param=f"{path}.output_audio_format"
        )


def check_together(
    before: JSON,
    after: JSON,
    changed: Mapping[str, Any],
    opening: Opening,
    progress: SessionProgress,
) -> None:
    """Check the whole effective configuration as the update would leave it. Raises Refused."""
    if progress.audio_out and after["voice"] != before["voice"]:
        message = "Cannot update a conversation's voice if assistant audio is present."
        raise Refused(message, code="cannot_update_voice", param="session.voice")
    refuse_unfit_output(after["voice"], after["output_audio_format"], opening, "session")
    rates = RATES_HZ[after["input_audio_format"]]
    if after["input_audio_sampling_rate"] not in rates:
        known = ", ".join(str(r) for r in rates)
        message = (
            f"Invalid value: {after['input_audio_sampling_rate']}. With "
            f"{after['input_audio_format']} use {known}."
        )
        raise Refused(message, param="session.input_audio_sampling_rate")
    _check_echo(before, after, progress)
    if "tool_choice" in changed:
        refuse_unknown_choice(after["tool_choice"], after["tools"] or [], "session.tool_choice")
    if not opening.is_openai_native:
        _refuse_openai_only(after)
    if opening.is_native and after.get("interim_response"):
        raise Refused(
            "An interim response needs a cascaded text model or an agent.",
            param="session.interim_response",
        )


def _check_echo(before: JSON, after: JSON, progress: SessionProgress) -> None:
    echo, echo_before = (
        (after["input_audio_echo_cancellation"] or {}),
        (before["input_audio_echo_cancellation"] or {}),
    )
    channels, client = echo.get("channels", 1), echo.get("reference_source") == "client"
    param = "session.input_audio_echo_cancellation"
    if channels == 2 and not client:
        message = "Two channels need reference_source 'client'."
        raise Refused(
            message, code="invalid_ec_channels_requires_client", param=f"{param}.channels"
        )
    if client and channels != 2:
        message = "reference_source 'client' needs channels 2."
        raise Refused(message, code="invalid_ec_reference_channels", param=f"{param}.channels")
    if channels == 2 and after["input_audio_format"] != "pcm16":
        message = "Two-channel input must be pcm16."
        raise Refused(
            message, code="invalid_ec_channels_format", param="session.input_audio_format"
        )
    if progress.audio_in and channels != echo_before.get("channels", 1):
        message = "The echo canceller's channels cannot change once audio was received."
        raise Refused(message, code="change_in_ec_channels_not_allowed", param=f"{param}.channels")


def _refuse_openai_only(after: JSON) -> None:
    noise = (after["input_audio_noise_reduction"] or {}).get("type")
    if noise in ("near_field", "far_field"):
        raise Refused(
            f"{noise!r} needs a gpt-realtime model.",
            param="session.input_audio_noise_reduction.type",
        )
    if (after["turn_detection"] or {}).get("type") == "semantic_vad":
        raise Refused(
            "'semantic_vad' needs a gpt-realtime model.", param="session.turn_detection.type"
        )
    model = (after["input_audio_transcription"] or {}).get("model")
    if model in OPENAI_RECOGNISERS:
        raise Refused(
            f"{model!r} needs a gpt-realtime model.",
            param="session.input_audio_transcription.model",
        )


def _ignored_settings(changed: Mapping[str, Any], after: JSON) -> Iterator[SessionRemark]:
    """Settings for word times and visemes, which only Azure's voices send: with another voice they
    have no effect."""
    if is_azure(after["voice"]) or not changed.keys() & {
        "voice",
        "output_audio_timestamp_types",
        "animation",
    }:
        return
    visemes = "viseme_id" in ((after.get("animation") or {}).get("outputs") or ())
    for field, wanted in (
        ("output_audio_timestamp_types", after.get("output_audio_timestamp_types")),
        ("animation", visemes),
    ):
        if wanted:
            message = (
                f"{field} has no effect with an OpenAI voice: only Azure's tell word times "
                "and visemes."
            )
            yield SessionRemark(message, "undocumented_combination", f"session.{field}")


def remarks(changed: Mapping[str, Any], after: JSON, opening: Opening) -> Iterator[SessionRemark]:
    """Remarks about a valid change that contradicts the documents. Whether the service refuses such
    a change is not known."""
    yield from _ignored_settings(changed, after)
    if (changed.get("input_audio_echo_cancellation") or {}).get(
        "channels"
    ) == 2 and CLIENT_REFERENCE not in opening.features:
        message = (
            f"For two channels the documents ask for features={CLIENT_REFERENCE}:true in "
            "the URL's query."
        )
        yield SessionRemark(
            message, "missing_feature", "session.input_audio_echo_cancellation.channels"
        )
    recogniser = (changed.get("input_audio_transcription") or {}).get("model")
    if opening.is_native and recogniser == "azure-speech":
        message = "The documents name azure-speech for cascaded models and agents only."
        yield SessionRemark(
            message, "undocumented_combination", "session.input_audio_transcription.model"
        )
