"""Summarises an event in a short line, one function for each form; the table in `event_types`
assigns them to types."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from voicelive_tui.model.events.audio_field import audio_payload
from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_count, get_object

Event = Mapping[str, Any]

_NOT_CARRIED: Final[Mapping[str, str]] = {
    "no_transcript": "without a transcript",
    "measurement": "with the simulator's figures for a transcript",
    "not_heard": "cut before it was heard",
    "no_output": "called without a result",
    "picture": "with pictures only",
    "refused": "refused by the service",
}


def group_digits(value: object) -> str:
    """Return a whole number in groups of three digits, such as `41 200`; anything else as text."""
    match value:
        case bool():
            return str(value)
        case int():
            return f"{value:,}".replace(",", " ")
        case float():
            return f"{value:,.0f}".replace(",", " ")
        case _:
            return "" if value is None else str(value)


def join_fields(event: Event, *names: str) -> str:
    """Return the fields that are present as text, separated by spaces."""
    parts = (event.get(name) for name in names)
    return " ".join(
        part if isinstance(part, str) else json.dumps(part, default=str)
        for part in parts
        if part not in (None, "")
    )


def describe_fields(*names: str) -> Callable[[Event], str]:
    return lambda event: join_fields(event, *names)


def describe_ms(name: str) -> Callable[[Event], str]:
    return lambda event: f"{group_digits(event.get(name))} ms" if name in event else ""


def describe_audio(event: Event) -> str:
    payload = audio_payload(event)
    if isinstance(payload, Mapping):
        size, length_ms = payload.get("bytes"), payload.get("ms")
        return f"{group_digits(size)} bytes" + (
            f", {group_digits(length_ms)} ms" if length_ms is not None else ""
        )
    return f"{group_digits(len(payload) * 3 // 4)} bytes" if isinstance(payload, str) else ""


def describe_error(event: Event) -> str:
    return format_error(event.get("error"), missing=join_fields(event, "error"))


def describe_warning(event: Event) -> str:
    return format_error(event.get("warning"), missing="")


def describe_session(event: Event) -> str:
    session = get_object(event, "session")
    if event.get("type") == "session.update":
        return ", ".join(str(name) for name in session)
    detection = session.get("turn_detection")
    turns = (
        detection.get("type")
        if isinstance(detection, Mapping)
        else "manual turns"
        if "turn_detection" in session
        else None
    )
    voice = session.get("voice")
    name = voice.get("name") if isinstance(voice, Mapping) else voice
    return " ".join(
        str(part) for part in (session.get("id"), session.get("model"), name, turns) if part
    )


def describe_item(event: Event) -> str:
    item = get_object(event, "item")
    kind, role = item.get("type"), item.get("role")
    head = str(role or kind or "")
    return " ".join(part for part in (head, str(item.get("id") or ""), item_text(item)) if part)


def item_text(item: Event) -> str:
    """Return the content of an item: its texts and transcripts, its call with arguments, or its
    output."""
    content = item.get("content")
    if isinstance(content, list):
        parts = (
            part.get("text") or part.get("transcript")
            for part in content
            if isinstance(part, Mapping)
        )
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
            return join_fields(item, "name", "output", "status")


def describe_response(event: Event) -> str:
    response = get_object(event, "response")
    details = get_object(response, "status_details")
    usage = get_object(response, "usage")
    failure = format_error(details.get("error"), missing="")
    tokens = (
        f"{group_digits(usage.get('input_tokens'))} in {group_digits(usage.get('output_tokens'))} "
        "out"
        if usage.get("total_tokens")
        else ""
    )
    parts = (response.get("id"), response.get("status"), details.get("reason"), failure, tokens)
    return " ".join(str(part) for part in parts if part)


def describe_create(event: Event) -> str:
    response = get_object(event, "response")
    message = get_object(response, "pre_generated_assistant_message")
    return (
        item_text(message)
        or ", ".join(str(name) for name in response)
        or join_fields(event, "additional_instructions")
    )


def describe_part(event: Event) -> str:
    part = get_object(event, "part")
    return join_fields(part, "type", "text", "transcript")


def describe_limits(event: Event) -> str:
    limits = event.get("rate_limits")
    each = (
        limit
        for limit in (limits if isinstance(limits, list) else ())
        if isinstance(limit, Mapping)
    )
    return ", ".join(
        f"{limit.get('name')} {group_digits(limit.get('remaining'))} of "
        f"{group_digits(limit.get('limit'))}"
        for limit in each
    )


def describe_truncation(event: Event) -> str:
    return f"{join_fields(event, 'item_id')} at {group_digits(event.get('audio_end_ms'))} ms"


def describe_timestamp(event: Event) -> str:
    return f"{join_fields(event, 'text')} {group_digits(event.get('audio_offset_ms'))} ms"


def describe_viseme(event: Event) -> str:
    return f"{join_fields(event, 'viseme_id')} at {group_digits(event.get('audio_offset_ms'))} ms"


def describe_blendshapes(event: Event) -> str:
    frames = event.get("frames")
    return f"from frame {group_digits(event.get('frame_index'))}" + (
        f", {len(frames)} frames" if isinstance(frames, list) else ""
    )


def describe_connected(event: Event) -> str:
    return " ".join(
        part
        for part in (
            join_fields(event, "service"),
            join_fields(event, "host"),
            join_fields(event, "request_id"),
        )
        if part
    )


def describe_carried_over(event: Event) -> str:
    """`14 items carried over, 3 older left out; not carried over: 2 without a transcript`."""
    carried, left_out = get_count(event, "carried"), get_count(event, "left_out")
    text = f"{group_digits(carried)} item{'' if carried == 1 else 's'} carried over"
    if left_out:
        text += f", {group_digits(left_out)} older left out"
    reasons = get_object(event, "not_carried")
    missing = ", ".join(
        f"{group_digits(get_count(reasons, reason))} {words}"
        for reason, words in _NOT_CARRIED.items()
        if get_count(reasons, reason)
    )
    return f"{text}; not carried over: {missing}" if missing else text


def describe_retry(event: Event) -> str:
    """`try 2 in 4.2 s: Nothing listens at ...`."""
    attempt, wait_ms = get_count(event, "attempt"), get_count(event, "wait_ms")
    return f"try {attempt} in {wait_ms / 1000:.1f} s: {event.get('sentence') or ''}".rstrip(": ")


def describe_closed(event: Event) -> str:
    code = event.get("code")
    return join_fields(event, "sentence") or " ".join(
        part
        for part in (str(code) if code is not None else "", join_fields(event, "reason"))
        if part
    )


def describe_on(event: Event) -> str:
    return "on" if event.get("on") else "off"


def describe_played(event: Event) -> str:
    played, received = group_digits(event.get("played_ms")), group_digits(event.get("received_ms"))
    return (
        f"{join_fields(event, 'item_id')} heard {played} of {received} ms, "
        f"{join_fields(event, 'reason')}"
    )


def describe_unknown(event: Event) -> str:
    return "not known to this version: " + ", ".join(
        str(name) for name in event if name not in ("type", "event_id")
    )


def describe_invocation(event: Event) -> str:
    return join_fields(event, "delta")


def describe_delta(event: Event) -> str:
    return join_fields(event, "delta")


describe_item_id = describe_fields("item_id")
describe_nothing = describe_fields()
