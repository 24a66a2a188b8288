"""Sessions on a disk that accepts nothing: they go on, report it, and are written as soon as that
is possible."""

from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import engine_harness, profile
from tests.support.small_disks import freezing_disk

WRITER = profile("writer", modalities=["text"])


@pytest.fixture(autouse=True, scope="module")
def patient_journals() -> None:
    """Here a journal begins without its folder as soon as it does at a user's."""


def test_a_session_that_cannot_be_recorded_goes_on_and_the_next_one_lets_it_go(
    tmp_path: Path,
) -> None:
    (tmp_path / "state").write_text("in the way")
    with engine_harness(tmp_path) as harness:
        harness.start(of=WRITER)
        harness.until_event("session.updated")
        assert harness.session().recording.stopped
        assert harness.session().folder == ""
        harness.until(
            lambda: any("cannot be recorded yet" in text for text in harness.texts()), "a sentence"
        )
        assert harness.until_event("console.notice")["level"] == "error"
        harness.stop()
        harness.until(lambda: harness.session().recording.closed, "a closed journal")
        assert harness.session().recording.incomplete
        harness.start()
        harness.until(lambda: harness.session().attempt == 2, "a second start")
        harness.stop()
    # `engine_harness` has checked that neither journal left a thread.


def test_a_running_session_is_written_from_its_beginning_when_its_folder_can_be_made(
    tmp_path: Path,
) -> None:
    (tmp_path / "state").write_text("in the way")
    with engine_harness(tmp_path) as harness:
        harness.start(of=WRITER)
        harness.until_event("session.updated")
        (tmp_path / "state").unlink()
        harness.until(lambda: not harness.session().recording.stopped, "a folder")
        harness.until(
            lambda: any(text.startswith("Recording again in") for text in harness.texts()),
            "a sentence",
        )
        harness.stop()
        harness.until(lambda: harness.session().recording.closed, "a closed journal")
        shown = harness.session()
        assert shown.state is SessionState.ENDED
        assert not shown.recording.incomplete
    recorded = read_folder(shown.folder)
    assert recorded.problems == ()
    assert recorded.index.record(0).type == "console.connected"
    notices = [
        recorded.index.record(n).event
        for n in range(recorded.index.count)
        if "notice" in recorded.index.type_name(n)
    ]
    assert [notice["level"] for notice in notices] == ["error", "info"]
    recorded.index.close()


def test_a_closed_tab_leaves_no_thread_behind(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with engine_harness(tmp_path) as harness:
        harness.start(of=WRITER)
        harness.engine.post(intents.CloseTab("a"))
        harness.until(lambda: not harness.engine.snapshot().sessions, "no tab")


def test_a_session_does_not_wait_for_a_disk_that_does_not_answer(tmp_path: Path) -> None:
    with freezing_disk(tmp_path / "state") as disk, engine_harness(tmp_path) as harness:
        with disk.frozen():
            harness.start(of=WRITER)
            harness.until_event("session.updated")
            assert harness.session().recording.stopped
            harness.until(
                lambda: any("the disk does not answer" in text for text in harness.texts()),
                "a sentence",
            )
        harness.until(lambda: not harness.session().recording.stopped, "a folder")
        harness.stop()
        harness.until(lambda: harness.session().recording.closed, "a closed journal")
        recorded = read_folder(harness.session().folder)
        assert recorded.problems == ()
        assert recorded.index.record(0).type == "console.connected"
        recorded.index.close()


def test_a_session_that_is_called_off_while_the_disk_does_not_answer_leaves_no_thread_behind(
    tmp_path: Path,
) -> None:
    with (
        freezing_disk(tmp_path / "state") as disk,
        engine_harness(tmp_path) as harness,
        disk.frozen(),
    ):
        harness.engine.post(intents.OpenTab("a", WRITER))
        harness.engine.post(intents.Start("a"))
        harness.until(
            lambda: harness.engine.snapshot().sessions and harness.session().recording.wanted,
            "an open socket",
        )
        harness.stop()
        assert not harness.session().recording.incomplete
    # `engine_harness` has checked that the journal left no thread.
