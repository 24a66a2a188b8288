"""The mark for sessions that are not recorded."""

from voicelive_tui.model.session.recording_status import NOT_WANTED, RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.widgets.top_bar import recording_alarm


def tab(key: str, recording: RecordingStatus) -> SessionSnapshot:
    return SessionSnapshot(key, key, SessionState.CONNECTED, folder="/f", recording=recording)


def test_the_mark_names_the_other_tabs_whose_sessions_are_not_recorded() -> None:
    good, bad = (
        RecordingStatus(wanted=True),
        RecordingStatus(wanted=True, problem="The disk is full."),
    )
    assert recording_alarm([tab("a", good), tab("b", NOT_WANTED)], "a") == []
    assert recording_alarm([tab("a", good), tab("b", bad)], "a")[0][0] == " NOT RECORDING 2 "
    assert recording_alarm([tab("a", good), tab("b", bad)], "b")[0][0] == " NOT RECORDING "
    assert recording_alarm([tab("a", RecordingStatus(wanted=True, lost=3))], "a") == []
