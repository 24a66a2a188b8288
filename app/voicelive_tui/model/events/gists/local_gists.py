"""Gists of the facts that only this machine knows."""

from collections.abc import Mapping
from math import ceil
from typing import Final

from voicelive_tui.model.events.cut_cause import (
    CutBy,
    CutByDetection,
    cause_of_stop,
    measured_cause,
)
from voicelive_tui.model.events.fields import get_count, get_int, get_number, get_object, get_str
from voicelive_tui.model.events.gists.earlier import EarlierEvents, find_event
from voicelive_tui.model.events.gists.phrases import (
    Event,
    count_of,
    excerpt,
    group_digits,
    join,
    milliseconds,
    seconds,
    short_length,
    size,
)
from voicelive_tui.model.events.record import (
    STOP_BARGE_IN,
    STOP_DRAINED,
    STOP_OFF_AIR,
    STOP_USER,
    Local,
)
from voicelive_tui.model.events.silenced_after import silenced_after

_NOT_CARRIED: Final[Mapping[str, str]] = {
    "no_transcript": "without a transcript",
    "measurement": "with the simulator's figures for a transcript",
    "not_heard": "cut before it was heard",
    "no_output": "called without a result",
    "picture": "with pictures only",
    "refused": "refused by the service",
}
_STOPPED: Final[Mapping[str, str]] = {
    STOP_DRAINED: "",
    STOP_BARGE_IN: "the service detected speech",
    STOP_USER: "you interrupted it",
    STOP_OFF_AIR: "the tab went off air",
}
_CUT_BY: Final[Mapping[CutBy, str]] = {
    "voice": "your voice",
    "echo": "its own echo",
    "noise": "a noise",
    "detection": "the service, which detected speech",
    "user": "a command",
    "service": "the service, without a sound",
    "connection": "the loss of the connection",
    "off_air": "the tab, which went off air",
    "device": "the loss of the speaker",
    "link": "the loss of the sound link",
}
_SENTENCE_CHARS: Final = 160
_DEVICE_CHARS: Final = 60
_LINK_FIGURES: Final = ("round_trip", "clock_error")


def describe_connected(event: Event, earlier: EarlierEvents) -> str:
    """`azure, contoso.services.ai.azure.com`; of a later connection also its number and how long
    there was none."""
    number, tries = get_count(event, "connection"), get_count(event, "tries")
    service, host = excerpt(event.get("service"), 40), excerpt(event.get("host"), 100)
    away_ms = get_int(event, "away_ms")
    return join(
        service,
        host if host.lower() != service.lower() else "",
        f"connection {group_digits(number)}" if number > 1 else "",
        f"away {short_length(away_ms)}" if away_ms is not None and away_ms > 0 else "",
        _tries(tries) if tries else "",
    )


def _tries(number: int) -> str:
    return f"{group_digits(number)} {'try' if number == 1 else 'tries'}"


def describe_carried_over(event: Event, earlier: EarlierEvents) -> str:
    """`14 items carried over, 3 older left out; not carried over: 2 without a transcript`."""
    carried, left_out = get_count(event, "carried"), get_count(event, "left_out")
    text = f"{count_of(carried, 'item')} carried over"
    if left_out:
        text += f", {group_digits(left_out)} older left out"
    reasons = get_object(event, "not_carried")
    missing = ", ".join(
        f"{group_digits(get_count(reasons, reason))} {words}"
        for reason, words in _NOT_CARRIED.items()
        if get_count(reasons, reason)
    )
    return f"{text}; not carried over: {missing}" if missing else text


def describe_goes_on(event: Event, earlier: EarlierEvents) -> str:
    """`from the session of 2026-11-29 14:03`; without a time the earlier session's profile."""
    when = get_str(event, "started")[:16].replace("T", " ")
    named = f" of {excerpt(when, 16)}" if when else f" {excerpt(event.get('title'), 60)}"
    return f"from the session{named}".rstrip()


def describe_retry(event: Event, earlier: EarlierEvents) -> str:
    """`4.2 s, try 2: Nothing listens at ...`."""
    wait = seconds(get_count(event, "wait_ms"))
    attempt = f"try {group_digits(get_count(event, 'attempt'))}"
    return join(join(wait, attempt), excerpt(event.get("sentence"), _SENTENCE_CHARS), between=": ")


def describe_closed(event: Event, earlier: EarlierEvents) -> str:
    """`1011 The service ended the session.`; without a sentence the service's reason."""
    code = get_int(event, "code")
    why = excerpt(event.get("sentence"), _SENTENCE_CHARS) or excerpt(event.get("reason"))
    return join("" if code is None else str(code), why, between=" ")


def describe_on_air(event: Event, earlier: EarlierEvents) -> str:
    """Whether the tab has the microphone and the speaker."""
    return "on" if event.get("on") is True else "off"


def describe_talk(event: Event, earlier: EarlierEvents) -> str:
    """Whether a manual turn's microphone opened or closed."""
    return "opened" if event.get("on") is True else "closed"


def describe_speech(event: Event, earlier: EarlierEvents) -> str:
    """Whether speech at the microphone began or ended, as this machine hears it: `begins, -24 dBFS,
    echo 0.82 after 140 ms`."""
    return join(
        "begins" if event.get("on") is True else "ended",
        _level(event, "level_dbfs"),
        _echo(event),
    )


def describe_cut(event: Event, earlier: EarlierEvents) -> str:
    """Why an answer was cut, and what was at the microphone then: `cut by your voice, -24 dBFS,
    180 ms voiced of 220 ms`."""
    item_id = get_str(event, "item_id")
    stopped = find_event(earlier, Local.PLAYBACK_STOPPED, "item_id", item_id)
    cause = cause_of_stop(stopped.event, on_air=True) if stopped else CutByDetection()
    return join(
        f"cut by {_CUT_BY[measured_cause(cause, event).by]}",
        _level(event, "mic_dbfs"),
        _voiced(event),
        _echo(event),
    )


def _level(event: Event, name: str) -> str:
    level_dbfs = get_int(event, name)
    return "" if level_dbfs is None else f"{level_dbfs} dBFS"


def _voiced(event: Event) -> str:
    voiced_ms, before_ms = get_int(event, "voiced_ms"), get_int(event, "before_ms")
    if voiced_ms is None or before_ms is None:
        return ""
    return f"{group_digits(voiced_ms)} ms voiced of {milliseconds(before_ms)}"


def _echo(event: Event) -> str:
    coefficient, delay_ms = get_number(event, "echo"), get_int(event, "echo_delay_ms")
    if coefficient is None or delay_ms is None:
        return ""
    return f"echo {coefficient:.2f} after {milliseconds(delay_ms)}"


def describe_muted(event: Event, earlier: EarlierEvents) -> str:
    """`on`, `off`, `on, at laptop`: whether silence is sent in place of the microphone."""
    machine = excerpt(event.get("machine"), _DEVICE_CHARS)
    return join("on" if event.get("on") is True else "off", f"at {machine}" if machine else "")


def describe_device(event: Event, earlier: EarlierEvents) -> str:
    """`microphone lost: headset`, `microphone back after 1.4 s: headset`, `loudspeaker switched:
    headset to USB speaker`."""
    side, name = excerpt(event.get("side"), 20), excerpt(event.get("name"), _DEVICE_CHARS)
    was, away_ms = excerpt(event.get("was"), _DEVICE_CHARS), get_int(event, "away_ms")
    state = excerpt(event.get("state"), 20)
    after = f" after {short_length(away_ms)}" if away_ms is not None and away_ms >= 0 else ""
    which = f"{was} to {name}" if was else name
    return join(f"{side or 'device'} {state}{after}", which, between=": ")


def describe_link(event: Event, earlier: EarlierEvents) -> str:
    """`laptop (ssh, 23 ms), clock ± 12 ms`, `laptop (ssh) lost`, `laptop (ssh, 23 ms) back after
    3.2 s, clock ± 12 ms`."""
    machine, state = excerpt(event.get("machine"), _DEVICE_CHARS), get_str(event, "state")
    round_trip_ms, error_ms = (get_number(event, f"{name}_ms") for name in _LINK_FIGURES)
    trip = "" if round_trip_ms is None else milliseconds(round_trip_ms)
    way = join(excerpt(event.get("way"), 20), trip)
    away_ms = get_int(event, "away_ms")
    after = f"after {short_length(away_ms)}" if away_ms is not None and away_ms >= 0 else ""
    shown = "" if state == "up" else excerpt(state, 20)
    link = join(machine, f"({way})" if way else "", shown, after, between=" ")
    clock = "" if error_ms is None or error_ms < 0 else f"clock ± {milliseconds(ceil(error_ms))}"
    return join(link, clock)


def describe_playback_stopped(event: Event, earlier: EarlierEvents) -> str:
    """`2.1 of 6.8 s heard, the service detected speech`; over a link also `silent after 96 ms: link
    81, device 15`."""
    played_ms, received_ms = get_count(event, "played_ms"), get_count(event, "received_ms")
    reason = get_str(event, "reason")
    if reason == STOP_DRAINED and played_ms >= received_ms:
        return f"{seconds(played_ms)} heard, all of it"
    heard = f"{seconds(played_ms)[:-2]} of {seconds(received_ms)} heard"
    silenced = silenced_after(event)
    why = _STOPPED.get(reason, excerpt(reason, 40))
    return join(heard, why, silenced.words if silenced is not None else "")


def describe_underrun(event: Event, earlier: EarlierEvents) -> str:
    """`gap of 120 ms`."""
    return f"gap of {milliseconds(get_count(event, 'gap_ms'))}"


def describe_dropped(event: Event, earlier: EarlierEvents) -> str:
    """`3 blocks not sent`."""
    return f"{count_of(get_count(event, 'blocks'), 'block')} not sent"


def describe_notice(event: Event, earlier: EarlierEvents) -> str:
    """What the user was told."""
    mark = "! " if event.get("level") == "warning" else ""
    return mark + excerpt(event.get("text"))


def describe_mark(event: Event, earlier: EarlierEvents) -> str:
    """`note: "sounds tired here"`, or who marked the moment."""
    note = excerpt(event.get("note"))
    return f'note: "{note}"' if note else "by you"


def describe_replay(event: Event, earlier: EarlierEvents) -> str:
    """`turn 4, silence is sent`, or that it is over."""
    what = excerpt(event.get("what"), 40)
    return join(what, "silence is sent" if event.get("on") is True else "is over")


def describe_not_recorded(event: Event, earlier: EarlierEvents) -> str:
    """A record that is missing in the recording."""
    return "could not be written"


def describe_malformed(raw: str) -> str:
    """`212 bytes: {"type": "resp...`: the first bytes of a frame that is no event."""
    if not raw:
        return "no JSON object with a type"
    length = len(raw.encode("utf-8", "surrogatepass"))
    return f"{size(length)}: {excerpt(raw)}"
