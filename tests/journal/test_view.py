"""The rows of a view equal those of a plain implementation."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.view import EventView, Row
from voicelive_tui.model.events.event_types import is_streaming
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
]


def add(index: EventIndex, shape: Shape) -> None:
    direction, type_name, error, audio_ms = shape
    n = index.count
    line = (
        f'{{"n":{n},"t":{n / 10},"dir":"{direction}",'
        f'"event":{{"type":"{type_name}","text":"word{n % 3}"}}}}'
    )
    index.store.put(n, line.encode())
    index.add(
        t_s=n / 10, kind=Kind(direction, type_name, error), size_bytes=len(line), audio_ms=audio_ms
    )


def wanted(expression: str) -> Filter:
    found = parse_filter(expression)
    assert isinstance(found, Filter)
    return found


def plain_rows(index: EventIndex, expression: str, collapse: bool) -> list[Row]:
    """Return the rows as computed without regard to speed."""
    rule = wanted(expression)
    rows: list[list[int]] = []
    stretch: dict[Kind, list[int]] = {}
    for n in range(index.count):
        kind = index.kind(n)
        if not rule.matches(kind.direction, kind.type_name, error=kind.error, line=index.line(n)):
            continue
        if not (collapse and is_streaming(kind.type_name)):
            stretch = {}
            rows.append([n])
        elif kind in stretch:
            stretch[kind].append(n)
        else:
            rows.append([n])
            stretch[kind] = rows[-1]
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
        for ns in rows
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
]


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(SHAPES), max_size=12), max_size=6),
    st.sampled_from(EXPRESSIONS),
    st.booleans(),
)
def test_rows_are_what_a_plain_list_would_show(
    batches: list[list[Shape]], expression: str, collapse: bool
) -> None:
    index = EventIndex(LineStore(None))
    view = EventView(index)
    view.set_collapse(collapse)
    view.set_filter(wanted(expression))
    for batch in batches:
        for shape in batch:
            add(index, shape)
        before = view.rows
        assert view.sync() == view.rows - before
        expected = plain_rows(index, expression, collapse)
        assert [view.row(i) for i in range(view.rows)] == expected
        for i, row in enumerate(expected):
            assert view.row_of(row.first_n) == view.row_of(row.last_n) == i
    view.set_collapse(not collapse)
    assert [view.row(i) for i in range(view.rows)] == plain_rows(index, expression, not collapse)


def test_a_run_goes_on_over_records_that_are_hidden() -> None:
    index = EventIndex(LineStore(None))
    for shape in itertools.islice(itertools.cycle(SHAPES[:2]), 10):
        add(index, shape)
    view = EventView(index)
    view.set_filter(wanted("-append"))
    assert (view.rows, view.row(0).count, view.row(0).audio_ms) == (1, 5, 500.0)


def test_what_streams_side_by_side_is_one_row_each_until_something_else_happens() -> None:
    index = EventIndex(LineStore(None))
    for at in (1, 2, 1, 0, 1, 3, 2, 1):
        add(index, SHAPES[at])
    view = EventView(index)
    view.sync()
    assert [
        (row.type_name, row.first_n, row.last_n, row.count)
        for row in map(view.row, range(view.rows))
    ] == [
        ("response.audio.delta", 0, 4, 3),
        ("response.audio_transcript.delta", 1, 1, 1),
        ("input_audio_buffer.append", 3, 3, 1),
        ("response.done", 5, 5, 1),
        ("response.audio_transcript.delta", 6, 6, 1),
        ("response.audio.delta", 7, 7, 1),
    ]


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
    assert [view.row(i).first_n for i in range(view.rows)] == [59, *range(590, 600)]
    view.set_filter(wanted("error"))
    assert [view.row(i).first_n for i in range(view.rows)] == [99, 199, 299, 399, 499, 599]


def test_a_hundred_thousand_rows() -> None:
    index = EventIndex(LineStore(None))
    chance = random.Random(7)
    shapes = chance.choices(SHAPES, weights=[50, 40, 8, 1, 1, 1], k=100_000)
    for direction, type_name, error, audio_ms in shapes:
        index.add(t_s=1.0, kind=Kind(direction, type_name, error), size_bytes=1, audio_ms=audio_ms)
    view = EventView(index)
    view.set_filter(wanted("delta"))
    assert view.records == sum(shape[1].endswith(".delta") for shape in shapes)
    assert sum(view.row(i).count for i in range(view.rows)) == view.records


@pytest.mark.parametrize("i", [-1, 1])
def test_a_row_that_is_not_there(i: int) -> None:
    index = EventIndex(LineStore(None))
    add(index, SHAPES[0])
    view = EventView(index)
    view.sync()
    with pytest.raises(IndexError):
        view.row(i)
