"""The fields for the user's audio: noise reduction, echo cancellation and transcription.

Source: protocol.md sections 7 and 9.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field, TextForm
from voicelive_tui.model.profile.fields.requirement import Requirement

TRANSCRIBERS: Final = (
    "azure-speech",
    "whisper-1",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-transcribe-diarize",
    "mai-transcribe",
    "mai-transcribe-1",
    "mai-transcribe-2",
)
REALTIME_TRANSCRIBERS: Final = (
    "whisper-1",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-transcribe-diarize",
)

MOST_PHRASES: Final = 499

_TAG: Final = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"
_LANGUAGES: Final = TextForm(
    rf"(\s*{_TAG}\s*(,\s*{_TAG}\s*){{0,9}})?",
    "a tag such as en or en-US, or up to ten with commas between them",
)
_REALTIME: Final = Requirement(models=("gpt-realtime",), refused=True)
_CLIENT_REFERENCE: Final = Requirement(since="2026-06-01-preview")
_SPEECH_OPTIONS: Final = Requirement(since="2025-10-01")

INPUT_AUDIO_FIELDS: Final = (
    Field(
        "session.input_audio_noise_reduction",
        ("table",),
        "noise reduction",
        nullable=True,
        discriminator="type",
    ),
    Field(
        "session.input_audio_noise_reduction.type",
        ("string",),
        "the method",
        values=("azure_deep_noise_suppression", "near_field", "far_field"),
        required=True,
        label="noise",
        value_needs={"near_field": _REALTIME, "far_field": _REALTIME},
        effect="Takes noise out of the sound: fewer false starts, and clearer transcripts.",
    ),
    Field(
        "session.input_audio_echo_cancellation",
        ("table",),
        "echo cancellation",
        nullable=True,
        discriminator="type",
    ),
    Field(
        "session.input_audio_echo_cancellation.type",
        ("string",),
        "the method",
        values=("server_echo_cancellation",),
        required=True,
        label="echo",
        effect="Takes the agent's voice out of the sound, so that it does not interrupt itself.",
    ),
    Field(
        "session.input_audio_echo_cancellation.reference_source",
        ("string",),
        "where the reference signal comes from",
        values=("server", "client"),
        label="echo reference",
        defaults={"": "server"},
        changes="new connection",
        needs=_CLIENT_REFERENCE,
    ),
    Field(
        "session.input_audio_echo_cancellation.channels",
        ("integer",),
        "the number of channels; 2 with reference_source = client",
        low=1,
        high=2,
        step=1,
        label="echo channels",
        defaults={"": 1},
        changes="new connection",
        needs=_CLIENT_REFERENCE,
    ),
    Field(
        "session.input_audio_transcription",
        ("table",),
        "the transcription of the user's speech",
        nullable=True,
        discriminator="model",
    ),
    Field(
        "session.input_audio_transcription.model",
        ("string",),
        "the transcription model",
        values=TRANSCRIBERS,
        first_preview=("azure-fast-transcription", "s2s-ingraph"),
        required=True,
        value_needs={
            "azure-speech": Requirement(
                models=("phi4-mm-realtime", "azure-realtime", "text", "agent")
            ),
            **{name: _REALTIME for name in REALTIME_TRANSCRIBERS},
        },
    ),
    Field(
        "session.input_audio_transcription.language",
        ("string",),
        "a language such as en-US or en, or a list such as en,zh",
        examples=("en-US", "en,zh"),
        form=_LANGUAGES,
    ),
    Field(
        "session.input_audio_transcription.prompt",
        ("string",),
        "a hint for OpenAI's transcription models",
    ),
    Field(
        "session.input_audio_transcription.phrase_list",
        ("strings",),
        "the words to expect, azure-speech only",
        label="phrases",
        most=MOST_PHRASES,
        needs=_SPEECH_OPTIONS,
    ),
    Field(
        "session.input_audio_transcription.custom_speech",
        ("map",),
        "custom models as locale = model id, azure-speech only",
        texts=True,
        needs=_SPEECH_OPTIONS,
    ),
)
