"""The rules of `[session]` apart from turn detection: audio, modalities, model and tools."""

from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_tui.model.profile.fields.input_audio_fields import REALTIME_TRANSCRIBERS
from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.rules.service_rules import may_take_audio


def check_session(service: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[Finding]:
    """Check what the service is known to refuse in `session.update`."""
    takes_audio = may_take_audio(service)
    yield from _check_noise_reduction(session.get("input_audio_noise_reduction"), takes_audio)
    yield from _check_echo_cancellation(session.get("input_audio_echo_cancellation"))
    yield from _check_transcription(session.get("input_audio_transcription"), takes_audio)
    modalities = session.get("modalities")
    if isinstance(modalities, list) and modalities and "text" not in modalities:
        yield Finding(
            "session.modalities",
            "warning",
            "the service does not accept audio without text",
            'write ["text", "audio"]',
        )
    if "model" in session:
        yield Finding(
            "session.model",
            "warning",
            "the model is fixed by the URL and refused here",
            "set `model` in [service]",
        )
    yield from _check_tools(session.get("tools"))


def _check_noise_reduction(value: Any, takes_audio: bool) -> Iterator[Finding]:
    if (
        isinstance(value, Mapping)
        and value.get("type") in ("near_field", "far_field")
        and not takes_audio
    ):
        yield Finding(
            "session.input_audio_noise_reduction.type",
            "warning",
            f"{value['type']} works with gpt-realtime models only",
            'use "azure_deep_noise_suppression"',
        )


def _check_echo_cancellation(value: Any) -> Iterator[Finding]:
    if not isinstance(value, Mapping):
        return
    pair = value.get("reference_source", "server"), value.get("channels", 1)
    if pair not in (("server", 1), ("client", 2)):
        yield Finding(
            "session.input_audio_echo_cancellation",
            "warning",
            "reference_source and channels do not fit together",
            "valid: server with 1, client with 2",
        )


def _check_transcription(value: Any, takes_audio: bool) -> Iterator[Finding]:
    if (
        isinstance(value, Mapping)
        and value.get("model") in REALTIME_TRANSCRIBERS
        and not takes_audio
    ):
        yield Finding(
            "session.input_audio_transcription.model",
            "warning",
            f"{value['model']} works with gpt-realtime models only",
            'use "azure-speech"',
        )


def _check_tools(tools: Any) -> Iterator[Finding]:
    for index, tool in enumerate(tools if isinstance(tools, list) else ()):
        if isinstance(tool, Mapping) and tool.get("authorization"):
            yield Finding(
                f"session.tools.{index}.authorization",
                "warning",
                "this token can be read by everyone who can read the file",
                "keep the profile private; the journal leaves the token out",
            )
