"""The fields for the user's audio: noise reduction, echo cancellation and transcription.

Source: protocol.md sections 7 and 9.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

TRANSCRIBERS: Final = (
    "azure-speech",
    "mai-transcribe",
    "mai-transcribe-1",
    "mai-transcribe-2",
    "whisper-1",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-transcribe-diarize",
)
REALTIME_TRANSCRIBERS: Final = (
    "whisper-1",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-transcribe-diarize",
)

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
    ),
    Field(
        "session.input_audio_echo_cancellation.reference_source",
        ("string",),
        "where the reference signal comes from",
        values=("server", "client"),
    ),
    Field(
        "session.input_audio_echo_cancellation.channels",
        ("integer",),
        "the number of channels; 2 with reference_source = client",
        low=1,
        high=2,
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
        required=True,
    ),
    Field(
        "session.input_audio_transcription.language",
        ("string",),
        "a language such as en-US or en, or a list such as en,zh",
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
    ),
    Field(
        "session.input_audio_transcription.custom_speech",
        ("map",),
        "custom models as locale = model id, azure-speech only",
    ),
)
