"""The one table of event types, both ways: what each says in one short line, where its audio stands, and whether it is an error.

Source: protocol.md sections 4 and 5; the names of OpenAI's GA protocol (17.1) are mapped to the dated ones by `canonical`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from voicelive_tui.model.record import MALFORMED, Local
from voicelive_tui.model.text import printable

Event = Mapping[str, Any]

AUDIO_FIELD: Final[Mapping[str, str]] = {
    "input_audio_buffer.append": "audio",
    "input_audio.turn.append": "audio",
    "response.audio.delta": "delta",
    "response.output_audio.delta": "delta",
    "response.video.delta": "delta",
}
"""The base64 field of the types that carry one."""

VIDEO: Final = "response.video.delta"

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


def canonical(type_name: str) -> str:
    """The dated API's name of a type; other names pass through."""
    return _GA_NAMES.get(type_name, type_name)


def audio_payload(event: Event) -> object:
    """What stands in the event's audio field: base64, or the journal's reference; None when its type has no such field."""
    field = AUDIO_FIELD.get(str(event.get("type")))
    return event.get(field) if field else None


def is_streaming(type_name: str) -> bool:
    """Types that come in runs: microphone audio and every kind of delta."""
    return type_name.endswith((".delta", ".append"))


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
        return _table(event, "response").get("status") == "failed"
    if type_name == Local.NOTICE:
        return event.get("level") == "error"
    return type_name == Local.CLOSED and event.get("code") not in (1000, 1001, None)


def summarize(event: Event) -> str:
    """One short line about the event for its row: printable, at most `SUMMARY_CHARS` long, empty when its type says it all."""
    type_name = event.get("type")
    if not isinstance(type_name, str) or not type_name:
        return "no JSON object with a type"
    try:
        text = SUMMARIES.get(canonical(type_name), _unknown)(event)
    except RecursionError:
        text = "nested too deeply to be shown here"
    text = printable(text[: SUMMARY_CHARS + 1])
    return text if len(text) <= SUMMARY_CHARS else text[: SUMMARY_CHARS - 1] + "…"


def number(value: object) -> str:
    """A whole number in groups of three, `41 200`; anything else as text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return f"{value:,.0f}".replace(",", " ")


def _text(event: Event, *names: str) -> str:
    """The fields that are there, as text, separated by spaces."""
    parts = (event.get(name) for name in names)
    return " ".join(part if isinstance(part, str) else json.dumps(part, default=str) for part in parts if part not in (None, ""))


def _table(event: Event, name: str) -> Event:
    value = event.get(name)
    return value if isinstance(value, Mapping) else {}


def _fields(*names: str) -> Callable[[Event], str]:
    return lambda event: _text(event, *names)


def _ms(name: str) -> Callable[[Event], str]:
    return lambda event: f"{number(event.get(name))} ms" if name in event else ""


def _audio(event: Event) -> str:
    payload = audio_payload(event)
    if isinstance(payload, Mapping):
        size, length_ms = payload.get("bytes"), payload.get("ms")
        return f"{number(size)} bytes" + (f", {number(length_ms)} ms" if length_ms is not None else "")
    return f"{number(len(payload) * 3 // 4)} bytes" if isinstance(payload, str) else ""


def _error(event: Event) -> str:
    detail = _table(event, "error")
    return _coded(detail) or _text(event, "error")


def _coded(detail: Event) -> str:
    code, message, param = (detail.get(name) for name in ("code", "message", "param"))
    head = str(code or detail.get("type") or "")
    return (f"{head}: " if head and message else head) + str(message or "") + (f" [{param}]" if param else "")


def _warning(event: Event) -> str:
    return _coded(_table(event, "warning"))


def _session(event: Event) -> str:
    session = _table(event, "session")
    if event.get("type") == "session.update":
        return ", ".join(str(name) for name in session)
    detection = session.get("turn_detection")
    turns = detection.get("type") if isinstance(detection, Mapping) else "manual turns" if "turn_detection" in session else None
    voice = session.get("voice")
    name = voice.get("name") if isinstance(voice, Mapping) else voice
    return " ".join(str(part) for part in (session.get("id"), session.get("model"), name, turns) if part)


def _item(event: Event) -> str:
    item = _table(event, "item")
    kind, role = item.get("type"), item.get("role")
    head = str(role or kind or "")
    return " ".join(part for part in (head, str(item.get("id") or ""), item_text(item)) if part)


def item_text(item: Event) -> str:
    """What an item says: its texts and transcripts, its call with arguments, or its output."""
    content = item.get("content")
    if isinstance(content, list):
        parts = (part.get("text") or part.get("transcript") for part in content if isinstance(part, Mapping))
        return " ".join(str(part) for part in parts if part)
    match item.get("type"):
        case "function_call" | "mcp_call" | "mcp_approval_request" | "foundry_agent_call":
            return f"{item.get('name') or ''}({item.get('arguments') or ''})" + (
                f" -> {item['output']}" if item.get("output") else ""
            )
        case "mcp_list_tools":
            tools = item.get("tools")
            return (
                f"{item.get('server_label') or ''}: {len(tools)} tools"
                if isinstance(tools, list)
                else str(item.get("server_label") or "")
            )
        case "mcp_approval_response":
            return "approved" if item.get("approve") else "refused"
        case _:
            return _text(item, "name", "output", "status")


def _response(event: Event) -> str:
    response = _table(event, "response")
    details = _table(response, "status_details")
    usage = _table(response, "usage")
    failure = _coded(_table(details, "error"))
    tokens = (
        f"{number(usage.get('input_tokens'))} in {number(usage.get('output_tokens'))} out" if usage.get("total_tokens") else ""
    )
    parts = (response.get("id"), response.get("status"), details.get("reason"), failure, tokens)
    return " ".join(str(part) for part in parts if part)


def _create(event: Event) -> str:
    response = _table(event, "response")
    message = _table(response, "pre_generated_assistant_message")
    return item_text(message) or ", ".join(str(name) for name in response) or _text(event, "additional_instructions")


def _part(event: Event) -> str:
    part = _table(event, "part")
    return _text(part, "type", "text", "transcript")


def _limits(event: Event) -> str:
    limits = event.get("rate_limits")
    each = (limit for limit in (limits if isinstance(limits, list) else ()) if isinstance(limit, Mapping))
    return ", ".join(f"{limit.get('name')} {number(limit.get('remaining'))} of {number(limit.get('limit'))}" for limit in each)


def _truncation(event: Event) -> str:
    return f"{_text(event, 'item_id')} at {number(event.get('audio_end_ms'))} ms"


def _timestamp(event: Event) -> str:
    return f"{_text(event, 'text')} {number(event.get('audio_offset_ms'))} ms"


def _viseme(event: Event) -> str:
    return f"{_text(event, 'viseme_id')} at {number(event.get('audio_offset_ms'))} ms"


def _blendshapes(event: Event) -> str:
    frames = event.get("frames")
    return f"from frame {number(event.get('frame_index'))}" + (f", {len(frames)} frames" if isinstance(frames, list) else "")


def _connected(event: Event) -> str:
    return " ".join(part for part in (_text(event, "service"), _text(event, "host"), _text(event, "request_id")) if part)


def _closed(event: Event) -> str:
    code = event.get("code")
    return _text(event, "sentence") or " ".join(
        part for part in (str(code) if code is not None else "", _text(event, "reason")) if part
    )


def _on(event: Event) -> str:
    return "on" if event.get("on") else "off"


def _played(event: Event) -> str:
    played, received = number(event.get("played_ms")), number(event.get("received_ms"))
    return f"{_text(event, 'item_id')} heard {played} of {received} ms, {_text(event, 'reason')}"


def _unknown(event: Event) -> str:
    return "not known to this version: " + ", ".join(str(name) for name in event if name not in ("type", "event_id"))


def _invocation(event: Event) -> str:
    return _text(event, "delta")


def _delta(event: Event) -> str:
    return _text(event, "delta")


_item_id = _fields("item_id")
_empty = _fields()

CLIENT_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    "conversation.item.create": _item,
    "conversation.item.delete": _item_id,
    "conversation.item.retrieve": _item_id,
    "conversation.item.truncate": _truncation,
    "input_audio.clear": _empty,
    "input_audio.turn.append": _audio,
    "input_audio.turn.cancel": _fields("turn_id"),
    "input_audio.turn.end": _fields("turn_id"),
    "input_audio.turn.start": _fields("turn_id"),
    "input_audio_buffer.append": _audio,
    "input_audio_buffer.clear": _empty,
    "input_audio_buffer.commit": _empty,
    "input_text.delta": _delta,
    "input_text.done": _fields("id"),
    "output_audio_buffer.clear": _empty,
    "response.cancel": _fields("response_id"),
    "response.create": _create,
    "rtc.call.sdp.create": _empty,
    "session.avatar.connect": _empty,
    "session.update": _session,
    "transcription_session.update": _session,
}

SERVER_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    "conversation.created": _empty,
    "conversation.item.created": _item,
    "conversation.item.deleted": _item_id,
    "conversation.item.done": _item,
    "conversation.item.input_audio_transcription.completed": _fields("transcript"),
    "conversation.item.input_audio_transcription.delta": _delta,
    "conversation.item.input_audio_transcription.failed": _error,
    "conversation.item.retrieved": _item,
    "conversation.item.truncated": _truncation,
    "error": _error,
    "input_audio_buffer.cleared": _empty,
    "input_audio_buffer.committed": _item_id,
    "input_audio_buffer.speech_started": _ms("audio_start_ms"),
    "input_audio_buffer.speech_stopped": _ms("audio_end_ms"),
    "mcp_list_tools.completed": _item_id,
    "mcp_list_tools.failed": _item_id,
    "mcp_list_tools.in_progress": _item_id,
    "output_audio_buffer.cleared": _empty,
    "output_audio_buffer.started": _fields("response_id"),
    "output_audio_buffer.stopped": _fields("response_id"),
    "rate_limits.updated": _limits,
    "response.animation_blendshapes.delta": _blendshapes,
    "response.animation_blendshapes.done": _item_id,
    "response.animation_viseme.delta": _viseme,
    "response.animation_viseme.done": _item_id,
    "response.audio.delta": _audio,
    "response.audio.done": _item_id,
    "response.audio_timestamp.delta": _timestamp,
    "response.audio_timestamp.done": _item_id,
    "response.audio_transcript.annotation.added": _fields("annotation"),
    "response.audio_transcript.delta": _delta,
    "response.audio_transcript.done": _fields("transcript"),
    "response.content_part.added": _part,
    "response.content_part.done": _part,
    "response.created": _response,
    "response.done": _response,
    "response.file_search_call.completed": _item_id,
    "response.file_search_call.in_progress": _item_id,
    "response.file_search_call.searching": _item_id,
    "response.foundry_agent_call.completed": _item_id,
    "response.foundry_agent_call.failed": _item_id,
    "response.foundry_agent_call.in_progress": _item_id,
    "response.foundry_agent_call_arguments.delta": _delta,
    "response.foundry_agent_call_arguments.done": _fields("arguments"),
    "response.function_call_arguments.delta": _delta,
    "response.function_call_arguments.done": _fields("name", "arguments"),
    "response.invocation.delta": _invocation,
    "response.mcp_call.completed": _item_id,
    "response.mcp_call.failed": _item_id,
    "response.mcp_call.in_progress": _item_id,
    "response.mcp_call_arguments.delta": _delta,
    "response.mcp_call_arguments.done": _fields("arguments"),
    "response.output_item.added": _item,
    "response.output_item.done": _item,
    "response.text.delta": _delta,
    "response.text.done": _fields("text"),
    "response.video.delta": _audio,
    "response.web_search_call.completed": _item_id,
    "response.web_search_call.in_progress": _item_id,
    "response.web_search_call.searching": _item_id,
    "rtc.call.error": _error,
    "rtc.call.sdp.created": _fields("rtc_call_id"),
    "session.avatar.connecting": _empty,
    "session.avatar.switch_to_idle": _fields("turn_id"),
    "session.avatar.switch_to_speaking": _fields("turn_id"),
    "session.created": _session,
    "session.updated": _session,
    "transcription_session.updated": _session,
    "warning": _warning,
}

LOCAL_SUMMARIES: Final[Mapping[str, Callable[[Event], str]]] = {
    Local.CONNECTED: _connected,
    Local.CLOSED: _closed,
    Local.ON_AIR: _on,
    Local.TALK: _on,
    Local.PLAYBACK_STARTED: _item_id,
    Local.PLAYBACK_STOPPED: _played,
    Local.UNDERRUN: lambda event: f"{_text(event, 'item_id')} gap of {number(event.get('gap_ms'))} ms",
    Local.DROPPED: lambda event: f"{number(event.get('blocks'))} blocks of {_text(event, 'what')}",
    Local.NOTICE: _fields("text"),
}

SUMMARIES: Final = {**CLIENT_SUMMARIES, **SERVER_SUMMARIES, **LOCAL_SUMMARIES, MALFORMED: _empty}
