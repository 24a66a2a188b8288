"""The one table of event types, both ways: what each says in one short line, where its audio stands, and whether it is an error.

Source: protocol.md sections 4 and 5; the names of OpenAI's GA protocol (17.1) are mapped to the dated ones by `canonical`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from voicelive_common.printable import printable

from voicelive_tui.model.events import summary as say
from voicelive_tui.model.events.audio_field import AUDIO_FIELD, VIDEO, audio_payload
from voicelive_tui.model.events.fields import get_object
from voicelive_tui.model.events.record import MALFORMED, NOT_RECORDED, Local
from voicelive_tui.model.events.summary import Event, item_text

__all__ = [
    "AUDIO_FIELD",
    "VIDEO",
    "audio_payload",
    "canonical",
    "is_error",
    "is_known",
    "is_streaming",
    "item_text",
    "summarize",
]

_GA_NAMES: Final[Mapping[str, str]] = {
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "conversation.item.added": "conversation.item.created",
}

SUMMARY_CHARS: Final = 200
_GOODBYES: Final = (1000, 1001, 1005)


def canonical(type_name: str) -> str:
    """The dated API's name of a type; other names pass through."""
    return _GA_NAMES.get(type_name, type_name)


def is_streaming(type_name: str) -> bool:
    """Types that come in runs: microphone audio, every kind of delta, and what was not recorded."""
    return type_name.endswith((".delta", ".append")) or type_name == NOT_RECORDED


def is_known(type_name: str) -> bool:
    """Does this version know the type?"""
    return canonical(type_name) in SUMMARIES


def is_error(event: Event) -> bool:
    """Does the event report that something failed? A cancelled response is no failure."""
    type_name = event.get("type")
    if not isinstance(type_name, str) or not type_name:
        return True
    if type_name in ("error", "rtc.call.error") or type_name.endswith(".failed"):
        return True
    if type_name == "response.done":
        return get_object(event, "response").get("status") == "failed"
    if type_name == Local.NOTICE:
        return event.get("level") == "error"
    # No code: the connection broke without a goodbye. 1005 is a goodbye that names none.
    return type_name == Local.CLOSED and event.get("code") not in _GOODBYES


def summarize(event: Event) -> str:
    """One short line about the event for its row: printable, at most `SUMMARY_CHARS` long, empty when its type says it all."""
    type_name = event.get("type")
    if not isinstance(type_name, str) or not type_name:
        return "no JSON object with a type"
    try:
        text = SUMMARIES.get(canonical(type_name), say.of_unknown)(event)
    except RecursionError:
        text = "nested too deeply to be shown here"
    text = printable(text[: SUMMARY_CHARS + 1])
    return text if len(text) <= SUMMARY_CHARS else text[: SUMMARY_CHARS - 1] + "…"


CLIENT_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    "conversation.item.create": say.of_item,
    "conversation.item.delete": say.of_item_id,
    "conversation.item.retrieve": say.of_item_id,
    "conversation.item.truncate": say.of_truncation,
    "input_audio.clear": say.nothing,
    "input_audio.turn.append": say.of_audio,
    "input_audio.turn.cancel": say.of_fields("turn_id"),
    "input_audio.turn.end": say.of_fields("turn_id"),
    "input_audio.turn.start": say.of_fields("turn_id"),
    "input_audio_buffer.append": say.of_audio,
    "input_audio_buffer.clear": say.nothing,
    "input_audio_buffer.commit": say.nothing,
    "input_text.delta": say.of_delta,
    "input_text.done": say.of_fields("id"),
    "output_audio_buffer.clear": say.nothing,
    "response.cancel": say.of_fields("response_id"),
    "response.create": say.of_create,
    "rtc.call.sdp.create": say.nothing,
    "session.avatar.connect": say.nothing,
    "session.update": say.of_session,
    "transcription_session.update": say.of_session,
}

SERVER_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    "conversation.created": say.nothing,
    "conversation.item.created": say.of_item,
    "conversation.item.deleted": say.of_item_id,
    "conversation.item.done": say.of_item,
    "conversation.item.input_audio_transcription.completed": say.of_fields("transcript"),
    "conversation.item.input_audio_transcription.delta": say.of_delta,
    "conversation.item.input_audio_transcription.failed": say.of_error,
    "conversation.item.retrieved": say.of_item,
    "conversation.item.truncated": say.of_truncation,
    "error": say.of_error,
    "input_audio_buffer.cleared": say.nothing,
    "input_audio_buffer.committed": say.of_item_id,
    "input_audio_buffer.speech_started": say.of_ms("audio_start_ms"),
    "input_audio_buffer.speech_stopped": say.of_ms("audio_end_ms"),
    "mcp_list_tools.completed": say.of_item_id,
    "mcp_list_tools.failed": say.of_item_id,
    "mcp_list_tools.in_progress": say.of_item_id,
    "output_audio_buffer.cleared": say.nothing,
    "output_audio_buffer.started": say.of_fields("response_id"),
    "output_audio_buffer.stopped": say.of_fields("response_id"),
    "rate_limits.updated": say.of_limits,
    "response.animation_blendshapes.delta": say.of_blendshapes,
    "response.animation_blendshapes.done": say.of_item_id,
    "response.animation_viseme.delta": say.of_viseme,
    "response.animation_viseme.done": say.of_item_id,
    "response.audio.delta": say.of_audio,
    "response.audio.done": say.of_item_id,
    "response.audio_timestamp.delta": say.of_timestamp,
    "response.audio_timestamp.done": say.of_item_id,
    "response.audio_transcript.annotation.added": say.of_fields("annotation"),
    "response.audio_transcript.delta": say.of_delta,
    "response.audio_transcript.done": say.of_fields("transcript"),
    "response.content_part.added": say.of_part,
    "response.content_part.done": say.of_part,
    "response.created": say.of_response,
    "response.done": say.of_response,
    "response.file_search_call.completed": say.of_item_id,
    "response.file_search_call.in_progress": say.of_item_id,
    "response.file_search_call.searching": say.of_item_id,
    "response.foundry_agent_call.completed": say.of_item_id,
    "response.foundry_agent_call.failed": say.of_item_id,
    "response.foundry_agent_call.in_progress": say.of_item_id,
    "response.foundry_agent_call_arguments.delta": say.of_delta,
    "response.foundry_agent_call_arguments.done": say.of_fields("arguments"),
    "response.function_call_arguments.delta": say.of_delta,
    "response.function_call_arguments.done": say.of_fields("name", "arguments"),
    "response.invocation.delta": say.of_invocation,
    "response.mcp_call.completed": say.of_item_id,
    "response.mcp_call.failed": say.of_item_id,
    "response.mcp_call.in_progress": say.of_item_id,
    "response.mcp_call_arguments.delta": say.of_delta,
    "response.mcp_call_arguments.done": say.of_fields("arguments"),
    "response.output_item.added": say.of_item,
    "response.output_item.done": say.of_item,
    "response.text.delta": say.of_delta,
    "response.text.done": say.of_fields("text"),
    "response.video.delta": say.of_audio,
    "response.web_search_call.completed": say.of_item_id,
    "response.web_search_call.in_progress": say.of_item_id,
    "response.web_search_call.searching": say.of_item_id,
    "rtc.call.error": say.of_error,
    "rtc.call.sdp.created": say.of_fields("rtc_call_id"),
    "session.avatar.connecting": say.nothing,
    "session.avatar.switch_to_idle": say.of_fields("turn_id"),
    "session.avatar.switch_to_speaking": say.of_fields("turn_id"),
    "session.created": say.of_session,
    "session.updated": say.of_session,
    "transcription_session.updated": say.of_session,
    "warning": say.of_warning,
}

LOCAL_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    Local.CONNECTED: say.of_connected,
    Local.CLOSED: say.of_closed,
    Local.ON_AIR: say.of_on,
    Local.TALK: say.of_on,
    Local.PLAYBACK_STARTED: say.of_item_id,
    Local.PLAYBACK_STOPPED: say.of_played,
    Local.UNDERRUN: lambda event: f"{say.joined(event, 'item_id')} gap of {say.number(event.get('gap_ms'))} ms",
    Local.DROPPED: lambda event: f"{say.number(event.get('blocks'))} blocks of {say.joined(event, 'what')}",
    Local.NOTICE: say.of_fields("text"),
}

SUMMARIES: Final = {**CLIENT_SUMMARIES, **SERVER_SUMMARIES, **LOCAL_SUMMARIES, MALFORMED: say.nothing, NOT_RECORDED: say.nothing}
