"""What an event says, as rows of a label and a value: the readable summary of the details.

Every function takes any JSON and never raises; texts are cut, and of many fields the first are
shown, so the work is bounded whatever was received.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voicelive_tui.model.events.audio_field import AUDIO_FIELD
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_count, get_object, get_objects, get_str
from voicelive_tui.model.events.gists.phrases import group_digits
from voicelive_tui.model.events.record import Record

MOST_FIELDS: Final = 40
"""Fields of an event that have a row of their own."""
LONGEST_VALUE: Final = 600
"""Characters of a value; the JSON has the whole one."""
_LONGEST_NAME: Final = 40
_MOST_PARTS: Final = 8
_LONGEST_INTEGER: Final = 10**60
_IDS: Final = (
    "response_id",
    "item_id",
    "previous_item_id",
    "call_id",
    "approval_request_id",
    "turn_id",
    "rtc_call_id",
    "event_id",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the summary. A fact without a label goes on with the one before. look: `bad` for
    a failure, `warn` for what deserves a look, `dim` for what stands aside."""

    label: str
    value: str
    look: str = ""


def event_facts(record: Record) -> list[Fact]:
    """What the event says, without its type, its time and what other events add."""
    event = record.event
    match canonical(record.type):
        case "response.created" | "response.done":
            return list(_response(get_object(event, "response")))
        case "session.created" | "session.updated" | "session.update":
            return list(_fields(get_object(event, "session"), leave_out=("object", "id")))
        case _:
            return list(_other(event))


def id_facts(record: Record) -> list[Fact]:
    """The ids that the event names, on one row; none for an event without any."""
    event = record.event
    parts = [
        f"{where} {_cut(identifier, 80)}"
        for where, identifier in (
            ("session", get_str(get_object(event, "session"), "id")),
            ("response", get_str(get_object(event, "response"), "id")),
            ("item", get_str(get_object(event, "item"), "id")),
            *((_words(name.removesuffix("_id")), get_str(event, name)) for name in _IDS),
        )
        if identifier
    ]
    return [Fact("ids", "  ".join(parts), "dim")] if parts else []


def _response(response: Mapping[str, Any]) -> Iterator[Fact]:
    details = get_object(response, "status_details")
    status, reason = get_str(response, "status"), get_str(details, "reason")
    if status:
        look = {"failed": "bad", "incomplete": "warn"}.get(status, "")
        yield Fact("status", _cut(", ".join(part for part in (status, reason) if part)), look)
    yield from _error(details.get("error"))
    yield from _usage(get_object(response, "usage"))
    output = get_objects(response, "output")
    for number, item in enumerate(output[:MOST_FIELDS]):
        yield Fact("output" if not number else "", _item(item))
    if status == "completed" and not output:
        yield Fact("output", "EMPTY: the answer has no content", "warn")


def _usage(usage: Mapping[str, Any]) -> Iterator[Fact]:
    """`171 in (32 cached, 96 audio, 75 text)` and `164 out (128 audio, 36 text)`."""
    rows = [
        f"{group_digits(get_count(usage, f'{side}put_tokens'))} {side}"
        + _token_details(get_object(usage, f"{side}put_token_details"))
        for side in ("in", "out")
        if get_count(usage, f"{side}put_tokens")
    ]
    yield from (Fact("usage" if not at else "", row) for at, row in enumerate(rows))


def _token_details(details: Mapping[str, Any]) -> str:
    kinds = ("cached", "audio", "text", "image", "reasoning")
    counts = [(kind, get_count(details, f"{kind}_tokens")) for kind in kinds]
    parts = ", ".join(f"{group_digits(count)} {kind}" for kind, count in counts if count)
    return f" ({parts})" if parts else ""


def _error(error: object) -> Iterator[Fact]:
    if not isinstance(error, Mapping):
        return
    code = get_str(error, "code") or get_str(error, "type")
    if code:
        yield Fact("error", _cut(code), "bad")
    if get_str(error, "message"):
        yield Fact("message", _cut(get_str(error, "message")), "" if code else "bad")
    if get_str(error, "param"):
        yield Fact("param", _cut(get_str(error, "param")))
    if get_str(error, "event_id"):
        yield Fact("answers", _cut(get_str(error, "event_id")), "dim")


def _item(item: Mapping[str, Any]) -> str:
    """An item of the conversation in words: `agent: Done.`, `call get_parcel(id="4471")`."""
    who = {"assistant": "agent", "user": "user", "system": "system"}.get(
        get_str(item, "role"), get_str(item, "type") or "item"
    )
    match get_str(item, "type"):
        case "function_call" | "mcp_call" | "mcp_approval_request" | "foundry_agent_call":
            text = f"{get_str(item, 'name')}({get_str(item, 'arguments')})"
        case "function_call_output":
            text = get_str(item, "output")
        case "mcp_list_tools":
            text = f"{get_str(item, 'server_label')}, {len(get_objects(item, 'tools'))} tools"
        case "mcp_approval_response":
            text = "approved" if item.get("approve") else "refused"
        case _:
            parts = get_objects(item, "content")[:_MOST_PARTS]
            text = " ".join(filter(None, map(_part_text, parts)))
    status = get_str(item, "status")
    mark = f" ({status})" if status not in ("", "completed") else ""
    return _cut(f"{who}: {text or 'no content'}") + _cut(mark, 40)


def _part_text(part: Mapping[str, Any]) -> str:
    text = get_str(part, "text") or get_str(part, "transcript")
    return _cut(text) if text else f"[{_cut(get_str(part, 'type') or 'content', 40)}]"


def _other(event: Mapping[str, Any]) -> Iterator[Fact]:
    error = event.get("error", event.get("warning"))
    if isinstance(error, Mapping):
        yield from _error(error)
    item = event.get("item")
    if isinstance(item, Mapping):
        yield Fact("item", _item(item))
    known = ("error", "warning", "item") if error or item else ()
    yield from _fields(event, leave_out=("type", *_IDS, *known))


def _fields(fields: Mapping[str, Any], leave_out: Sequence[str]) -> Iterator[Fact]:
    audio = AUDIO_FIELD.get(str(fields.get("type")))
    names = [name for name in fields if name not in leave_out]
    for name in names[:MOST_FIELDS]:
        value = fields[name]
        text = describe_audio(value) if name == audio else describe_value(value)
        yield Fact(_cut(str(name), _LONGEST_NAME), text)
    if len(names) > MOST_FIELDS:
        yield Fact("", f"and {group_digits(len(names) - MOST_FIELDS)} more fields", "dim")


def describe_audio(value: object) -> str:
    """The content of an audio field as a length and a duration."""
    if isinstance(value, Mapping):
        size, length_ms = get_count(value, "bytes"), get_count(value, "ms")
        duration = f", {group_digits(length_ms)} ms" if length_ms else ""
        return f"{group_digits(size)} bytes of sound{duration}"
    if isinstance(value, str):
        return f"{group_digits(len(value) * 3 // 4)} bytes of sound, base64"
    return describe_value(value)


def describe_value(value: object) -> str:
    """Any JSON value in a few words: a text as it is, an object or array of few plain values with
    them, a larger one as a count."""
    match value:
        case Mapping():
            return _describe_object(value)
        case list() | tuple():
            return _describe_list(value)
        case _:
            return describe_scalar(value)


def describe_scalar(value: object) -> str:
    """A value without members as text; an object or array as a count."""
    match value:
        case str():
            return _cut(value) or '""'
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case int() if abs(value) >= _LONGEST_INTEGER:
            return "a number of more than 60 digits"
        case int() | float():
            return str(value)
        case Mapping():
            return _count(len(value), "field")
        case list() | tuple():
            return _count(len(value), "item")
        case _:
            return _cut(type(value).__name__)


def _describe_object(value: Mapping[str, Any]) -> str:
    """`azure_semantic_vad, threshold 0.5, silence_duration_ms 500`: the type without its name."""
    if not value or len(value) > _MOST_PARTS:
        return _count(len(value), "field")
    parts = [
        _cut(describe_scalar(member), 80)
        if name == "type"
        else f"{_cut(str(name), _LONGEST_NAME)} {_cut(describe_scalar(member), 80)}"
        for name, member in value.items()
    ]
    return _cut(", ".join(parts))


def _describe_list(value: Sequence[Any]) -> str:
    if not value or len(value) > _MOST_PARTS or any(isinstance(each, Mapping) for each in value):
        named = [get_str(each, "name") for each in value[:_MOST_PARTS] if isinstance(each, Mapping)]
        names = ", ".join(_cut(name, 40) for name in named if name)
        return _count(len(value), "item") + (f": {names}" if names else "")
    return _cut(", ".join(_cut(describe_scalar(each), 80) for each in value))


def _count(number: int, noun: str) -> str:
    return f"{group_digits(number)} {noun}{'' if number == 1 else 's'}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str, longest: int = LONGEST_VALUE) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
