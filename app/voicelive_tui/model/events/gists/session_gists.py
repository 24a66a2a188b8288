"""Gists of a session's settings, limits, errors and warnings."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import first_objects, get_int, get_object, get_str
from voicelive_tui.model.events.gists.earlier import EarlierEvents
from voicelive_tui.model.events.gists.phrases import (
    Event,
    base64_size,
    brief_json,
    count_of,
    excerpt,
    group_digits,
    join,
    moment,
)
from voicelive_tui.model.events.gists.setting_changes import (
    describe_changes,
    describe_differences,
    values_in,
)
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.events.short_names import short_name

_DAY_S: Final = 86_400
_MOST_CHANGES: Final = 6
_UPDATE: Final = ("session.update", "transcription_session.update")
_UPDATED: Final = ("session.updated", "transcription_session.updated")


def describe_update(event: Event, earlier: EarlierEvents) -> str:
    """`threshold 0.3 to 0.5`: what an update changes; of the first one the number of values."""
    asked = get_object(event, "session")
    first = next(earlier.before(*_UPDATE, Local.CONNECTED), None)
    if first is None or first.type == Local.CONNECTED:
        return f"first: {count_of(len(values_in(asked)), 'key')}"
    in_force = next(earlier.before(*_UPDATED, "session.created", Local.CONNECTED), first)
    changes = describe_changes(asked, get_object(in_force.event, "session"))
    return join(*changes[:_MOST_CHANGES]) or "changes nothing"


def describe_updated(event: Event, earlier: EarlierEvents) -> str:
    """`applied`, or what is in force in place of what was asked for."""
    session = get_object(event, "session")
    asked = _answered_update(earlier)
    if asked is None:
        return _setup(session)
    differences = describe_differences(get_object(asked.event, "session"), session)
    return join(*differences[:_MOST_CHANGES]) or "applied"


def _answered_update(earlier: EarlierEvents) -> Record | None:
    """The update that the service answers: the oldest one without an answer, or else the newest."""
    waiting: Record | None = None
    for record in earlier.before(*_UPDATE, *_UPDATED, Local.CONNECTED):
        if record.type == Local.CONNECTED or (waiting is not None and record.type in _UPDATED):
            break
        if record.type in _UPDATE:
            waiting = record
    return waiting


def describe_session_created(event: Event, earlier: EarlierEvents) -> str:
    """`gpt-4o, Ava, defaults, expires 10:31:07 UTC`."""
    session = get_object(event, "session")
    expires_s = get_int(session, "expires_at")
    expires = f"expires {_time_of_day(expires_s)}" if expires_s and expires_s > 0 else ""
    return join(_setup(session), "defaults", expires)


def _setup(session: Mapping[str, Any]) -> str:
    turns = get_str(get_object(session, "turn_detection"), "type")
    manual = session.get("turn_detection", turns) is None
    return join(
        excerpt(session.get("model"), 60),
        voice_name(session.get("voice")),
        "manual turns" if manual else excerpt(turns, 60),
    )


def voice_name(voice: object) -> str:
    """`Ava`: the speaker's name in a voice, whichever way the voice is given."""
    name = voice.get("name") if isinstance(voice, Mapping) else voice
    shown = excerpt(name, 60)
    parts = shown.split(":")[0].split("-")
    is_azure = len(parts) == 3 and len(parts[1]) == 2 and parts[1].isupper()
    if not is_azure:
        return shown
    return parts[2].removesuffix("Neural").removesuffix("Multilingual") or shown


def _time_of_day(unix_s: int) -> str:
    minutes, seconds = divmod(unix_s % _DAY_S, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d} UTC"


def describe_offer(event: Event, earlier: EarlierEvents) -> str:
    """`offer, 1.2 kB`: the description of a WebRTC connection that the client offers."""
    return _description(event, "offer", "client_sdp", "sdp_offer")


def describe_answer(event: Event, earlier: EarlierEvents) -> str:
    """`answer, 2.1 kB`: the service's answer to it."""
    return _description(event, "answer", "server_sdp", "sdp_answer")


def _description(event: Event, word: str, *names: str) -> str:
    text = next((value for name in names if (value := get_str(event, name))), "")
    return join(word, base64_size(text) if text else "")


def describe_error(event: Event, earlier: EarlierEvents) -> str:
    """`cannot_update_voice, for session.update 0:58.9: ...`: the error, and the event that it
    answers."""
    error = get_object(event, "error")
    event_id = get_str(error, "event_id")
    cause = earlier.sent(event_id) if event_id else None
    missing = excerpt(event.get("error")) or "no reason given"
    text = format_error(event.get("error"), missing=missing)
    if cause is None:
        return text
    about = f"for {short_name(cause.type)} {moment(cause.t_s, 1)}"
    head, colon, rest = text.partition(": ")
    return f"{head}, {about}{colon}{rest}" if get_str(error, "code") else f"{text}, {about}"


def describe_warning(event: Event, earlier: EarlierEvents) -> str:
    """`! unsupported_field: ...`."""
    return f"! {format_error(event.get('warning'))}"


def describe_limits(event: Event, earlier: EarlierEvents) -> str:
    """`119 217 tokens left, full in 60 s`; the tokens first, because they run out first."""
    limits = first_objects(event, "rate_limits", 10)
    limits.sort(key=lambda limit: get_str(limit, "name") != "tokens")
    return join(*map(_limit, limits))


def _limit(limit: Event) -> str:
    left, reset_s = get_int(limit, "remaining"), get_int(limit, "reset_seconds")
    if left is None:
        return ""
    name = excerpt(limit.get("name"), 40)
    reset = f", full in {group_digits(reset_s)} s" if reset_s is not None and reset_s > 0 else ""
    return join(group_digits(left), name, "left", between=" ") + reset


def describe_unknown(event: Event, earlier: EarlierEvents) -> str:
    """`new: shine, gloss`: the first fields of an event that this version does not know."""
    told = (name for name in event if name not in ("type", "event_id"))
    names = [excerpt(name, 40) for name in islice(told, 3)]
    return f"new: {join(*names)}" if names else "new"


def describe_invocation(event: Event, earlier: EarlierEvents) -> str:
    """The object that a hosted agent sends."""
    return brief_json(event.get("delta")) if "delta" in event else ""


def describe_nothing(event: Event, earlier: EarlierEvents) -> str:
    """For an event that says everything by its name."""
    return ""
