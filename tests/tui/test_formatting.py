"""Times, amounts and states as the screen shows them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.session.recording_status import NOT_WANTED, RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import (
    amount,
    clock,
    countdown,
    dbfs,
    duration,
    gap,
    minutes,
    notice_time,
    recorded_where,
    time_text,
    whole_ms,
)


@pytest.mark.parametrize(
    ("t_s", "shown"),
    [
        (0, "00:00.000"),
        (43.117, "00:43.117"),
        (59.9996, "01:00.000"),
        (3843.117, "1:04:03.117"),
        (-0.25, "-00:00.250"),
    ],
)
def test_minutes(t_s: float, shown: str) -> None:
    assert minutes(t_s) == shown


def test_times_are_cut_and_not_rounded() -> None:
    assert [time_text(t_s) for t_s in (0, 43.199, 59.99, 600.1, 3661.25)] == [
        "0:00.0",
        "0:43.1",
        "0:59.9",
        "10:00.1",
        "1:01:01.2",
    ]
    assert time_text(59.99, tenths=False) == "0:59"
    assert time_text(3725.0, tenths=False) == "1:02:05"


def test_milliseconds_are_cut_and_exact_ones_stay() -> None:
    assert [whole_ms(ms) for ms in (742.9, 1.005 * 1000, (52.9 - 52.2) * 1000)] == [742, 1005, 700]


def test_times_and_amounts_are_worded_like_instruments() -> None:
    assert clock(192.9) == "00:03:12"
    assert countdown(3408) == "56:48"
    assert countdown(3723) == "1:02:03"
    assert countdown(-5) == "00:00"
    assert [duration(t_s) for t_s in (0, 99.9, 100, 3723)] == ["0 s", "99 s", "1:40", "1:02:03"]
    assert amount(5031) == "5 031"
    assert dbfs(-60.0) == " -inf"
    assert dbfs(-18.24) == "-18.2"


@given(st.floats(-10, 400_000))
def test_a_gap_never_needs_more_than_its_column(delta_s: float) -> None:
    assert len(gap(delta_s)) <= 7


def tab(key: str, recording: RecordingStatus) -> SessionSnapshot:
    return SessionSnapshot(key, key, SessionState.CONNECTED, folder="/f", recording=recording)


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        (
            RecordingStatus(wanted=True, closed=True),
            "Nothing is lost: the session is recorded in /f.",
        ),
        (
            NOT_WANTED,
            "Nothing is lost: the session is recorded in /f.",
        ),  # a recording that was opened
        (
            RecordingStatus(wanted=True, problem="The disk is full."),
            "A part of this session is not recorded",
        ),
        (
            RecordingStatus(wanted=True, lost=1, closed=True),
            "A part of this session is not recorded",
        ),
    ],
)
def test_a_failed_export_says_truly_where_the_session_is(
    recording: RecordingStatus, words: str
) -> None:
    assert words in recorded_where(tab("a", recording))


def test_a_notice_has_the_time_of_its_session_else_of_the_day() -> None:
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, connected_s=100.0)
    assert notice_time(session, 161.29, 0.0, True) == "1:01.2"
    assert notice_time(session, 100.0, 0.0, True) == "0:00.0"
    of_the_day = time.strftime("%H:%M", time.localtime(0.0))
    assert notice_time(session, 99.0, 0.0, True) == of_the_day
    assert notice_time(None, 99.0, 0.0, True) == of_the_day
    assert notice_time(None, 99.0, 0.0, False) == "start"
