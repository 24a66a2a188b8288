"""Gists of streams: events of one type that share a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_int, get_str
from voicelive_tui.model.events.gists.output_gists import codec_of
from voicelive_tui.model.events.gists.phrases import (
    MOST_CHARS,
    Event,
    brief_json,
    count_of,
    excerpt,
    join,
    milliseconds,
    quote,
    seconds,
    size,
)

LEAST_GAP_MS: Final = 10
"""Events that come closer to each other than this have no gap between them."""
_LEAST_SPAN_MS: Final = 50
"""A stream that took less time to arrive has no speed worth a figure."""
_TEXTS: Final = frozenset(
    {
        "conversation.item.input_audio_transcription.delta",
        "input_text.delta",
        "response.audio_transcript.delta",
        "response.foundry_agent_call_arguments.delta",
        "response.function_call_arguments.delta",
        "response.invocation.delta",
        "response.mcp_call_arguments.delta",
        "response.text.delta",
    }
)
_APPENDS: Final = ("input_audio_buffer.append", "input_audio.turn.append")


_MEASURED: Final = frozenset(
    {
        *_APPENDS,
        "response.animation_blendshapes.delta",
        "response.animation_viseme.delta",
        "response.audio.delta",
        "response.video.delta",
    }
)


@dataclass(frozen=True, slots=True)
class StreamTotals:
    """The totals of a stream. size_bytes: what its frames had on the wire. audio_ms: its audio.
    span_ms: from its first event to its last. largest_gap_ms: between one event and the next."""

    count: int
    size_bytes: int = 0
    audio_ms: float = 0.0
    span_ms: float = 0.0
    largest_gap_ms: float = 0.0


def holds_text(type_name: str) -> bool:
    """Whether a stream of this type is read as one text from its beginning."""
    return canonical(type_name) in _TEXTS


def has_gist(type_name: str) -> bool:
    """Whether a stream of this type has a gist of its own, in place of its last event's."""
    return canonical(type_name) in _MEASURED or holds_text(type_name)


def describe_stream(totals: StreamTotals, beginning: Sequence[Event], last: Event) -> str:
    """What the row of several events says, whose type has a gist (see `has_gist`).

    beginning: the first events of a stream that holds text, else empty.
    """
    type_name = canonical(get_str(last, "type"))
    if beginning:
        return _text(type_name, beginning)
    gap = _gap(totals)
    match type_name:
        case "response.audio.delta":
            return join(seconds(totals.audio_ms), _speed(totals), gap)
        case _ if type_name in _APPENDS:
            each = f"{milliseconds(totals.audio_ms / totals.count)} each"
            sound = seconds(totals.audio_ms, 2)
            return join(sound, each, gap) if totals.audio_ms > 0 else gap
        case "response.video.delta":
            return join(codec_of(last), size(totals.size_bytes) if totals.size_bytes else "", gap)
        case "response.animation_viseme.delta":
            shown_ms = get_int(last, "audio_offset_ms") or 0
            return join(count_of(totals.count, "shape"), seconds(shown_ms))
        case "response.animation_blendshapes.delta":
            return _frames(last)
        case _:
            return ""


def _text(type_name: str, beginning: Sequence[Event]) -> str:
    text = "".join(_piece(event.get("delta")) for event in beginning)
    return quote(text) if type_name == "input_text.delta" else excerpt(text)


def _piece(delta: object) -> str:
    return brief_json(delta) if isinstance(delta, Mapping) else str(delta or "")[:MOST_CHARS]


def _speed(totals: StreamTotals) -> str:
    """How much faster than it plays the audio arrived."""
    if totals.span_ms < _LEAST_SPAN_MS:
        return ""
    tenths = int(totals.audio_ms * 10 / totals.span_ms)
    return f"{tenths // 10}.{tenths % 10}x real time"


def _gap(totals: StreamTotals) -> str:
    gap_ms = totals.largest_gap_ms
    return f"gap {milliseconds(gap_ms)}" if gap_ms >= LEAST_GAP_MS else ""


def _frames(last: Event) -> str:
    frames, first = last.get("frames"), get_int(last, "frame_index") or 0
    count = first + (len(frames) if isinstance(frames, list) else 1)
    return count_of(count, "frame")
