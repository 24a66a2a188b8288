"""The row of tabs, and the marks at its right end."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.model.session.recording_status import NOT_WANTED, RecordingStatus
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    EngineSnapshot,
    SessionSnapshot,
    SessionState,
    SessionView,
    SoundLink,
)
from voicelive_tui.tui.unread_errors import UnreadErrors
from voicelive_tui.tui.widgets.spans import cells
from voicelive_tui.tui.widgets.top_bar import (
    TopBar,
    lasting_marks,
    recording_alarm,
    right_marks,
    service_badge,
    tab_spans,
    tab_titles,
)

from tests.tui.support.spans import text_of

NAMES = ("support", "casual-chat", "push-to-talk", "realtime", "interview")


def tab(key: str, recording: RecordingStatus = NOT_WANTED, **more: Any) -> SessionSnapshot:
    fields: dict[str, Any] = {"state": SessionState.CONNECTED, "folder": "/f", **more}
    return SessionSnapshot(key, key, recording=recording, **fields)


FIVE = (
    tab("support", on_air=True),
    tab("casual-chat"),
    tab("push-to-talk", state=SessionState.OFF),
    tab("realtime", state=SessionState.OFF),
    tab("interview", state=SessionState.FAILED),
)


def test_the_mark_names_the_other_tabs_whose_sessions_are_not_recorded() -> None:
    good, bad = (
        RecordingStatus(wanted=True),
        RecordingStatus(wanted=True, problem="The disk is full."),
    )
    assert recording_alarm([tab("a", good), tab("b", NOT_WANTED)], "a") == []
    assert recording_alarm([tab("a", good), tab("b", bad)], "a")[0][0] == " NOT RECORDING 2 "
    assert recording_alarm([tab("a", good), tab("b", bad)], "b")[0][0] == " NOT RECORDING "
    assert recording_alarm([tab("a", RecordingStatus(wanted=True, lost=3))], "a") == []


def test_a_tab_says_its_state_and_its_errors_by_glyphs() -> None:
    left, _ = tab_spans(FIVE, "support", {"interview": 2}, 88, 100)
    assert text_of(left) == (
        " [●1 support] ▶2 casual-chat   3 push-to-talk   4 realtime  ✗5 interview !2  + "
    )


def test_a_wide_screen_says_the_states_in_words() -> None:
    left, _ = tab_spans(FIVE, "support", {}, 150, 180)
    assert "[●1 support ON AIR]" in text_of(left)
    assert "▶2 casual-chat running" in text_of(left)
    assert "✗5 interview failed" in text_of(left)


def test_the_longest_names_are_cut_first() -> None:
    left, _ = tab_spans(FIVE, "support", {}, 66, 80)
    assert cells(left) <= 66
    assert "[●1 support]" in text_of(left)
    assert "2 casual…" in text_of(left)


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=12),
    st.integers(0, 11),
    st.integers(24, 200),
)
def test_the_current_tab_is_whole_and_every_name_keeps_six_cells(
    names: list[str], active: int, room: int
) -> None:
    sessions = [SessionSnapshot(str(at), name) for at, name in enumerate(names)]
    key = str(active % len(names))
    left, clicks = tab_spans(sessions, key, {}, room, 80)
    assert cells(left) <= room
    shown = text_of(left)
    assert f"{int(key) + 1} {names[int(key)][:5]}" in shown
    assert shown.count("[") == shown.count("]") == 1
    assert all(0 <= start < end <= cells(left) for start, end, _ in clicks)
    first = next(int(action[11:-1]) for _, _, action in clicks if action.startswith("screen"))
    assert shown.startswith(" <") == (first > 0)


def test_the_same_profile_twice_can_be_told_apart() -> None:
    twins = [SessionSnapshot("a", "support"), SessionSnapshot("b", "support")]
    assert tab_titles(twins) == [("support", ""), ("support", " (2)")]
    left, _ = tab_spans(twins, "a", {}, 27, 80)
    assert "2 suppo… (2)" in text_of(left)


def test_a_recording_says_when_it_was_made() -> None:
    recorded = SessionSnapshot(
        "k", "support", SessionState.RECORDED, folder="/s/2026-11-22T09-30-12_support"
    )
    assert tab_titles([recorded]) == [("support 22 Nov 09:30", "")]


async def test_a_new_title_is_drawn_although_nothing_else_has_changed() -> None:
    """A recording has its folder's name until all of it has been read."""
    folder = "/s/2026-11-22T09-30-12_support"
    bar = TopBar()
    async with App[None]().run_test(size=(100, 3)) as pilot:
        await pilot.app.mount(bar)
        await pilot.pause()
        for title in (folder.removeprefix("/s/"), "support"):
            session = SessionSnapshot("k", title, SessionState.RECORDED, folder=folder)
            bar.sync(EngineSnapshot(sessions={"k": session}), "k", {}, 0.0, without_sound=False)
    assert "support 22 Nov 09:30" in bar.text


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (tab("k"), " SIMULATOR "),
        (tab("k", service="azure", host="contoso.services.ai.azure.com"), " AZURE contoso "),
        (tab("k", service="url", host="localhost:8080"), " URL localhost:8080 "),
        (
            tab("k", service="url", destination=Destination("own.host", "", "none", "", True)),
            " URL own.host ",
        ),
        (tab("k", state=SessionState.RECORDED, service="azure"), " OFFLINE "),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_the_row_says_whom_one_talks_to(session: SessionSnapshot, words: str) -> None:
    assert text_of(service_badge(session)) == words


def test_lasting_marks_stay_when_the_screen_is_too_narrow_for_the_rest() -> None:
    bad = RecordingStatus(wanted=True, problem="The disk is full.")
    snapshot = EngineSnapshot({"a": tab("a", bad)}, on_air="a", muted=True)

    def marks(columns: int) -> str:
        return text_of(right_marks(snapshot, "a", columns, 0.0, without_sound=True))

    assert marks(120).split() == ["NOT", "RECORDING", "MUTED", "NO", "SOUND", "SIMULATOR"]
    assert marks(40).split() == ["NOT", "RECORDING", "MUTED"]
    assert marks(24) == " NOT RECORDING  "


def test_a_device_that_is_missing_is_no_sound_only_while_it_is_wanted() -> None:
    audio = AudioStatus(problem="No loudspeaker was found.")
    for on_air, wanted in ((None, False), ("a", True)):
        snapshot = EngineSnapshot({"a": tab("a")}, on_air=on_air, audio=audio)
        marks = text_of(right_marks(snapshot, "a", 80, 0.0, without_sound=False))
        assert ("NO SOUND" in marks) is wanted


def test_a_microphone_that_is_muted_elsewhere_is_a_mark_with_the_place() -> None:
    audio = AudioStatus("headset", running=True, link=SoundLink("lap\x1btop", muted=True))
    for muted in (False, True):
        snapshot = EngineSnapshot({"a": tab("a")}, on_air="a", audio=audio, muted=muted)
        marks = text_of(right_marks(snapshot, "a", 80, 0.0, without_sound=False))
        assert marks.startswith(" MUTED AT lap") and "\x1b" not in marks
        short = lasting_marks(snapshot, "a", 0.0, without_sound=False, short=True)
        assert text_of(short) == " MUTED "


@pytest.mark.parametrize(
    ("now_s", "age"), [(12.9, "2 s"), (22.0, "12 s"), (110.0, "1:40"), (5_000.0, "1:23:10")]
)
def test_a_lost_link_is_a_mark_with_its_age(now_s: float, age: str) -> None:
    audio = AudioStatus(problem="The link is lost.", link=SoundLink("laptop", "ssh", lost_s=10.0))
    snapshot = EngineSnapshot({"a": tab("a")}, on_air="a", audio=audio, muted=True)
    for columns in (80, 120):
        marks = right_marks(snapshot, "a", columns, now_s, without_sound=False)
        assert text_of(marks) == f" ✗ SOUND LINK LOST {age}   MUTED   SIMULATOR  "
        assert cells(marks) <= columns - 14
    (mark, _) = lasting_marks(snapshot, "a", now_s, without_sound=False, short=True)
    assert mark == (f" ✗ LINK LOST {age} ", "not-recording")


def test_errors_are_unread_until_a_key_is_pressed_on_their_tab() -> None:
    def live(errors: int) -> SessionSnapshot:
        return tab("k", view=SessionView(errors=errors))

    unread = UnreadErrors()
    assert unread.sync([live(0)]) == {}
    assert unread.sync([live(2)]) == {"k": 2}
    unread.acknowledge("other")
    assert unread.sync([live(3)]) == {"k": 3}
    unread.acknowledge("k")
    assert unread.sync([live(3)]) == {}
    assert unread.sync([live(4)]) == {"k": 1}
    assert unread.sync([live(0)]) == {}, "a session that was started anew"
    assert unread.sync([live(1)]) == {"k": 1}
    recorded = tab("r", state=SessionState.RECORDED, view=SessionView(errors=9))
    assert unread.sync([recorded]) == {}
