"""The fields of `[session.voice]`; most depend on the type of the voice.

Source: protocol.md section 8.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import NOT_EMPTY, Field, TextForm
from voicelive_tui.model.profile.fields.requirement import Requirement

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

AZURE_VOICES: Final = (*AZURE_VOICE_TYPES, "azure-realtime-native")
STANDARD_VOICES: Final = (
    "en-US-Ava:DragonHDLatestNeural",
    "en-US-AvaNeural",
    "en-US-AvaMultilingualNeural",
    "zh-CN-XiaoxiaoNeural",
)
"""Examples from protocol.md section 8; the service has several hundred."""

_PERCENT: Final = r"[+-]?\d+(\.\d+)?%"
_RATE: Final = TextForm(
    rf"0?\.[5-9]\d*|1(\.[0-4]\d*|\.50*)?|{_PERCENT}|x-slow|slow|medium|fast|x-fast|default",
    'a factor from "0.5" to "1.5", a percentage such as "+10%", or slow, medium, fast',
)
_PITCH: Final = TextForm(
    rf"{_PERCENT}|[+-]?\d+(\.\d+)?(Hz|st)|x-low|low|medium|high|x-high|default",
    'a change such as "+10%", "-2st" or "+50Hz", or low, medium, high',
)
_VOLUME: Final = TextForm(
    rf"{_PERCENT}|[+-]?\d+(\.\d+)?(dB)?|silent|x-soft|soft|medium|loud|x-loud|default",
    'a number from "0" to "100", a change such as "+10%" or "-6dB", or soft, medium, loud',
)
"""The values of SSML's prosody element."""

VOICE_FIELDS: Final = (
    Field(
        "session.voice",
        ("table", "string"),
        "a table with a type, or the name of an OpenAI voice",
        values=OPENAI_VOICES,
        discriminator="type",
        changes="before an answer",
    ),
    Field(
        "session.voice.type",
        ("string",),
        "the type of the voice",
        values=("openai", *AZURE_VOICE_TYPES, "azure-realtime-native"),
        required=True,
        changes="before an answer",
        value_needs={
            "openai": Requirement(
                models=("gpt-realtime", "phi4-mm-realtime", "azure-realtime"), refused=True
            ),
            "avatar-voice-sync": Requirement(since="2026-04-10"),
            "azure-realtime-native": Requirement(
                models=("azure-realtime",), since="2026-06-01-preview", refused=True
            ),
        },
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the OpenAI voice",
        values=OPENAI_VOICES,
        variants=("openai",),
        required=True,
        label="voice",
        changes="before an answer",
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the native voice",
        values=NATIVE_VOICES,
        variants=("azure-realtime-native",),
        required=True,
        label="voice",
        changes="before an answer",
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the Azure voice, such as en-US-AvaNeural",
        variants=("azure-standard", "azure-custom", "azure-personal"),
        required=True,
        form=NOT_EMPTY,
        label="voice",
        examples=STANDARD_VOICES,
        changes="before an answer",
    ),
    Field(
        "session.voice.endpoint_id",
        ("string",),
        "the endpoint of the custom voice",
        variants=("azure-custom",),
        required=True,
        form=NOT_EMPTY,
        changes="before an answer",
    ),
    Field(
        "session.voice.model",
        ("string",),
        "the model of the personal voice",
        values=PERSONAL_MODELS,
        variants=("azure-personal", "avatar-voice-sync"),
        required=True,
        changes="before an answer",
    ),
    Field(
        "session.voice.temperature",
        ("number",),
        "how lively the voice is; HD voices only",
        low=0,
        high=1,
        variants=AZURE_VOICE_TYPES,
        step=0.05,
        effect="Higher: more expressive, and less predictable. Lower: steadier.",
        changes="before an answer",
        needs=Requirement(voices=("hd",)),
    ),
    Field(
        "session.voice.custom_lexicon_url",
        ("string",),
        "the address of a pronunciation lexicon",
        variants=AZURE_VOICE_TYPES,
        label="lexicon url",
        changes="before an answer",
    ),
    Field(
        "session.voice.custom_text_normalization_url",
        ("string",),
        "the address of rules for reading numbers and symbols",
        variants=AZURE_VOICE_TYPES,
        label="text rules url",
        changes="before an answer",
    ),
    Field(
        "session.voice.prefer_locales",
        ("strings",),
        "the preferred accents",
        variants=AZURE_VOICE_TYPES,
        label="accents",
        form=NOT_EMPTY,
        changes="before an answer",
    ),
    Field(
        "session.voice.locale",
        ("string",),
        "the only language to speak",
        variants=AZURE_VOICE_TYPES,
        effect="What is in another language is not spoken.",
        changes="before an answer",
    ),
    Field(
        "session.voice.style",
        ("string",),
        "the speaking style",
        variants=AZURE_VOICE_TYPES,
        changes="before an answer",
    ),
    Field(
        "session.voice.pitch",
        ("string",),
        "an SSML value such as +5%",
        form=_PITCH,
        variants=AZURE_VOICE_TYPES,
        changes="before an answer",
    ),
    Field(
        "session.voice.rate",
        ("string",),
        '"0.5" to "1.5", or an SSML value',
        form=_RATE,
        variants=AZURE_VOICE_TYPES,
        low=0.5,
        high=1.5,
        step=0.05,
        defaults={"": "1.0"},
        effect="How fast the voice speaks: 1.2 is a fifth faster than normal.",
        changes="before an answer",
    ),
    Field(
        "session.voice.volume",
        ("string",),
        "an SSML value",
        form=_VOLUME,
        variants=AZURE_VOICE_TYPES,
        changes="before an answer",
    ),
)
