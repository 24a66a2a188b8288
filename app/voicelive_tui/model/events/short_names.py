"""The short names of event types, as the rows of the event list show them.

Two types of one direction share a short name only where the service has two names for one type
(see `canonical`).
"""

from functools import lru_cache
from typing import Final

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.record import Local

_LOCAL_NAMES: Final = {
    Local.CONNECTED: "connect.opened",
    Local.CARRIED_OVER: "items.carried_over",
    Local.GOES_ON: "session.goes_on",
    Local.CLOSED: "socket.closed",
    Local.RETRY: "retry.waiting",
    Local.ON_AIR: "on_air",
    Local.TALK: "turn.talk",
    Local.SPEECH: "mic.speech",
    Local.MUTED: "mic.muted",
    Local.DEVICE: "device.changed",
    Local.LINK: "sound.link",
    Local.PLAYBACK_STARTED: "playback.started",
    Local.PLAYBACK_STOPPED: "playback.stopped",
    Local.CUT: "cause",
    Local.UNDERRUN: "playback.underrun",
    Local.DROPPED: "mic.dropped",
    Local.NOTICE: "notice",
    Local.MARK: "mark",
    Local.REPLAY: "replay",
}
_REPLACED: Final = (
    ("conversation.item.input_audio_transcription.completed", "transcription.done"),
    ("conversation.item.input_audio_transcription.", "transcription."),
    ("response.audio_transcript.annotation.", "annotation."),
    ("response.audio_transcript.", "transcript."),
    ("response.audio_timestamp.", "word_times."),
    ("response.animation_", ""),
    ("response.function_call_arguments.", "arguments."),
    ("response.mcp_call_arguments.", "mcp_arguments."),
    ("response.web_search_call.", "web_search."),
    ("response.file_search_call.", "file_search."),
    ("mcp_list_tools.", "mcp_tools."),
    ("session.avatar.switch_to_", "avatar."),
    ("session.avatar.", "avatar."),
    ("input_audio_buffer.speech_", "speech_"),
    ("input_audio_buffer.", "buffer."),
    ("output_audio_buffer.", "output_buffer."),
    ("input_audio.turn.", "turn."),
    ("input_audio.", "input."),
)
"""The beginnings of types and what stands in their place; the first that fits is used."""
_DROPPED: Final = ("response.", "conversation.", "console.")
"""The prefixes that a name of at least three parts loses. A local fact always loses its own."""


@lru_cache(maxsize=512)
def short_name(type_name: str) -> str:
    """The short name of an event type. A type that is not documented loses the same prefixes."""
    name = canonical(type_name)
    if name in _LOCAL_NAMES:
        return _LOCAL_NAMES[name]
    for beginning, place in _REPLACED:
        if name.startswith(beginning) and len(name) > len(beginning):
            return place + name[len(beginning) :]
        if name == beginning:
            return place or name
    for prefix in _DROPPED:
        rest = name.removeprefix(prefix)
        if rest != name and ("." in rest or (prefix == "console." and rest)):
            return rest
    return name
