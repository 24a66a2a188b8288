"""Gists of responses: what was asked for, and how they ended."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import first_objects, get_count, get_object, get_str
from voicelive_tui.model.events.gists.earlier import EarlierEvents
from voicelive_tui.model.events.gists.item_gists import describe_words
from voicelive_tui.model.events.gists.phrases import (
    Event,
    excerpt,
    group_digits,
    join,
    quote,
)

_INCOMPLETE: Final = {"max_output_tokens": "max tokens", "content_filter": "content filter"}
_CALLS: Final = ("function_call", "mcp_call", "mcp_approval_request", "foundry_agent_call")
_MOST_FIELDS: Final = 8
_MOST_ITEMS: Final = 50


def describe_response_create(event: Event, earlier: EarlierEvents) -> str:
    """`as the session`, or in what the response is to differ: `text only, "Be short"`."""
    return join(*_wishes(get_object(event, "response")), quote(_added(event))) or "as the session"


def _added(event: Event) -> object:
    return event.get("additional_instructions")


def _wishes(response: Mapping[str, Any]) -> Iterator[str]:
    for name, value in islice(response.items(), _MOST_FIELDS):
        match name:
            case "modalities" if isinstance(value, list):
                kinds = [excerpt(kind, 20) for kind in value[:4]]
                yield f"{kinds[0]} only" if len(kinds) == 1 else " and ".join(kinds)
            case "instructions":
                yield quote(value)
            case "pre_generated_assistant_message" if isinstance(value, Mapping):
                yield describe_words({"role": "assistant", **value})
            case _:
                yield excerpt(name, 40).replace("_", " ")


def describe_cancel(event: Event, earlier: EarlierEvents) -> str:
    """The answer that runs is to end."""
    return "the running answer"


def describe_response_done(event: Event, earlier: EarlierEvents) -> str:
    """`171 in (32 cached) 164 out`, `cut: turn_detected`, `failed: server_error`, `EMPTY`."""
    response = get_object(event, "response")
    details = get_object(response, "status_details")
    reason = excerpt(details.get("reason"), 60)
    tokens = _tokens(get_object(response, "usage"))
    match get_str(response, "status"):
        case "completed":
            return join(_outcome(response), tokens)
        case "cancelled":
            return join(join("cut", reason, between=": "), tokens)
        case "incomplete":
            word = _INCOMPLETE.get(reason, reason)
            return join(join("incomplete", word, between=": "), tokens)
        case "failed":
            return join("failed", format_error(details.get("error"), missing=reason), between=": ")
        case status:
            return join(excerpt(status, 40), tokens)


def _outcome(response: Mapping[str, Any]) -> str:
    """`calls` for a response that only calls, `EMPTY` for one without any output."""
    output = response.get("output")
    if not isinstance(output, list):
        return ""
    kinds = [get_str(item, "type") for item in first_objects(response, "output", _MOST_ITEMS)]
    if not kinds:
        return "EMPTY"
    if any(kind not in _CALLS for kind in kinds):
        return ""
    return "call" if len(kinds) == 1 else f"{len(kinds)} calls"


def _tokens(usage: Mapping[str, Any]) -> str:
    taken, given = get_count(usage, "input_tokens"), get_count(usage, "output_tokens")
    if not taken and not given:
        return ""
    cached = get_count(get_object(usage, "input_token_details"), "cached_tokens")
    note = f" ({group_digits(cached)} cached)" if cached else ""
    return f"{group_digits(taken)} in{note} {group_digits(given)} out"
