"""Gists of the microphone's audio: what was sent, and where the service heard speech."""

from typing import Final

from voicelive_tui.model.events.audio_field import audio_payload
from voicelive_tui.model.events.fields import get_count, get_int, get_object, get_str
from voicelive_tui.model.events.gists.earlier import EarlierEvents, find_event
from voicelive_tui.model.events.gists.phrases import (
    Event,
    base64_size,
    join,
    milliseconds,
    moment,
    seconds,
    size,
)
from voicelive_tui.model.events.record import Local

_BUFFER: Final = "input_audio_buffer"
_ENDS: Final = (
    f"{_BUFFER}.commit",
    f"{_BUFFER}.clear",
    f"{_BUFFER}.committed",
    f"{_BUFFER}.cleared",
    Local.CONNECTED,
)


def describe_audio(event: Event, earlier: EarlierEvents) -> str:
    """`20 ms, 960 bytes`: the audio in one event."""
    payload = audio_payload(event)
    if isinstance(payload, str):
        return base64_size(payload)
    audio = {"audio": payload}
    length_ms = get_int(get_object(audio, "audio"), "ms")
    length_bytes = get_count(get_object(audio, "audio"), "bytes")
    return join(milliseconds(length_ms) if length_ms else "", size(length_bytes))


def describe_commit(event: Event, earlier: EarlierEvents) -> str:
    """`3.4 s of sound`: what the turn holds."""
    return _in_buffer(earlier, "of sound")


def describe_clear(event: Event, earlier: EarlierEvents) -> str:
    """`1.2 s thrown away`."""
    return _in_buffer(earlier, "thrown away")


def describe_cleared(event: Event, earlier: EarlierEvents) -> str:
    """`1.2 s were in it`."""
    for record in earlier.before(f"{_BUFFER}.clear"):
        return _in_buffer(earlier.at(record), "were in it")
    return ""


def _in_buffer(earlier: EarlierEvents, words: str) -> str:
    sound = earlier.run(f"{_BUFFER}.append", *_ENDS)
    return f"{seconds(sound.audio_ms)} {words}" if sound.audio_ms > 0 else ""


def describe_committed(event: Event, earlier: EarlierEvents) -> str:
    """The service made an item of the buffer."""
    return "user item made"


def describe_speech_started(event: Event, earlier: EarlierEvents) -> str:
    """`voice since 0:56.00, while the agent spoke`."""
    start_ms = get_int(event, "audio_start_ms")
    while_speaking = "while the agent spoke" if _agent_speaks(earlier) else ""
    if start_ms is None or start_ms < 0:
        return while_speaking
    at_s = earlier.time_of_sound_s(start_ms)
    since = f"{seconds(start_ms)} into the sound" if at_s is None else moment(at_s)
    return join(f"voice since {since}", while_speaking)


def _agent_speaks(earlier: EarlierEvents) -> bool:
    newest = earlier.before(Local.PLAYBACK_STARTED, Local.PLAYBACK_STOPPED, Local.CONNECTED)
    return any(
        record.type == Local.PLAYBACK_STARTED for record, _ in zip(newest, "1", strict=False)
    )


def describe_speech_stopped(event: Event, earlier: EarlierEvents) -> str:
    """`2.3 s of speech`; without its beginning the place of its end."""
    end_ms = get_int(event, "audio_end_ms")
    if end_ms is None or end_ms < 0:
        return ""
    started = find_event(earlier, f"{_BUFFER}.speech_started", "item_id", get_str(event, "item_id"))
    start_ms = get_int(started.event, "audio_start_ms") if started else None
    if start_ms is None or not 0 <= start_ms <= end_ms:
        return f"{seconds(end_ms)} into the sound"
    return f"{seconds(end_ms - start_ms)} of speech"


def describe_undocumented(event: Event, earlier: EarlierEvents) -> str:
    """An event of which only the vendor's library tells."""
    return "undocumented"


def describe_avatar_sound(event: Event, earlier: EarlierEvents) -> str:
    """The buffer is that of the avatar."""
    return "the avatar's sound"
