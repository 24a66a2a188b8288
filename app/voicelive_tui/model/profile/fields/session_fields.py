"""The fields of `[session]` that are not part of a larger subject.

Source: protocol.md sections 6, 11 and 12.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.requirement import Requirement
from voicelive_tui.model.profile.fields.voice_fields import AZURE_VOICES

OUTPUT_FORMATS: Final = (
    "pcm16",
    "pcm16_8000hz",
    "pcm16_16000hz",
    "pcm16_22050hz",
    "pcm16_24000hz",
    "pcm16_44100hz",
    "pcm16_48000hz",
    "g711_ulaw",
    "g711_alaw",
)

_AZURE_VOICES: Final = Requirement(voices=AZURE_VOICES)
_AZURE_FORMAT: Final = Requirement(voices=AZURE_VOICES, refused=True)
_WITHOUT_AGENT: Final = Requirement(
    models=("gpt-realtime", "phi4-mm-realtime", "azure-realtime", "text"), refused=True
)

SESSION_FIELDS: Final = (
    Field(
        "session.model",
        ("string",),
        "the model, which the URL sets; the service refuses it here",
        label="session model",
        changes="new connection",
        unusable="set by the address; change the model of the service",
    ),
    Field(
        "session.modalities",
        ("strings",),
        "the kinds of output",
        values=("text", "audio", "animation", "avatar"),
        defaults={"": ["text", "audio"]},
    ),
    Field("session.instructions", ("string",), "the system prompt", needs=_WITHOUT_AGENT),
    Field(
        "session.input_audio_sampling_rate",
        ("integer",),
        "the sampling rate of the appended audio in Hz",
        low=8_000,
        high=48_000,
        step=8_000,
        label="input rate hz",
        defaults={"": 24_000},
    ),
    Field(
        "session.input_audio_format",
        ("string",),
        "the format of the appended audio",
        values=("pcm16", "g711_ulaw", "g711_alaw"),
        label="input format",
        defaults={"": "pcm16"},
    ),
    Field(
        "session.output_audio_format",
        ("string",),
        "the format of the agent's audio; pcm16 is 24 kHz",
        values=OUTPUT_FORMATS,
        label="output format",
        defaults={"": "pcm16"},
        value_needs={f"pcm16_{rate}hz": _AZURE_FORMAT for rate in (22_050, 24_000, 44_100, 48_000)},
    ),
    Field(
        "session.output_audio_timestamp_types",
        ("strings",),
        "the kinds of audio timings, Azure voices only",
        values=("word",),
        nullable=True,
        label="word times",
        needs=_AZURE_VOICES,
    ),
    Field(
        "session.temperature",
        ("number",),
        "the temperature of the model",
        low=0,
        high=1.2,
        step=0.05,
        defaults={"": 0.8},
        effect="Higher: more varied answers. Lower: more alike, and closer to the instructions.",
    ),
    Field(
        "session.max_response_output_tokens",
        ("integer", "string"),
        'the longest response in tokens: 1 to 4096, or "inf"',
        values=("inf",),
        low=1,
        step=50,
        label="max tokens",
        high=4096,
        defaults={"": "inf"},
        effect="An answer that needs more is cut, also in the middle of a sentence.",
    ),
    Field(
        "session.reasoning_effort",
        ("string",),
        "how long a reasoning model thinks",
        values=("none", "minimal", "low", "medium", "high", "xhigh"),
        label="reasoning",
        effect="Higher: better answers to hard questions, and a longer wait for every answer.",
        needs=Requirement(since="2026-01-01-preview"),
    ),
    Field(
        "session.parallel_tool_calls",
        ("boolean",),
        "whether one response may hold several tool calls",
        label="parallel calls",
        defaults={"": True},
        needs=Requirement(since="2026-06-01-preview"),
    ),
    Field(
        "session.include",
        ("strings",),
        "further data for the events to carry",
        values=(
            "item.input_audio_transcription.logprobs",
            "item.input_audio_transcription.phrases",
            "file_search_call.results",
        ),
        nullable=True,
        needs=Requirement(since="2026-04-10"),
    ),
    Field(
        "session.metadata",
        ("map",),
        "at most 16 pairs of strings",
        nullable=True,
        texts=True,
        needs=Requirement(since="2026-04-10"),
    ),
    Field(
        "session.input_audio",
        ("map",),
        "2025-05-01-preview only: model and phrase_list",
        needs=Requirement(until="2025-05-01-preview"),
    ),
)
