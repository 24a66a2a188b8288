"""Gists of the conversation's items: who says it, in which form, and its words."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import first_objects, get_int, get_object, get_str
from voicelive_tui.model.events.gists.earlier import (
    EarlierEvents,
    find_call,
    find_event,
    find_item,
)
from voicelive_tui.model.events.gists.phrases import (
    Event,
    base64_size,
    brief_json,
    call,
    count_of,
    excerpt,
    join,
    milliseconds,
)
from voicelive_tui.model.events.record import Local

_SPEAKERS: Final = {"user": "you", "assistant": "agent", "system": "system"}
_MOST_PARTS: Final = 20
_TRANSCRIPTION: Final = "conversation.item.input_audio_transcription"


def describe_created(event: Event, earlier: EarlierEvents) -> str:
    """`agent, message`, `call get_parcel`: the kind of an item that the service announces."""
    item = get_object(event, "item")
    match get_str(item, "type"):
        case "message":
            return join(_SPEAKERS.get(get_str(item, "role"), ""), _form(item))
        case "function_call_output":
            return join("output", _named_call(item, earlier), between=" of ")
        case "mcp_list_tools":
            tools = item.get("tools")
            count = f": {len(tools)}" if isinstance(tools, list) and tools else ""
            return join("tools", excerpt(item.get("server_label"), 60), between=" of ") + count
        case "mcp_approval_request":
            return f"approval asked: {tool_of_server(item)}".rstrip(": ")
        case "mcp_approval_response":
            return _approval(item, earlier)
        case "web_search_call":
            return "web search"
        case "file_search_call":
            return "file search"
        case _ if get_str(item, "name"):
            return f"call {tool_of_server(item)}"
        case kind:
            return excerpt(kind, 60).replace("_", " ")


def _form(item: Mapping[str, Any]) -> str:
    kinds = {get_str(part, "type") for part in first_objects(item, "content", _MOST_PARTS)}
    if get_str(item, "role") != "user" or not kinds:
        return "message"
    if "input_audio" in kinds:
        return "spoken"
    return "typed" if "input_text" in kinds else "picture"


def tool_of_server(item: Mapping[str, Any]) -> str:
    """`clock of sim`: a tool, and the server that has it if there is one."""
    return join(
        excerpt(item.get("name"), 60), excerpt(item.get("server_label"), 60), between=" of "
    )


def _named_call(item: Mapping[str, Any], earlier: EarlierEvents) -> str:
    call_id = get_str(item, "call_id")
    named = find_call(earlier, call_id)
    if named:
        return excerpt(named.get("name"), 60)
    done = find_event(earlier, "response.function_call_arguments.done", "call_id", call_id)
    return excerpt(done.event.get("name"), 60) if done else ""


def _approval(item: Mapping[str, Any], earlier: EarlierEvents) -> str:
    asked = find_item(earlier, get_str(item, "approval_request_id"))
    name = get_str(asked, "name")
    answer = "allowed" if item.get("approve") is True else "refused"
    return f"{excerpt(name, 60) or 'call'} {answer}"


def describe_create(event: Event, earlier: EarlierEvents) -> str:
    """`you: Can a neighbour...`: an item that the client makes, with its words."""
    item = get_object(event, "item")
    match get_str(item, "type"):
        case "message":
            return describe_words(item)
        case "function_call_output":
            head = join("output", _named_call(item, earlier), between=" of ")
            return join(head, _output(item.get("output")), between=": ")
        case "function_call":
            return f"call {call(excerpt(item.get('name'), 60), item.get('arguments'))}"
        case _:
            return describe_created(event, earlier)


def _output(value: object) -> str:
    return excerpt(value) if isinstance(value, str) or value is None else brief_json(value)


def describe_words(item: Mapping[str, Any]) -> str:
    """`agent: Done. The driver...`: a message with its speaker."""
    said = join(*_parts(item), between=" ")
    return join(_SPEAKERS.get(get_str(item, "role"), ""), excerpt(said), between=": ")


def _parts(item: Mapping[str, Any]) -> Iterator[str]:
    for part in first_objects(item, "content", _MOST_PARTS):
        text = excerpt(part.get("text")) or excerpt(part.get("transcript"))
        match get_str(part, "type"):
            case "input_image":
                yield _image(get_str(part, "image_url") or get_str(part, "url"))
            case "input_audio" if not text:
                audio = get_str(part, "audio")
                yield f"sound, {base64_size(audio)}" if audio else "sound"
            case _:
                yield text


def _image(address: str) -> str:
    head, comma, data = address[:200].partition(",")
    if head.startswith("data:") and comma:
        return f"image {base64_size(address[len(head) + 1 :])}" if data else "image"
    return "image"


def describe_known_item(event: Event, earlier: EarlierEvents) -> str:
    """The words of the item that an event names by its id, as far as they are known."""
    item_id = get_str(event, "item_id")
    item = find_item(earlier, item_id)
    if get_str(item, "type") not in ("", "message"):
        return describe_created({"item": item}, earlier)
    done = find_event(earlier, f"{_TRANSCRIPTION}.completed", "item_id", item_id)
    if done is not None:
        return join("you", excerpt(done.event.get("transcript")), between=": ")
    return describe_words(item)


def describe_retrieved(event: Event, earlier: EarlierEvents) -> str:
    """`you, spoken, sound, 84 kB`: the service's copy of an item."""
    item = get_object(event, "item")
    return join(describe_created(event, earlier), *_parts(item))


def describe_truncate(event: Event, earlier: EarlierEvents) -> str:
    """`keep 2 100 of 6 800 ms`."""
    kept_ms = get_int(event, "audio_end_ms")
    if kept_ms is None or kept_ms < 0:
        return ""
    stopped = find_event(earlier, Local.PLAYBACK_STOPPED, "item_id", get_str(event, "item_id"))
    received_ms = get_int(stopped.event, "received_ms") if stopped else None
    if received_ms is None or received_ms < kept_ms:
        return f"keep {milliseconds(kept_ms)}"
    return f"keep {milliseconds(kept_ms)[:-3]} of {milliseconds(received_ms)}"


def describe_truncated(event: Event, earlier: EarlierEvents) -> str:
    """`2 100 ms kept`, and whether the service did it unasked."""
    kept_ms = get_int(event, "audio_end_ms")
    item_id = get_str(event, "item_id")
    asked = find_event(earlier, "conversation.item.truncate", "item_id", item_id)
    unasked = item_id and asked is None and any(earlier.before("conversation.item.created"))
    kept = f"{milliseconds(kept_ms)} kept" if kept_ms is not None and kept_ms >= 0 else ""
    return join(kept, "by the service itself" if unasked else "")


def describe_transcription_failed(event: Event, earlier: EarlierEvents) -> str:
    """The error of a transcription."""
    return format_error(event.get("error"))


def describe_part(event: Event, earlier: EarlierEvents) -> str:
    """`audio` or `text`: the kind of a content part."""
    return excerpt(get_object(event, "part").get("type"), 60)


def describe_input_text_done(event: Event, earlier: EarlierEvents) -> str:
    """`24 characters`: how much was typed into the item."""
    item_id = get_str(event, "id")
    typed = sum(
        len(get_str(record.event, "delta"))
        for record in earlier.before("input_text.delta")
        if item_id and get_str(record.event, "id") == item_id
    )
    return count_of(typed, "character") if typed else ""
