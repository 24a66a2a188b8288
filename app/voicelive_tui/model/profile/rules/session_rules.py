"""The rules of `[session]` about the model, the modalities, the transcription and the voice."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.profile.fields.input_audio_fields import REALTIME_TRANSCRIBERS
from voicelive_tui.model.profile.fields.model_families import model_family
from voicelive_tui.model.profile.fields.voice_fields import OPENAI_VOICES
from voicelive_tui.model.profile.rules.finding import Finding, ignored, refused

_LISTENERS: Final = ("gpt-realtime", "phi4-mm-realtime", "azure-realtime")
"""The families of models that hear audio themselves, so that nothing is transcribed unasked."""
_MOST_PAIRS, _MOST_NAME_CHARS, _MOST_VALUE_CHARS = 16, 64, 512


def check_session(service: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[Finding]:
    """Check what the service is known to refuse or to ignore in `session.update`."""
    yield from _check_model(service, session)
    modalities = session.get("modalities")
    if isinstance(modalities, list) and "text" not in modalities:
        yield refused(
            "session.modalities",
            "the service does not accept audio without text",
            'write ["text", "audio"]',
        )
    voice, family = session.get("voice"), model_family(service)
    if isinstance(voice, str) and voice in OPENAI_VOICES and family in ("text", "agent"):
        with_what = "agents" if family == "agent" else "text models such as gpt-4o"
        yield refused(
            "session.voice",
            f"{voice} is one of OpenAI's voices, which {with_what} do not have",
            'write a table: voice = { type = "azure-standard", name = "en-US-AvaNeural" }',
        )
    yield from _check_transcription(service, session)
    yield from _check_metadata(session.get("metadata"))


def _check_model(service: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[Finding]:
    stated = session.get("model")
    if not isinstance(stated, str) or not stated:
        return
    cure = "remove it, and set `model` in [service]"
    if stated == service.get("model", "gpt-4o") and model_family(service) != "agent":
        message = "the model is set by [service]; here it has no effect, and may be refused"
        yield ignored("session.model", message, cure)
    else:
        message = "the model of a session is fixed by the address, and another one is refused"
        yield refused("session.model", message, cure)


def _check_transcription(
    service: Mapping[str, Any], session: Mapping[str, Any]
) -> Iterator[Finding]:
    key = "session.input_audio_transcription"
    if "input_audio_transcription" not in session and model_family(service) in _LISTENERS:
        yield ignored(
            key,
            "this model hears speech directly, and without a transcription you do not see your "
            "own words",
            'add input_audio_transcription = { model = "gpt-4o-mini-transcribe" }, or "none"'
            if model_family(service) == "gpt-realtime"
            else 'add input_audio_transcription = { model = "azure-speech" }, or "none"',
        )
    options = session.get("input_audio_transcription")
    if not isinstance(options, Mapping):
        return
    model = options.get("model")
    for name, models in (
        ("phrase_list", ("azure-speech",)),
        ("custom_speech", ("azure-speech",)),
        ("prompt", REALTIME_TRANSCRIBERS),
    ):
        if options.get(name) and isinstance(model, str) and model not in models:
            yield ignored(
                f"{key}.{name}",
                f"`{name}` has an effect only with {', '.join(models)}",
                "remove it, or change `model`",
            )


def _check_metadata(metadata: Any) -> Iterator[Finding]:
    if not isinstance(metadata, Mapping):
        return
    key = "session.metadata"
    if len(metadata) > _MOST_PAIRS:
        message = f"`{key}` has {len(metadata)} pairs, and the service takes at most {_MOST_PAIRS}"
        yield refused(key, message, "remove some")
    for name, value in metadata.items():
        if len(name) > _MOST_NAME_CHARS or (
            isinstance(value, str) and len(value) > _MOST_VALUE_CHARS
        ):
            yield refused(
                f"{key}.{name}",
                f"a name in `{key}` has at most {_MOST_NAME_CHARS} characters, and a value "
                f"{_MOST_VALUE_CHARS}",
                "make it shorter",
            )
