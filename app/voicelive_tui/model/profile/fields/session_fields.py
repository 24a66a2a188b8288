"""The fields of `[session]` that are not part of a larger subject.

Source: protocol.md sections 6, 11 and 12.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

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

SESSION_FIELDS: Final = (
    Field(
        "session.model", ("string",), "the model, which the URL sets; the service refuses it here"
    ),
    Field(
        "session.modalities",
        ("strings",),
        "the kinds of output",
        values=("text", "audio", "animation", "avatar"),
    ),
    Field("session.instructions", ("string",), "the system prompt"),
    Field(
        "session.input_audio_sampling_rate",
        ("integer",),
        "the sampling rate of the appended audio in Hz",
        low=8_000,
        high=48_000,
    ),
    Field(
        "session.input_audio_format",
        ("string",),
        "the format of the appended audio",
        values=("pcm16", "g711_ulaw", "g711_alaw"),
    ),
    Field(
        "session.output_audio_format",
        ("string",),
        "the format of the agent's audio; pcm16 is 24 kHz",
        values=OUTPUT_FORMATS,
    ),
    Field(
        "session.output_audio_timestamp_types",
        ("strings",),
        "the kinds of audio timings, Azure voices only",
        values=("word",),
        nullable=True,
    ),
    Field("session.temperature", ("number",), "the temperature of the model", low=0, high=2),
    Field(
        "session.max_response_output_tokens",
        ("integer", "string"),
        'the longest response in tokens: 1 to 4096, or "inf"',
        values=("inf",),
        low=1,
    ),
    Field(
        "session.reasoning_effort",
        ("string",),
        "how long a reasoning model thinks",
        values=("none", "minimal", "low", "medium", "high", "xhigh"),
    ),
    Field(
        "session.parallel_tool_calls",
        ("boolean",),
        "whether one response may hold several tool calls",
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
    ),
    Field("session.metadata", ("map",), "at most 16 pairs of strings", nullable=True),
    Field("session.input_audio", ("map",), "2025-05-01-preview only: model and phrase_list"),
)
