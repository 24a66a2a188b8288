"""The summary of one event: what it says, and what the events around it add. Pure functions of a
journal's columns; a bounded number of records is read."""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Final

from voicelive_tui.journal.event_pairs import (
    REPLIES,
    REPLY_AFTER_S,
    is_unanswered,
    pair_of,
    reply_of,
    request_of,
)
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.stream_figures import MOST_EVENTS, stream_figures
from voicelive_tui.journal.view import EventView, Row
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.changed_settings import changed_settings
from voicelive_tui.model.events.event_facts import Fact, event_facts, id_facts
from voicelive_tui.model.events.fields import get_count, get_object, get_objects, get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.events.silenced_after import silenced_after
from voicelive_tui.tui.formatting import amount, minutes
from voicelive_tui.tui.widgets.event_detail import Details
from voicelive_tui.tui.widgets.spans import fit

_WAY: Final = {"sent": "sent", "received": "received", "local": "on this machine"}
_WINDOW: Final = 4_000
"""Records before and after an event in which others that belong to it are searched."""
_MOST_READ: Final = 40


def summary(index: EventIndex, record: Record) -> list[Fact]:
    """The rows of an event's summary: its type first, its ids last."""
    head = Fact("type", f"{record.type}, {_WAY[record.dir]} {minutes(record.t_s)}")
    own = event_facts(record)
    status = [fact for fact in own if fact.label == "status"]
    rest = [fact for fact in own if fact.label != "status"]
    return [
        head,
        *status,
        *_related(index, record),
        *rest,
        *_exchange(index, record),
        *id_facts(record),
    ]


def _related(index: EventIndex, record: Record) -> Iterator[Fact]:
    """What became of an answer or of settings."""
    match canonical(record.type):
        case "response.done":
            yield from _heard(index, record)
        case "session.updated":
            yield from _changed(index, record)


def _changed(index: EventIndex, record: Record) -> Iterator[Fact]:
    n = request_of(index, record.n)
    if n is None:
        return
    asked = get_object(index.record(n).event, "session")
    changes = changed_settings(asked, get_object(record.event, "session"))
    for at, change in enumerate(changes):
        got = change.got if change.got.startswith("not ") else f"is {change.got}"
        text = f"{change.name}: asked for {fit(change.asked, 60)}, {fit(got, 60)}"
        yield Fact("changed" if not at else "", text, "warn")
    if not changes:
        yield Fact("settings", "all as asked for")


def _heard(index: EventIndex, record: Record) -> Iterator[Fact]:
    items = _items_of(index, record)
    for stop in _records(index, record.n, (Local.PLAYBACK_STOPPED,)):
        if get_str(stop.event, "item_id") in items:
            played, received = (
                get_count(stop.event, f"{part}_ms") for part in ("played", "received")
            )
            text = f"{played / 1000:.1f} of {received / 1000:.1f} s, at {minutes(stop.t_s)}"
            if silenced := silenced_after(stop.event):
                text += f", {silenced.words}"
            yield Fact("heard", text, "warn" if played < received else "")


def _items_of(index: EventIndex, record: Record) -> set[str]:
    response = get_object(record.event, "response")
    items = {get_str(item, "id") for item in get_objects(response, "output")} - {""}
    if items:
        return items
    identifier = get_str(response, "id")
    return {
        get_str(get_object(added.event, "item"), "id")
        for added in _records(index, record.n, ("response.output_item.added",))
        if identifier and get_str(added.event, "response_id") == identifier
    } - {""}


def _exchange(index: EventIndex, record: Record) -> Iterator[Fact]:
    """The request or the reply, and what ended an answer early."""
    name = canonical(record.type)
    if record.dir == "sent" and name in REPLIES:
        yield _reply(index, record)
    elif name == "response.done":
        yield from _causes(index, record)
    elif (n := pair_of(index, record.n)) is not None:
        label = "request" if index.direction(n) == "sent" else "pair"
        yield Fact(label, _event_at(index, n, record.t_s))


def _reply(index: EventIndex, record: Record) -> Fact:
    n = reply_of(index, record.n)
    if n is not None:
        return Fact("reply", _event_at(index, n, record.t_s), "bad" if index.error(n) else "")
    waited_s = index.t_s(index.count - 1) - record.t_s
    if waited_s >= REPLY_AFTER_S and is_unanswered(index, record.n):
        return Fact("reply", "! no reply", "warn")
    return Fact("reply", "none yet", "dim")


def _causes(index: EventIndex, record: Record) -> Iterator[Fact]:
    created = pair_of(index, record.n)
    request = request_of(index, created) if created is not None else None
    if request is not None:
        yield Fact("caused by", _event_at(index, request, record.t_s))
    response = get_object(record.event, "response")
    if get_str(get_object(response, "status_details"), "reason") == "turn_detected":
        speech = [
            each
            for each in _records(index, record.n, ("input_audio_buffer.speech_started",))
            if each.n < record.n
        ]
        if speech:
            yield Fact("hit by", _event_at(index, speech[-1].n, record.t_s))
    items = _items_of(index, record)
    for each in _records(index, record.n, ("conversation.item.truncate",)):
        if each.dir == "sent" and get_str(each.event, "item_id") in items:
            yield Fact("followed", _event_at(index, each.n, record.t_s))


def _event_at(index: EventIndex, n: int, from_s: float) -> str:
    """`session.updated 0:58.938, 38 ms later`."""
    apart_ms = round((index.t_s(n) - from_s) * 1000)
    when = "earlier" if apart_ms < 0 else "later"
    name = fit(index.type_name(n), 60)
    return f"{name} {minutes(index.t_s(n))}, {amount(abs(apart_ms))} ms {when}"


def _records(index: EventIndex, n: int, names: tuple[str, ...]) -> list[Record]:
    """The nearest records of these types around record n."""
    table = bytes(canonical(kind.type_name) in names for kind in index.kind_values())
    table = table.ljust(256, b"\0")
    first, end = max(0, n - _WINDOW), min(index.count, n + _WINDOW)
    numbers = list(compress(range(first, end), index.kind_bytes(first, end).translate(table)))
    near = sorted(numbers, key=lambda number: abs(number - n))[:_MOST_READ]
    return [index.record(number) for number in sorted(near)]


def details_of_row(index: EventIndex, view: EventView, row: Row) -> Details:
    """The details of a row of `view`, which is a view of `index`: of a folded row its figures with
    the last `MOST_EVENTS` of its events, else those of its record."""
    if row.count == 1:
        return details_of_record(index, row.last_n)
    numbers = view.members(row, MOST_EVENTS)
    return Details(index.record(row.last_n), _stream_facts(index, row, numbers), numbers, index)


def details_of_record(index: EventIndex, n: int) -> Details:
    """The details of record n."""
    record = index.record(n)
    return Details(record, summary(index, record), index=index)


def _stream_facts(index: EventIndex, row: Row, numbers: Sequence[int]) -> list[Fact]:
    """The figures of a folded row. numbers: its events, ascending."""
    figures = stream_figures(index, numbers)
    ids = id_facts(index.record(row.last_n))
    facts = [
        Fact("type", f"{row.type_name}, {_WAY[row.direction]} {minutes(row.t_s)}"),
        Fact("events", f"{amount(figures.count)} in {figures.seconds:.3f} s"),
    ]
    if figures.audio_ms:
        speed = f", {figures.speed:.1f}x real time" if figures.speed is not None else ""
        facts.append(Fact("sound", f"{figures.audio_ms / 1000:.2f} s{speed}"))
    first_ms, largest_ms = (
        amount(round(seconds * 1000)) for seconds in (figures.first_gap_s, figures.largest_gap_s)
    )
    where = f"before event {amount(figures.largest_gap_n)}"
    facts.append(Fact("gaps", f"first {first_ms} ms, largest {largest_ms} ms {where}"))
    return [*facts, *ids]
