"""The fields of `[session.voice]`; most depend on the type of the voice.

Source: protocol.md section 8.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

OPENAI_VOICES: Final = (
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "sage",
    "shimmer",
    "verse",
    "marin",
    "cedar",
)
NATIVE_VOICES: Final = (
    "aarti",
    "andrew",
    "ava",
    "denise",
    "diya",
    "elsa",
    "florian",
    "francisca",
    "meera",
    "xiaoxiao",
    "yunxi",
    "ximena",
)
PERSONAL_MODELS: Final = (
    "DragonLatestNeural",
    "PhoenixLatestNeural",
    "PhoenixV2Neural",
    "DragonHDOmniLatestNeural",
    "MAI-Voice-1",
)
AZURE_VOICE_TYPES: Final = ("azure-standard", "azure-custom", "azure-personal", "avatar-voice-sync")

VOICE_FIELDS: Final = (
    Field(
        "session.voice",
        ("table", "string"),
        "a table with a type, or the name of an OpenAI voice",
        values=OPENAI_VOICES,
        discriminator="type",
    ),
    Field(
        "session.voice.type",
        ("string",),
        "the type of the voice",
        values=("openai", *AZURE_VOICE_TYPES, "azure-realtime-native"),
        required=True,
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the OpenAI voice",
        values=OPENAI_VOICES,
        variants=("openai",),
        required=True,
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the native voice",
        values=NATIVE_VOICES,
        variants=("azure-realtime-native",),
        required=True,
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the Azure voice, such as en-US-AvaNeural",
        variants=("azure-standard", "azure-custom", "azure-personal"),
        required=True,
    ),
    Field(
        "session.voice.endpoint_id",
        ("string",),
        "the endpoint of the custom voice",
        variants=("azure-custom",),
        required=True,
    ),
    Field(
        "session.voice.model",
        ("string",),
        "the model of the personal voice",
        values=PERSONAL_MODELS,
        variants=("azure-personal", "avatar-voice-sync"),
        required=True,
    ),
    Field(
        "session.voice.temperature",
        ("number",),
        "how lively the voice is; HD voices only",
        low=0,
        high=1,
        variants=AZURE_VOICE_TYPES,
    ),
    Field(
        "session.voice.custom_lexicon_url",
        ("string",),
        "the address of a pronunciation lexicon",
        variants=AZURE_VOICE_TYPES,
    ),
    Field(
        "session.voice.custom_text_normalization_url",
        ("string",),
        "the address of rules for reading numbers and symbols",
        variants=AZURE_VOICE_TYPES,
    ),
    Field(
        "session.voice.prefer_locales",
        ("strings",),
        "the preferred accents",
        variants=AZURE_VOICE_TYPES,
    ),
    Field(
        "session.voice.locale",
        ("string",),
        "the only language to speak",
        variants=AZURE_VOICE_TYPES,
    ),
    Field("session.voice.style", ("string",), "the speaking style", variants=AZURE_VOICE_TYPES),
    Field(
        "session.voice.pitch", ("string",), "an SSML value such as +5%", variants=AZURE_VOICE_TYPES
    ),
    Field(
        "session.voice.rate",
        ("string",),
        '"0.5" to "1.5", or an SSML value',
        variants=AZURE_VOICE_TYPES,
    ),
    Field("session.voice.volume", ("string",), "an SSML value", variants=AZURE_VOICE_TYPES),
)
