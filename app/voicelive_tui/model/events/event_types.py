"""What is known of an event by its type: whether it comes in runs, whether it is an error, and its
gist, which is a short line about it (see `gists`)."""

from typing import Final

from voicelive_common.printable import printable

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_object
from voicelive_tui.model.events.gists.earlier import NO_EARLIER_EVENTS, EarlierEvents
from voicelive_tui.model.events.gists.local_gists import describe_malformed
from voicelive_tui.model.events.gists.phrases import Event, excerpt
from voicelive_tui.model.events.gists.session_gists import describe_unknown
from voicelive_tui.model.events.gists.table import GISTS
from voicelive_tui.model.events.record import NOT_RECORDED, Local

SUMMARY_CHARS: Final = 200
_GOODBYES: Final = (1000, 1001, 1005)


def is_streaming(type_name: str) -> bool:
    """Whether events of this type come in runs: microphone audio, every kind of delta, and what was
    not recorded."""
    return type_name.endswith((".delta", ".append")) or type_name == NOT_RECORDED


def is_known(type_name: str) -> bool:
    """Whether this version knows the type."""
    return canonical(type_name) in GISTS


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


def summarize(event: Event, earlier: EarlierEvents = NO_EARLIER_EVENTS, *, raw: str = "") -> str:
    """Return the event's gist for its row: one printable line of at most `SUMMARY_CHARS`
    characters, empty for an event that says everything by its name.

    earlier: the events before it, from which some gists take names, words and lengths. raw: the
    text of a malformed frame.
    """
    return one_line(_gist(event, earlier, raw))


def _gist(event: Event, earlier: EarlierEvents, raw: str) -> str:
    type_name = event.get("type")
    if not isinstance(type_name, str) or not type_name:
        return describe_malformed(raw)
    if isinstance(event.get("lost"), str) and len(event) == 2:
        return f"not kept: {event['lost']}"
    return GISTS.get(canonical(type_name), describe_unknown)(event, earlier)


def one_line(gist: str) -> str:
    """Return the gist as one printable line of at most `SUMMARY_CHARS` characters."""
    text = printable(excerpt(gist, SUMMARY_CHARS))
    return text if len(text) <= SUMMARY_CHARS else text[: SUMMARY_CHARS - 1] + "…"
