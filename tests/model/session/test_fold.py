"""The fold over a whole session: its totals, and that no event makes it raise."""

import json
from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.events.event_types import summarize
from voicelive_tui.model.events.gists.table import GISTS
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.model.turns.latency import LatencyStats, Percentiles, percentile

from tests.support.memory_journal import MemoryJournal
from tests.support.wrong_events import wrong_events


def test_totals() -> None:
    journal = MemoryJournal()
    journal(
        "<", 0.1, "session.created", session={"id": "sess_1", "model": "gpt-4o", "voice": "alloy"}
    )
    journal(
        "<",
        0.2,
        "session.updated",
        session={"id": "sess_1", "model": "gpt-4o", "expires_at": 1_800_000_000},
    )
    journal("=", 1, "console.underrun", item_id="a1", gap_ms=40)
    journal("=", 1, "console.dropped", blocks=3, what="microphone")
    journal("=", 1, "console.dropped", blocks=2, what="microphone")
    journal("<", 2, "error", error={"message": "no"})
    journal.done(3, usage={"input_tokens": 20, "output_tokens": 10, "total_tokens": 30})
    journal.done(4, "r2", usage={"input_tokens": 5, "output_tokens": 1, "total_tokens": 6})
    view = journal.view
    assert (view.session_id, view.model, view.expires_at_unix_s) == (
        "sess_1",
        "gpt-4o",
        1_800_000_000,
    )
    assert (view.underruns, view.dropped_blocks, view.errors) == (1, 5, 1)
    assert (view.input_tokens, view.output_tokens, view.last_t_s) == (25, 11, 4)
    assert "voice" not in view.effective


def test_the_view_is_kept_until_the_next_record() -> None:
    journal = MemoryJournal()
    journal("<", 0.1, "session.created", session={"id": "s"})
    view = journal.view
    assert journal.view is view
    journal("<", 0.2, "session.updated", session={"id": "s"})
    assert journal.view is not view


DEEP = json.loads("[" * 600 + "]" * 600)
FIELDS = [
    "",
    *(
        "item",
        "id",
        "item_id",
        "response_id",
        "response",
        "output",
        "role",
        "content",
        "text",
        "transcript",
        "delta",
        "status",
    ),
    *(
        "audio",
        "bytes",
        "usage",
        "input_tokens",
        "error",
        "message",
        "code",
        "call_id",
        "previous_item_id",
        "event_id",
        "part",
    ),
    *(
        "session",
        "content_index",
        "audio_end_ms",
        "audio_start_ms",
        "played_ms",
        "received_ms",
        "audio_offset_ms",
        "reason",
        "on",
    ),
    *(
        "output_audio_format",
        "expires_at",
        "status_details",
        "arguments",
        "name",
        "tools",
        "rate_limits",
        "warning",
        "blocks",
        "frames",
    ),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["u1", "a1", "r1", "user", "message", DEEP]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=8,
)
EVENT = st.builds(
    lambda kind, fields: {**fields, "type": kind},
    st.sampled_from(sorted(GISTS)) | st.text(max_size=5),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8),
)


@given(st.lists(st.tuples(st.sampled_from(["sent", "received", "local"]), EVENT), max_size=25))
def test_no_event_stops_the_fold(events: list[tuple[Any, dict[str, Any]]]) -> None:
    fold = SessionFold()
    for n, (direction, event) in enumerate(events):
        summarize(event)
        fold.apply(Record(n, n / 10, direction, event))
        fold.view()
    assert all(0 <= line.first_n <= line.last_n < len(events) for line in fold.view().transcript)
    assert all(
        line.spoken_chars is None or 0 <= line.spoken_chars <= len(line.text)
        for line in fold.view().transcript
    )


@given(st.lists(st.tuples(st.sampled_from(["received", "sent"]), wrong_events()), max_size=8))
def test_known_events_with_wrong_values_in_every_field(
    events: list[tuple[Any, dict[str, Any]]],
) -> None:
    fold = SessionFold()
    for n, (direction, event) in enumerate(events):
        fold.apply(Record(n, float(n), direction, event))
        fold.view()
        summarize(event)


def percentiles(measured: Iterable[float | None]) -> Percentiles:
    """Return the percentiles of all values, sorted at once."""
    values = [value for value in measured if value is not None]
    return (
        Percentiles(len(values), values[-1], percentile(values, 0.50), percentile(values, 0.95))
        if values
        else Percentiles()
    )


@given(
    st.lists(st.tuples(st.sampled_from(["received", "sent"]), EVENT | wrong_events()), max_size=12)
)
def test_a_view_that_was_read_all_along_is_that_of_one_read_at_the_end(
    events: list[tuple[Any, dict[str, Any]]],
) -> None:
    live, recorded = SessionFold(), SessionFold()
    for n, (direction, event) in enumerate(events):
        live.apply(Record(n, float(n), direction, event))
        live.view()
        recorded.apply(Record(n, float(n), direction, event))
    assert live.view().transcript == recorded.view().transcript
    assert live.view().turns == recorded.view().turns
    view = live.view()
    heard = percentiles(turn.heard_ms for turn in view.turns)
    assert view.totals.latencies == LatencyStats(
        heard, percentiles(turn.first_audio_ms for turn in view.turns)
    )
    assert view.totals.interrupted == sum(turn.interrupted for turn in view.turns)


def test_a_note_about_an_earlier_moment_shortens_no_session() -> None:
    journal = MemoryJournal()
    journal("<", 9, "session.created", session={"id": "s"})
    journal("=", 2, "console.mark", note="too loud", item_id="")
    assert journal.view.last_t_s == 9


def test_the_tokens_of_a_response_that_ends_twice_are_counted_once() -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1")
    journal("<", 2.1, "response.created", response={"id": "r1"})
    for t_s in (3, 4):
        journal.done(t_s, "r1", usage={"input_tokens": 20, "output_tokens": 10})
    assert (journal.view.input_tokens, journal.view.output_tokens) == (20, 10)
    assert journal.turn(1).usage.input_tokens == 20
