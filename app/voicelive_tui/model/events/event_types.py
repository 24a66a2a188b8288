"""The one table of the event types of both directions: how each is described in a short line, which
field holds its audio, and whether it is an error.

Source: protocol.md sections 4 and 5. The table has the canonical name of each type.
"""

from collections.abc import Callable, Mapping
from typing import Final

from voicelive_common.printable import printable

from voicelive_tui.model.events import summary
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_object
from voicelive_tui.model.events.record import MALFORMED, NOT_RECORDED, Local
from voicelive_tui.model.events.summary import Event

SUMMARY_CHARS: Final = 200
_GOODBYES: Final = (1000, 1001, 1005)


def is_streaming(type_name: str) -> bool:
    """Whether events of this type come in runs: microphone audio, every kind of delta, and what was
    not recorded."""
    return type_name.endswith((".delta", ".append")) or type_name == NOT_RECORDED


def is_known(type_name: str) -> bool:
    """Whether this version knows the type."""
    return canonical(type_name) in SUMMARIES


def is_error(event: Event) -> bool:
    """Whether the event reports a failure. A cancelled response is no failure."""
    type_name = event.get("type")
    if not isinstance(type_name, str) or not type_name:
        return True
    if type_name in ("error", "rtc.call.error") or type_name.endswith(".failed"):
        return True
    if type_name == "response.done":
        return get_object(event, "response").get("status") == "failed"
    if type_name == Local.NOTICE:
        return event.get("level") == "error"
    # Code None: the connection broke without a close frame. 1005: a close frame without a code.
    return type_name == Local.CLOSED and event.get("code") not in _GOODBYES


def summarize(event: Event) -> str:
    """One short line about the event for its row: printable, at most `SUMMARY_CHARS` characters
    long, and empty for an event that holds nothing but its type."""
    type_name = event.get("type")
    if not isinstance(type_name, str) or not type_name:
        return "no JSON object with a type"
    try:
        text = SUMMARIES.get(canonical(type_name), summary.describe_unknown)(event)
    except RecursionError:
        text = "nested too deeply to be shown here"
    text = printable(text[: SUMMARY_CHARS + 1])
    return text if len(text) <= SUMMARY_CHARS else text[: SUMMARY_CHARS - 1] + "…"


CLIENT_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    "conversation.item.create": summary.describe_item,
    "conversation.item.delete": summary.describe_item_id,
    "conversation.item.retrieve": summary.describe_item_id,
    "conversation.item.truncate": summary.describe_truncation,
    "input_audio.clear": summary.describe_nothing,
    "input_audio.turn.append": summary.describe_audio,
    "input_audio.turn.cancel": summary.describe_fields("turn_id"),
    "input_audio.turn.end": summary.describe_fields("turn_id"),
    "input_audio.turn.start": summary.describe_fields("turn_id"),
    "input_audio_buffer.append": summary.describe_audio,
    "input_audio_buffer.clear": summary.describe_nothing,
    "input_audio_buffer.commit": summary.describe_nothing,
    "input_text.delta": summary.describe_delta,
    "input_text.done": summary.describe_fields("id"),
    "output_audio_buffer.clear": summary.describe_nothing,
    "response.cancel": summary.describe_fields("response_id"),
    "response.create": summary.describe_create,
    "rtc.call.sdp.create": summary.describe_nothing,
    "session.avatar.connect": summary.describe_nothing,
    "session.update": summary.describe_session,
    "transcription_session.update": summary.describe_session,
}

SERVER_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    "conversation.created": summary.describe_nothing,
    "conversation.item.created": summary.describe_item,
    "conversation.item.deleted": summary.describe_item_id,
    "conversation.item.done": summary.describe_item,
    "conversation.item.input_audio_transcription.completed": summary.describe_fields("transcript"),
    "conversation.item.input_audio_transcription.delta": summary.describe_delta,
    "conversation.item.input_audio_transcription.failed": summary.describe_error,
    "conversation.item.retrieved": summary.describe_item,
    "conversation.item.truncated": summary.describe_truncation,
    "error": summary.describe_error,
    "input_audio_buffer.cleared": summary.describe_nothing,
    "input_audio_buffer.committed": summary.describe_item_id,
    "input_audio_buffer.speech_started": summary.describe_ms("audio_start_ms"),
    "input_audio_buffer.speech_stopped": summary.describe_ms("audio_end_ms"),
    "mcp_list_tools.completed": summary.describe_item_id,
    "mcp_list_tools.failed": summary.describe_item_id,
    "mcp_list_tools.in_progress": summary.describe_item_id,
    "output_audio_buffer.cleared": summary.describe_nothing,
    "output_audio_buffer.started": summary.describe_fields("response_id"),
    "output_audio_buffer.stopped": summary.describe_fields("response_id"),
    "rate_limits.updated": summary.describe_limits,
    "response.animation_blendshapes.delta": summary.describe_blendshapes,
    "response.animation_blendshapes.done": summary.describe_item_id,
    "response.animation_viseme.delta": summary.describe_viseme,
    "response.animation_viseme.done": summary.describe_item_id,
    "response.audio.delta": summary.describe_audio,
    "response.audio.done": summary.describe_item_id,
    "response.audio_timestamp.delta": summary.describe_timestamp,
    "response.audio_timestamp.done": summary.describe_item_id,
    "response.audio_transcript.annotation.added": summary.describe_fields("annotation"),
    "response.audio_transcript.delta": summary.describe_delta,
    "response.audio_transcript.done": summary.describe_fields("transcript"),
    "response.content_part.added": summary.describe_part,
    "response.content_part.done": summary.describe_part,
    "response.created": summary.describe_response,
    "response.done": summary.describe_response,
    "response.file_search_call.completed": summary.describe_item_id,
    "response.file_search_call.in_progress": summary.describe_item_id,
    "response.file_search_call.searching": summary.describe_item_id,
    "response.foundry_agent_call.completed": summary.describe_item_id,
    "response.foundry_agent_call.failed": summary.describe_item_id,
    "response.foundry_agent_call.in_progress": summary.describe_item_id,
    "response.foundry_agent_call_arguments.delta": summary.describe_delta,
    "response.foundry_agent_call_arguments.done": summary.describe_fields("arguments"),
    "response.function_call_arguments.delta": summary.describe_delta,
    "response.function_call_arguments.done": summary.describe_fields("name", "arguments"),
    "response.invocation.delta": summary.describe_invocation,
    "response.mcp_call.completed": summary.describe_item_id,
    "response.mcp_call.failed": summary.describe_item_id,
    "response.mcp_call.in_progress": summary.describe_item_id,
    "response.mcp_call_arguments.delta": summary.describe_delta,
    "response.mcp_call_arguments.done": summary.describe_fields("arguments"),
    "response.output_item.added": summary.describe_item,
    "response.output_item.done": summary.describe_item,
    "response.text.delta": summary.describe_delta,
    "response.text.done": summary.describe_fields("text"),
    "response.video.delta": summary.describe_audio,
    "response.web_search_call.completed": summary.describe_item_id,
    "response.web_search_call.in_progress": summary.describe_item_id,
    "response.web_search_call.searching": summary.describe_item_id,
    "rtc.call.error": summary.describe_error,
    "rtc.call.sdp.created": summary.describe_fields("rtc_call_id"),
    "session.avatar.connecting": summary.describe_nothing,
    "session.avatar.switch_to_idle": summary.describe_fields("turn_id"),
    "session.avatar.switch_to_speaking": summary.describe_fields("turn_id"),
    "session.created": summary.describe_session,
    "session.updated": summary.describe_session,
    "transcription_session.updated": summary.describe_session,
    "warning": summary.describe_warning,
}

LOCAL_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    Local.CONNECTED: summary.describe_connected,
    Local.CARRIED_OVER: summary.describe_carried_over,
    Local.CLOSED: summary.describe_closed,
    Local.RETRY: summary.describe_retry,
    Local.ON_AIR: summary.describe_on,
    Local.TALK: summary.describe_on,
    Local.PLAYBACK_STARTED: summary.describe_item_id,
    Local.PLAYBACK_STOPPED: summary.describe_played,
    Local.UNDERRUN: lambda event: (
        f"{summary.join_fields(event, 'item_id')} gap of "
        f"{summary.group_digits(event.get('gap_ms'))} ms"
    ),
    Local.DROPPED: lambda event: (
        f"{summary.group_digits(event.get('blocks'))} blocks of "
        f"{summary.join_fields(event, 'what')}"
    ),
    Local.NOTICE: summary.describe_fields("text"),
}

SUMMARIES: Final = {
    **CLIENT_SUMMARIES,
    **SERVER_SUMMARIES,
    **LOCAL_SUMMARIES,
    MALFORMED: summary.describe_nothing,
    NOT_RECORDED: summary.describe_nothing,
}
