"""The fields of a profile that this version knows, each declared once: validation, help and forms
are read from here.

Source: protocol.md sections 1 and 6 to 12. The service may know more: inside `[session]` an unknown
name is never an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["string", "integer", "number", "boolean", "table", "map", "strings", "array"]
"""TOML types. `map` is a table of free keys, `strings` an array of strings, `array` an array of
anything."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    key: dotted, `*` for an element of an array. values: the known values of a string, an open list.
    low, high: inclusive. nullable: "none" is sent as null. by: the key of a table whose value names
    the variant; when: the variants that have this field, all of them when empty. required: of its
    table, or of those variants.
    """

    key: str
    kinds: tuple[Kind, ...]
    help: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    nullable: bool = False
    by: str = ""
    when: tuple[str, ...] = ()
    required: bool = False

    @property
    def ours(self) -> bool:
        """Ours to judge: outside `[session]` a wrong value cannot work; inside it the service has
        the last word."""
        return not self.key.startswith("session.")


API_VERSIONS: Final = (
    "2025-05-01-preview",
    "2025-10-01",
    "2026-01-01-preview",
    "2026-04-10",
    "2026-06-01-preview",
    "2026-07-15",
    "2026-07-31-preview",
)
FIRST_PREVIEW: Final = "2025-05-01-preview"
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
    *(
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
    ),
)
PERSONAL_MODELS: Final = (
    "DragonLatestNeural",
    "PhoenixLatestNeural",
    "PhoenixV2Neural",
    "DragonHDOmniLatestNeural",
    "MAI-Voice-1",
)
AZURE_VADS: Final = (
    "azure_semantic_vad",
    "azure_semantic_vad_en",
    "azure_semantic_vad_multilingual",
)
VADS: Final = ("server_vad", *AZURE_VADS, "semantic_vad")
LEVELLED_VADS: Final = ("server_vad", *AZURE_VADS)
AZURE_VOICES: Final = ("azure-standard", "azure-custom", "azure-personal", "avatar-voice-sync")
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
OUTPUT_FORMATS: Final = (
    *(
        "pcm16",
        "pcm16_8000hz",
        "pcm16_16000hz",
        "pcm16_22050hz",
        "pcm16_24000hz",
        "pcm16_44100hz",
        "pcm16_48000hz",
    ),
    *("g711_ulaw", "g711_alaw"),
)

_PROFILE = (
    Field("name", ("string",), "what the profile is called"),
    Field("description", ("string",), "one sentence on what it is for"),
    Field("service", ("table",), "everything that is fixed when the socket opens"),
    Field(
        "service.target", ("string",), "which service answers", values=("azure", "simulator", "url")
    ),
    Field("service.url", ("string",), 'the endpoint, with target = "url"'),
    Field("service.model", ("string",), "the model, or a deployment's name"),
    Field(
        "service.api_version",
        ("string",),
        "the version of the API; the environment's when it is left out",
        values=API_VERSIONS,
    ),
    Field(
        "service.auth",
        ("string",),
        "auto: the key if the environment has one, else Entra",
        values=("auto", "entra", "key"),
    ),
    Field("service.query", ("map",), "further query parameters, such as agent-name"),
    Field("session", ("table",), "sent as session.update, name for name"),
    Field("audio", ("table",), "this machine's devices"),
    Field("audio.input", ("string",), "the beginning of a device's name, device, null or none"),
    Field("audio.output", ("string",), "the beginning of a device's name, device, null or none"),
    Field("inspector", ("table",), "how the tab shows its events"),
    Field("inspector.filter", ("string",), "the event filter of the tab"),
)

_SESSION = (
    Field("session.model", ("string",), "set by the URL; the service refuses it here"),
    Field(
        "session.modalities",
        ("strings",),
        "what the agent answers with",
        values=("text", "audio", "animation", "avatar"),
    ),
    Field("session.instructions", ("string",), "the system prompt"),
    Field(
        "session.input_audio_sampling_rate",
        ("integer",),
        "Hz of the appended audio",
        low=8_000,
        high=48_000,
    ),
    Field(
        "session.input_audio_format",
        ("string",),
        "of the appended audio",
        values=("pcm16", "g711_ulaw", "g711_alaw"),
    ),
    Field(
        "session.output_audio_format",
        ("string",),
        "of the agent's audio; pcm16 is 24 kHz",
        values=OUTPUT_FORMATS,
    ),
    Field(
        "session.output_audio_timestamp_types",
        ("strings",),
        "word timings, Azure voices only",
        values=("word",),
        nullable=True,
    ),
    Field("session.temperature", ("number",), "of the model", low=0, high=2),
    Field(
        "session.max_response_output_tokens",
        ("integer", "string"),
        '1 to 4096, or "inf"',
        values=("inf",),
        low=1,
    ),
    Field(
        "session.reasoning_effort",
        ("string",),
        "of a reasoning model",
        values=("none", "minimal", "low", "medium", "high", "xhigh"),
    ),
    Field("session.parallel_tool_calls", ("boolean",), "several calls in one response"),
    Field(
        "session.include",
        ("strings",),
        "extra data in events",
        values=(
            "item.input_audio_transcription.logprobs",
            "item.input_audio_transcription.phrases",
            "file_search_call.results",
        ),
        nullable=True,
    ),
    Field("session.metadata", ("map",), "up to 16 pairs of strings", nullable=True),
    Field("session.input_audio", ("map",), "2025-05-01-preview only: model and phrase_list"),
)

_VOICE = (
    Field(
        "session.voice",
        ("table", "string"),
        "a table with a type, or the name of an OpenAI voice",
        values=OPENAI_VOICES,
        by="type",
    ),
    Field(
        "session.voice.type",
        ("string",),
        "the kind of voice",
        values=("openai", *AZURE_VOICES, "azure-realtime-native"),
        required=True,
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the OpenAI voice",
        values=OPENAI_VOICES,
        when=("openai",),
        required=True,
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the native voice",
        values=NATIVE_VOICES,
        when=("azure-realtime-native",),
        required=True,
    ),
    Field(
        "session.voice.name",
        ("string",),
        "the Azure voice, such as en-US-AvaNeural",
        when=("azure-standard", "azure-custom", "azure-personal"),
        required=True,
    ),
    Field(
        "session.voice.endpoint_id",
        ("string",),
        "of the custom voice",
        when=("azure-custom",),
        required=True,
    ),
    Field(
        "session.voice.model",
        ("string",),
        "of the personal voice",
        values=PERSONAL_MODELS,
        when=("azure-personal", "avatar-voice-sync"),
        required=True,
    ),
    Field(
        "session.voice.temperature",
        ("number",),
        "liveliness; HD voices only",
        low=0,
        high=1,
        when=AZURE_VOICES,
    ),
    Field("session.voice.custom_lexicon_url", ("string",), "pronunciations", when=AZURE_VOICES),
    Field(
        "session.voice.custom_text_normalization_url",
        ("string",),
        "how numbers and the like are read",
        when=AZURE_VOICES,
    ),
    Field("session.voice.prefer_locales", ("strings",), "accents to prefer", when=AZURE_VOICES),
    Field("session.voice.locale", ("string",), "speak only this language", when=AZURE_VOICES),
    Field("session.voice.style", ("string",), "speaking style", when=AZURE_VOICES),
    Field("session.voice.pitch", ("string",), "an SSML value such as +5%", when=AZURE_VOICES),
    Field("session.voice.rate", ("string",), '"0.5" to "1.5", or an SSML value', when=AZURE_VOICES),
    Field("session.voice.volume", ("string",), "an SSML value", when=AZURE_VOICES),
)

_TD = "session.turn_detection"
_EOU = f"{_TD}.end_of_utterance_detection"
_TURNS = (
    Field(
        _TD,
        ("table",),
        'who decides that a turn ends; "none" for manual turns',
        nullable=True,
        by="type",
    ),
    Field(f"{_TD}.type", ("string",), "the detector", values=VADS, required=True),
    Field(
        f"{_TD}.threshold",
        ("number",),
        "confidence that counts as speech",
        low=0,
        high=1,
        when=LEVELLED_VADS,
    ),
    Field(
        f"{_TD}.prefix_padding_ms",
        ("integer",),
        "audio kept from before the speech",
        low=0,
        high=10_000,
        when=LEVELLED_VADS,
    ),
    Field(
        f"{_TD}.silence_duration_ms",
        ("integer",),
        "silence that ends the turn",
        low=0,
        high=60_000,
        when=LEVELLED_VADS,
    ),
    Field(
        f"{_TD}.speech_duration_ms",
        ("integer",),
        "speech that starts a turn",
        low=0,
        high=60_000,
        when=LEVELLED_VADS,
    ),
    Field(f"{_TD}.create_response", ("boolean",), "answer by itself at the end of a turn"),
    Field(f"{_TD}.interrupt_response", ("boolean",), "speech cancels the running answer"),
    Field(
        f"{_TD}.auto_truncate", ("boolean",), "the service trims an interrupted answer by itself"
    ),
    Field(
        f"{_TD}.appended_text_after_truncation",
        ("string",),
        "glued to a trimmed answer in the history",
        when=AZURE_VADS,
    ),
    Field(
        f"{_TD}.remove_filler_words", ("boolean",), "ah and umm do not interrupt", when=AZURE_VADS
    ),
    Field(
        f"{_TD}.languages",
        ("strings",),
        "spoken languages",
        when=("azure_semantic_vad", "azure_semantic_vad_multilingual"),
    ),
    Field(
        f"{_TD}.speech_duration_assistant_speaking_ms",
        ("integer",),
        "speech that interrupts",
        low=0,
        high=60_000,
        when=AZURE_VADS,
    ),
    Field(
        f"{_TD}.eagerness",
        ("string",),
        "how soon a turn ends",
        values=("low", "medium", "high", "auto"),
        when=("semantic_vad",),
    ),
    Field(
        _EOU,
        ("table",),
        "waits while the sentence is not complete",
        nullable=True,
        by="model",
        when=LEVELLED_VADS,
    ),
    Field(
        f"{_EOU}.model",
        ("string",),
        "the detector of complete sentences",
        values=(
            "semantic_detection_v1",
            "semantic_detection_v1_en",
            "semantic_detection_v1_multilingual",
            "smart_end_of_turn_detection",
        ),
        required=True,
    ),
    Field(
        f"{_EOU}.threshold_level",
        ("string",),
        "lower ends the turn more readily",
        values=("low", "medium", "high", "default"),
    ),
    Field(f"{_EOU}.timeout_ms", ("integer",), "longest wait", low=0, high=60_000),
    Field(f"{_EOU}.threshold", ("number",), f"{FIRST_PREVIEW} only: 0 to 1", low=0, high=1),
    Field(f"{_EOU}.timeout", ("number",), f"{FIRST_PREVIEW} only: seconds", low=0, high=60),
)

_CLEANING = (
    Field(
        "session.input_audio_noise_reduction",
        ("table",),
        "noise reduction",
        nullable=True,
        by="type",
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
        by="type",
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
        "whose playback",
        values=("server", "client"),
    ),
    Field(
        "session.input_audio_echo_cancellation.channels",
        ("integer",),
        "2 with reference_source = client",
        low=1,
        high=2,
    ),
    Field(
        "session.input_audio_transcription",
        ("table",),
        "what the user said, as text",
        nullable=True,
        by="model",
    ),
    Field(
        "session.input_audio_transcription.model",
        ("string",),
        "the recogniser",
        values=TRANSCRIBERS,
        required=True,
    ),
    Field(
        "session.input_audio_transcription.language",
        ("string",),
        "en-US, en, or a list such as en,zh",
    ),
    Field(
        "session.input_audio_transcription.prompt", ("string",), "a hint for OpenAI's recognisers"
    ),
    Field(
        "session.input_audio_transcription.phrase_list",
        ("strings",),
        "words to expect, azure-speech only",
    ),
    Field(
        "session.input_audio_transcription.custom_speech",
        ("map",),
        "locale = model id, azure-speech only",
    ),
)

_TOOLS = (
    Field(
        "session.tool_choice",
        ("string", "table"),
        "which tool, if any",
        values=("auto", "none", "required"),
    ),
    Field("session.tool_choice.type", ("string",), "of the tool", values=("function", "mcp")),
    Field("session.tool_choice.name", ("string",), "of the tool"),
    Field("session.tools", ("array",), "functions and MCP servers", nullable=True),
    Field("session.tools.*", ("table",), "one tool", by="type"),
    Field(
        "session.tools.*.type",
        ("string",),
        "of the tool",
        values=("function", "mcp", "foundry_agent"),
        required=True,
    ),
    Field(
        "session.tools.*.name", ("string",), "of the function", when=("function",), required=True
    ),
    Field(
        "session.tools.*.description",
        ("string",),
        "what the model reads about it",
        when=("function", "foundry_agent"),
    ),
    Field(
        "session.tools.*.parameters", ("map",), "JSON schema of the arguments", when=("function",)
    ),
    Field(
        "session.tools.*.server_label",
        ("string",),
        "name of the MCP server",
        when=("mcp",),
        required=True,
    ),
    Field("session.tools.*.server_url", ("string",), "its address", when=("mcp",), required=True),
    Field("session.tools.*.authorization", ("string",), "token for the MCP server", when=("mcp",)),
    Field("session.tools.*.headers", ("map",), "further headers", when=("mcp",)),
    Field(
        "session.tools.*.allowed_tools", ("strings",), "the tools that may be used", when=("mcp",)
    ),
    Field(
        "session.tools.*.require_approval",
        ("string", "map"),
        "before a call",
        values=("never", "always"),
        when=("mcp",),
    ),
    *(
        Field(f"session.tools.*.{name}", ("string",), "of the agent", when=("foundry_agent",))
        for name in (
            "agent_name",
            "project_name",
            "agent_version",
            "client_id",
            "foundry_resource_override",
            "agent_context_type",
        )
    ),
    Field(
        "session.tools.*.return_agent_response_directly",
        ("boolean",),
        "of the agent",
        when=("foundry_agent",),
    ),
)

_STATIC, _LLM = "static_interim_response", "llm_interim_response"
_EXTRAS = (
    Field(
        "session.interim_response",
        ("table",),
        "something to say while the answer is late",
        nullable=True,
        by="type",
    ),
    Field(
        "session.interim_response.type",
        ("string",),
        "where the words come from",
        values=(_STATIC, _LLM),
        required=True,
    ),
    Field("session.interim_response.triggers", ("strings",), "when", values=("latency", "tool")),
    Field(
        "session.interim_response.latency_threshold_ms",
        ("integer",),
        "how late",
        low=0,
        high=60_000,
    ),
    Field("session.interim_response.texts", ("strings",), "one of these is said", when=(_STATIC,)),
    Field("session.interim_response.model", ("string",), "writes the words", when=(_LLM,)),
    Field("session.interim_response.instructions", ("string",), "for that model", when=(_LLM,)),
    Field(
        "session.interim_response.max_completion_tokens",
        ("integer",),
        "for that model",
        low=1,
        when=(_LLM,),
    ),
    Field("session.animation", ("table",), "visemes and blend shapes", nullable=True),
    Field("session.animation.model_name", ("string",), "of the animation"),
    Field(
        "session.animation.outputs",
        ("strings",),
        "what to send",
        values=("blendshapes", "viseme_id"),
    ),
    Field("session.avatar", ("table",), "a speaking face", nullable=True),
    Field(
        "session.avatar.type", ("string",), "of the avatar", values=("video-avatar", "photo-avatar")
    ),
    Field("session.avatar.model", ("string",), "of a photo avatar", values=("vasa-1",)),
    Field("session.avatar.character", ("string",), "who", required=True),
    Field("session.avatar.style", ("string",), "how"),
    Field("session.avatar.customized", ("boolean",), "a character of your own"),
    Field("session.avatar.ice_servers", ("array",), "for WebRTC"),
    Field("session.avatar.video", ("map",), "bitrate, crop, resolution, background"),
    Field("session.avatar.scene", ("map",), "zoom, position and rotation of a photo avatar"),
    Field(
        "session.avatar.output_protocol",
        ("string",),
        "how the video comes",
        values=("webrtc", "websocket"),
    ),
    Field("session.avatar.output_audit_audio", ("boolean",), "the audio on the socket too"),
)

FIELDS: Final[tuple[Field, ...]] = (
    *_PROFILE,
    *_SESSION,
    *_VOICE,
    *_TURNS,
    *_CLEANING,
    *_TOOLS,
    *_EXTRAS,
)
"""Every known field; a key stands more than once when its variants differ."""

FIELDS_BY_KEY: Final[Mapping[str, tuple[Field, ...]]] = {
    key: tuple(each for each in FIELDS if each.key == key)
    for key in dict.fromkeys(each.key for each in FIELDS)
}
CHILDREN: Final[Mapping[str, tuple[str, ...]]] = {
    parent: tuple(
        key.rpartition(".")[2] for key in FIELDS_BY_KEY if key.rpartition(".")[0] == parent
    )
    for parent in dict.fromkeys(key.rpartition(".")[0] for key in FIELDS_BY_KEY)
}
"""Known names in each table; the top level stands under the empty key."""


def has_kind(value: Any, kind: Kind) -> bool:
    """Is this TOML value of this kind? A boolean is no integer, an integer is a number."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "table" | "map":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "strings":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
