"""Gists of tools: their arguments, their states, and how long they took."""

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import first_objects, get_object, get_str
from voicelive_tui.model.events.gists.earlier import EarlierEvents, find_event, find_item
from voicelive_tui.model.events.gists.item_gists import tool_of_server
from voicelive_tui.model.events.gists.phrases import (
    Event,
    call,
    excerpt,
    join,
    quote,
    short_length,
)


def describe_arguments(event: Event, earlier: EarlierEvents) -> str:
    """`set_dropoff(place="neighbour")`."""
    name = get_str(event, "name") or get_str(find_item(earlier, get_str(event, "item_id")), "name")
    return call(excerpt(name, 60), event.get("arguments"))


def describe_tool_state(event: Event, earlier: EarlierEvents) -> str:
    """`clock of sim`, and how long it has run: `clock of sim, 820 ms`."""
    item = find_item(earlier, get_str(event, "item_id"))
    error = format_error(item.get("error"), missing=excerpt(item.get("error")))
    return join(tool_of_server(item), _duration(event, earlier), error)


def describe_search_state(event: Event, earlier: EarlierEvents) -> str:
    """What is searched for, the number of hits, and how long it took."""
    item = find_item(earlier, get_str(event, "item_id"))
    queries = item.get("queries")
    query = get_object(item, "action").get("query") or (
        queries[0] if isinstance(queries, list) and queries else ""
    )
    results = item.get("results")
    hits = f"{len(results)} hits" if isinstance(results, list) else ""
    return join(excerpt(query, 80), hits, _duration(event, earlier))


def _duration(event: Event, earlier: EarlierEvents) -> str:
    """The time since the tool began, for a state that ends it."""
    kind, _, state = get_str(event, "type").rpartition(".")
    if state not in ("completed", "failed"):
        return ""
    began = find_event(earlier, f"{kind}.in_progress", "item_id", get_str(event, "item_id"))
    return short_length(earlier.elapsed_ms(began)) if began else ""


def describe_tools_state(event: Event, earlier: EarlierEvents) -> str:
    """`sim: add, clock`: the server whose tools are listed, and the tools once they are known."""
    item = find_item(earlier, get_str(event, "item_id"))
    tools = [excerpt(tool.get("name"), 40) for tool in first_objects(item, "tools", 10)]
    return join(excerpt(item.get("server_label"), 60), join(*tools), between=": ")


def describe_call_error(event: Event, earlier: EarlierEvents) -> str:
    """The error of a WebRTC call, and what was being done."""
    text = format_error(event.get("error"))
    return join(quote(event.get("operation"), 60).strip('"'), text, between=": ")
