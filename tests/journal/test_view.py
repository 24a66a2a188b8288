"""The rows of a view equal those of a plain implementation."""

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.view import EventView, Row
from voicelive_tui.model.events.filters import Filter, parse_filter
from voicelive_tui.model.events.record import Direction

Shape = tuple[Direction, str, bool, float]
SHAPES: list[Shape] = [
    ("sent", "input_audio_buffer.append", False, 20.0),
    ("received", "response.audio.delta", False, 100.0),
    ("received", "response.audio_transcript.delta", False, 0.0),
    ("received", "response.done", False, 0.0),
    ("received", "error", True, 0.0),
    ("local", "console.notice", False, 0.0),
    ("local", "console.playback_started", False, 0.0),
    ("received", "input_audio_buffer.speech_started", False, 0.0),
]
STREAMED = SHAPES[:3]
Entry = tuple[Shape, int, float]
"""A record: its shape, the item that it belongs to, and how many seconds ago it happened."""


def add(index: EventIndex, shape: Shape, item: int = 0, ago_s: float = 0.0) -> None:
    direction, type_name, error, audio_ms = shape
    n = index.count
    t_s = n / 10 - ago_s
    event = {"type": type_name, "text": f"word{n % 3}"}
    if shape in SHAPES[1:3]:
        event |= {"response_id": "resp", "item_id": f"item{item}"}
    line = json.dumps({"n": n, "t": t_s, "dir": direction, "event": event})
    index.store.put(n, line.encode())
    index.add(
        t_s=t_s,
        kind=Kind(direction, type_name, error),
        size_bytes=len(line),
        audio_ms=audio_ms,
        event=event,
    )


def wanted(expression: str) -> Filter:
    found = parse_filter(expression)
    assert isinstance(found, Filter)
    return found


def plain_streams(index: EventIndex) -> list[int]:
    """Return for each record the first one of its stream, as computed without regard to speed."""
    firsts: list[int] = []
    open_streams: dict[object, int] = {}
    for n in range(index.count):
        kind, event = index.kind(n), index.record(n).event
        if (kind.direction, kind.type_name) in {shape[:2] for shape in STREAMED}:
            key: object = (kind, event.get("item_id"))
            if "delta" in kind.type_name:
                open_streams.pop("local", None)
        elif kind.direction == "local":
            key = "local"
            previous = open_streams.get(key)
            if previous is not None and index.record(previous).event != event:
                del open_streams[key]
        else:
            key = n
            open_streams.pop("local", None)
            if "speech_started" in kind.type_name:
                open_streams.pop((Kind(*STREAMED[0][:3]), None), None)
        firsts.append(open_streams.setdefault(key, n))
    return firsts


def plain_rows(index: EventIndex, expression: str, collapse: bool) -> list[Row]:
    """Return the rows as computed without regard to speed."""
    rule, firsts = wanted(expression), plain_streams(index)
    rows: dict[int, list[int]] = {}
    for n in range(index.count):
        kind = index.kind(n)
        if rule.matches(kind.direction, kind.type_name, error=kind.error, line=index.line(n)):
            rows.setdefault(firsts[n] if collapse else n, []).append(n)
    return [
        Row(
            first_n=ns[0],
            last_n=ns[-1],
            count=len(ns),
            audio_ms=sum(index.audio_ms(n) for n in ns),
            t_s=index.t_s(ns[0]),
            direction=index.direction(ns[0]),
            type_name=index.type_name(ns[0]),
        )
        for ns in sorted(rows.values(), key=lambda ns: (index.t_s(ns[0]), ns[0]))
    ]


EXPRESSIONS = [
    "",
    "-append",
    "delta",
    ">",
    "< -delta",
    "error",
    '"word1"',
    '-"word1" -append',
    "nothing",
    'delta "word0"',
    "word1 or (notice -error)",
    "/word[02]/ -append",
]
ENTRIES = st.tuples(
    st.sampled_from(SHAPES), st.integers(0, 1), st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.35, 9.0])
)


@settings(deadline=None)
@given(
    st.lists(st.lists(ENTRIES, max_size=12), max_size=6),
    st.sampled_from(EXPRESSIONS),
    st.booleans(),
)
def test_rows_are_what_a_plain_list_would_show(
    batches: list[list[Entry]], expression: str, collapse: bool
) -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    view.set_collapse(collapse)
    view.set_filter(wanted(expression))
    for batch in batches:
        for shape, item, ago_s in batch:
            add(index, shape, item, ago_s if shape[0] == "local" else 0.0)
        before = view.rows
        assert view.sync() == view.rows - before
        expected = plain_rows(index, expression, collapse)
        assert [view.row(i) for i in range(view.rows)] == expected
        for i, row in enumerate(expected):
            assert view.row_of(row.first_n) == view.row_of(row.last_n) == i
            assert view.shows(row.first_n)
            assert len(view.members(row)) == row.count
        assert list(view.numbers) == sorted(n for row in expected for n in view.members(row))
    view.set_collapse(not collapse)
    assert [view.row(i) for i in range(view.rows)] == plain_rows(index, expression, not collapse)


def test_a_run_goes_on_over_records_that_are_hidden() -> None:
    index = EventIndex(LineStore(None))
    for shape in itertools.islice(itertools.cycle(SHAPES[:2]), 10):
        add(index, shape)
    view = EventView(index)
    view.set_filter(wanted("-append"))
    assert (view.rows, view.row(0).count, view.row(0).audio_ms) == (1, 5, 500.0)


def shown(view: EventView) -> list[tuple[str, int, int, int]]:
    return [
        (row.type_name.rpartition("_")[2], row.first_n, row.last_n, row.count)
        for row in map(view.row, range(view.rows))
    ]


def test_a_stream_is_one_row_whatever_comes_between() -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    for at in (1, 2, 3, 1, 5, 2, 1, 4, 1):
        add(index, SHAPES[at])
        view.sync()
    assert [row[1:] for row in shown(view)] == [
        (0, 8, 4),
        (1, 5, 2),
        (2, 2, 1),
        (4, 4, 1),
        (7, 7, 1),
    ]
    assert view.row(0).audio_ms == 400.0


def test_streams_of_two_items_are_two_rows() -> None:
    index = EventIndex(LineStore(None))
    for item in (0, 1, 0, 1, 1):
        add(index, SHAPES[1], item)
    view = EventView(index)
    view.sync()
    assert [row[1:] for row in shown(view)] == [(0, 2, 2), (1, 4, 3)]


def test_microphone_blocks_are_one_row_from_one_beginning_of_speech_to_the_next() -> None:
    index = EventIndex(LineStore(None))
    for at in (0, 3, 0, 7, 0, 1, 0):
        add(index, SHAPES[at])
    view = EventView(index)
    view.set_filter(wanted("append|speech"))
    assert [row[1:] for row in shown(view)] == [(0, 2, 2), (3, 3, 1), (4, 6, 2)]


def test_equal_facts_of_this_machine_are_one_row_until_something_else_happens() -> None:
    index = EventIndex(LineStore(None))
    retry = {"type": "console.retry", "sentence": "no route"}
    for attempt, event in enumerate([retry, retry, {**retry, "sentence": "refused"}, retry]):
        index.store.put(attempt, b"{}")
        index.add(
            t_s=attempt,
            kind=Kind("local", "console.retry", False),
            size_bytes=0,
            audio_ms=0.0,
            event={**event, "attempt": attempt},
        )
    view = EventView(index)
    view.sync()
    assert [row[3] for row in shown(view)] == [2, 1, 1]
    view.set_collapse(False)
    assert view.rows == 4


def test_a_fact_stands_where_it_happened_and_no_distance_is_negative() -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    for ago_s, at in [(0.0, 3), (0.0, 3), (0.0, 3), (0.15, 6), (0.0, 3), (0.25, 5)]:
        add(index, SHAPES[at], ago_s=ago_s)
        view.sync()
    assert [row[1] for row in shown(view)] == [0, 1, 3, 2, 5, 4]
    times_s = [view.row(i).t_s for i in range(view.rows)]
    assert times_s == sorted(times_s)
    assert view.row_of(3) == 2


@pytest.mark.parametrize("agos_s", [(0, 5), (0, 5, 0), (0, 9, 5, 0), (5, 0, 9)])
def test_a_stream_over_which_the_clock_ran_backwards_has_all_its_records(
    agos_s: tuple[float, ...],
) -> None:
    index = EventIndex(LineStore(None))
    for ago_s in agos_s:
        add(index, SHAPES[0], ago_s=ago_s)
    view = EventView(index)
    view.sync()
    (row,) = (view.row(at) for at in range(view.rows))
    assert sorted(view.members(row)) == list(range(len(agos_s)))
    assert len(view.members(row, 1)) == 1


def test_a_gap_is_the_distance_to_the_row_above_and_errors_stay() -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    view.set_filter(wanted("done gap>150ms"))
    for at in (3, 1, 1, 3, 3, 4, 1, 1, 3):
        add(index, SHAPES[at])
        view.sync()
    assert [row[1] for row in shown(view)] == [3, 5, 8]
    assert list(view.numbers) == [3, 5, 8]
    view.set_filter(wanted("done gap<150ms"))
    assert [row[1] for row in shown(view)] == [4, 5]


def test_the_last_run_grows_without_a_new_row() -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    add(index, SHAPES[0])
    assert view.sync() == 1
    add(index, SHAPES[0])
    assert view.sync() == 0
    assert (view.row(0).count, view.row(0).last_n) == (2, 1)


def test_row_of_a_hidden_record_is_the_one_before() -> None:
    index = EventIndex(LineStore(None))
    for shape in (SHAPES[3], SHAPES[0], SHAPES[4]):
        add(index, shape)
    view = EventView(index)
    view.set_filter(wanted("-append"))
    assert [view.row_of(n) for n in range(3)] == [0, 0, 1]
    assert EventView(EventIndex(LineStore(None))).row_of(5) == 0


def test_errors_are_found_in_both_directions_and_hidden_ones_are_passed() -> None:
    index = EventIndex(LineStore(None))
    for name in ("a", "error", "b", "x.failed", "c", "error"):
        add(index, ("received", name, name in ("error", "x.failed"), 0.0))
    view = EventView(index)
    view.sync()
    assert (view.next_error(0, 1), view.next_error(1, 1), view.next_error(5, 1)) == (1, 3, None)
    assert (view.next_error(5, -1), view.next_error(1, -1), view.next_error(0, -1)) == (
        3,
        None,
        None,
    )
    view.set_filter(wanted("-failed"))
    assert (view.next_error(1, 1), view.next_error(view.rows - 1, -1)) == (view.rows - 1, 1)
    assert EventView(EventIndex(LineStore(None))).next_error(0, 1) is None


def test_more_types_than_a_byte_can_count() -> None:
    """A hostile service may invent a type for each event."""
    index = EventIndex(LineStore(None))
    for n in range(600):
        add(index, ("received", f"invented.{n}.delta", n % 100 == 99, 1.0))
    view = EventView(index)
    view.sync()
    assert [view.row(i).type_name for i in range(view.rows)] == [
        f"invented.{n}.delta" for n in range(600)
    ]
    view.set_filter(wanted("invented.59"))
    assert [view.row(i).first_n for i in range(view.rows)] == [
        *(59, 99, 199, 299, 399, 499),
        *range(590, 600),
    ]
    view.set_filter(wanted("error"))
    assert [view.row(i).first_n for i in range(view.rows)] == [99, 199, 299, 399, 499, 599]


def test_a_hundred_thousand_records_and_late_ones_among_them() -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    view.set_filter(wanted("type:delta|started"))
    chance = random.Random(7)
    for shape in chance.choices(SHAPES, weights=[50, 40, 8, 1, 1, 1, 1, 1], k=100_000):
        direction, type_name, error, audio_ms = shape
        n = index.count
        index.add(
            t_s=n / 100 - (0.5 if "playback" in type_name else 0.0),
            kind=Kind(direction, type_name, error),
            size_bytes=1,
            audio_ms=audio_ms,
            event={"item_id": f"item_{n // 500}"},
        )
        if not n % 1000:
            view.sync()
    view.sync()
    expected = sum(
        "delta" in name or "started" in name or name == "error"
        for name in map(index.type_name, range(index.count))
    )
    assert view.records == expected
    rows = [view.row(i) for i in range(view.rows)]
    assert sum(row.count for row in rows) == expected
    assert all(before.t_s <= after.t_s for before, after in itertools.pairwise(rows))
    assert sum(row.type_name == "response.audio.delta" for row in rows) == 200


@pytest.mark.parametrize("i", [-1, 1])
def test_a_row_that_is_not_there(i: int) -> None:
    index = EventIndex(LineStore(None))
    add(index, SHAPES[0])
    view = EventView(index)
    view.sync()
    with pytest.raises(IndexError):
        view.row(i)
