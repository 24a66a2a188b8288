"""What a run says when it is over."""

import pytest
from voicelive_tui.headless.run_summary import recorded_sentence, unrecorded_sentence
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (SessionState.ENDED, "The disk did not answer"),
        (SessionState.FAILED, "The disk did not answer"),
        (SessionState.CONNECTED, "The session did not close in time"),
        (SessionState.CLOSING, "The session did not close in time"),
    ],
)
def test_only_a_disk_that_was_asked_is_blamed(state: SessionState, cause: str) -> None:
    session = SessionSnapshot(
        "a", "a", state, folder="/sessions/a", recording=RecordingStatus(wanted=True)
    )
    assert session.recording.incomplete
    assert unrecorded_sentence(session) == (
        f"{cause}, so the end of this conversation may be missing in /sessions/a."
    )


def test_the_path_of_a_recording_can_be_copied_into_a_shell() -> None:
    session = SessionSnapshot("a", "support", SessionState.ENDED, folder="/my sessions/a;b")
    assert recorded_sentence(session) == "support is recorded in '/my sessions/a;b'"
