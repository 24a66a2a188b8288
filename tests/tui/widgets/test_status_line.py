"""The fields of the status line, and which of them remain on a narrow screen."""

import math

from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    SessionSnapshot,
    SessionState,
    SessionView,
)
from voicelive_tui.model.turns.latency import LatencyStats, Percentiles, TurnTotals
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.widgets.status_line import choose, seconds_to_tick, status_fields

from tests.tui.support.spans import text_of


def test_the_status_line_leaves_out_the_least_important_first() -> None:
    view = SessionView(
        turns=(Turn(7, 1.0, asked_s=2.0, heard_s=2.612),),
        totals=TurnTotals(latencies=LatencyStats(heard=Percentiles(1, 612, 612, 612))),
        input_tokens=1203,
        output_tokens=884,
        model="gpt-4o",
        expires_at_unix_s=3408,
    )
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, connected_s=0.0, view=view)
    fields = status_fields(session, AudioStatus(host="studio"), 192.0, 0.0)
    whole = text_of(choose(fields, 200))
    assert whole.strip() == (
        "connected  gpt-4o  00:03:12  expires 56:48  turn 7  heard 612 ms  p50 612 p95 612  tok 1 "
        "203 in 884 out  sound of studio"
    )
    narrow = text_of(choose(fields, 60))
    assert len(narrow) <= 60
    assert "heard 612 ms" in narrow
    assert "expires" not in narrow


def test_the_clock_of_a_wait_for_the_next_try_runs() -> None:
    waits = SessionSnapshot("k", "k", SessionState.RECONNECTING, connected_s=0.0, retry_at_s=60.25)
    assert seconds_to_tick(waits, 10.0, 0.0) == 0.25
    first_try = SessionSnapshot("k", "k", SessionState.RECONNECTING, retry_at_s=60.25)
    assert seconds_to_tick(first_try, 10.0, 0.0) == 0.25
    assert seconds_to_tick(SessionSnapshot("k", "k", SessionState.ENDED), 10.0, 0.0) == math.inf
