"""Gists of what an answer consists of: words, sound, citations, the avatar's picture."""

from collections.abc import Mapping
from typing import Final

from voicelive_tui.model.events.fields import get_int, get_str
from voicelive_tui.model.events.gists.buffer_gists import describe_audio
from voicelive_tui.model.events.gists.earlier import EarlierEvents
from voicelive_tui.model.events.gists.phrases import (
    Event,
    base64_size,
    count_of,
    excerpt,
    group_digits,
    join,
    quote,
    seconds,
)

_CITED: Final = ("title", "filename", "file_name", "url", "text")


def describe_delta(event: Event, earlier: EarlierEvents) -> str:
    """The piece of text in it."""
    return excerpt(event.get("delta"))


def describe_typed_delta(event: Event, earlier: EarlierEvents) -> str:
    """The piece of typed text in it, in quotes."""
    return quote(event.get("delta"))


def describe_transcript(event: Event, earlier: EarlierEvents) -> str:
    """All words that were spoken."""
    return excerpt(event.get("transcript"))


def describe_text(event: Event, earlier: EarlierEvents) -> str:
    """All words that were written."""
    return excerpt(event.get("text"))


def describe_audio_done(event: Event, earlier: EarlierEvents) -> str:
    """`6.2 s, 31 parts`."""
    return _ended(earlier, "response.audio", "part")


def describe_word_times_done(event: Event, earlier: EarlierEvents) -> str:
    """`18 words`."""
    return _ended(earlier, "response.audio_timestamp", "word")


def describe_visemes_done(event: Event, earlier: EarlierEvents) -> str:
    """`44 shapes`."""
    return _ended(earlier, "response.animation_viseme", "shape")


def describe_blendshapes_done(event: Event, earlier: EarlierEvents) -> str:
    """`9 parts`."""
    return _ended(earlier, "response.animation_blendshapes", "part")


def _ended(earlier: EarlierEvents, stream: str, noun: str) -> str:
    """The length and the number of a stream's events since the one before it ended."""
    deltas = earlier.run(f"{stream}.delta", f"{stream}.done", "response.created")
    if not deltas.count:
        return ""
    length = seconds(deltas.audio_ms) if deltas.audio_ms > 0 else ""
    return join(length, count_of(deltas.count, noun))


def describe_annotation(event: Event, earlier: EarlierEvents) -> str:
    """`cites opening-hours.pdf`."""
    annotation = event.get("annotation")
    if not isinstance(annotation, Mapping):
        return join("cites", excerpt(annotation), between=" ") if annotation else ""
    named = next((text for name in _CITED if (text := excerpt(annotation.get(name)))), "")
    return f"cites {named}" if named else excerpt(annotation.get("type"), 60).replace("_", " ")


def describe_word_time(event: Event, earlier: EarlierEvents) -> str:
    """`"driver" at 1.9 s`."""
    return join(quote(event.get("text"), 60), _at(event), between=" ")


def describe_viseme(event: Event, earlier: EarlierEvents) -> str:
    """`shape 12 at 1.9 s`."""
    shape = get_int(event, "viseme_id")
    return join("" if shape is None else f"shape {shape}", _at(event), between=" ")


def _at(event: Event) -> str:
    offset_ms = get_int(event, "audio_offset_ms")
    return f"at {seconds(offset_ms)}" if offset_ms is not None and offset_ms >= 0 else ""


def describe_blendshapes(event: Event, earlier: EarlierEvents) -> str:
    """`20 frames from 166`."""
    frames, first = event.get("frames"), get_int(event, "frame_index")
    count = count_of(len(frames), "frame") if isinstance(frames, list) else ""
    return join(count, "" if first is None else f"from {group_digits(first)}", between=" ")


def describe_video(event: Event, earlier: EarlierEvents) -> str:
    """`h264, 25 kB`."""
    delta = event.get("delta")
    length = base64_size(delta) if isinstance(delta, str) else describe_audio(event, earlier)
    return join(excerpt(event.get("codec"), 20), length)


def codec_of(event: Event) -> str:
    """The codec of a picture."""
    return excerpt(get_str(event, "codec"), 20)
