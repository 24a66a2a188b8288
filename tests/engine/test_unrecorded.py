"""Sessions on a disk that takes nothing: they go on, say so, and are written as soon as that is possible."""

from pathlib import Path

from voicelive_tui.engine import intents
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.snapshot import SessionState

from tests.support.engines import profile, running
from tests.support.small_disks import freezing_disk

WRITER = profile("writer", modalities=["text"])


def test_a_session_that_cannot_be_recorded_goes_on_and_the_next_one_lets_it_go(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with running(tmp_path) as bench:
        bench.start(of=WRITER)
        bench.until_event("session.updated")
        assert bench.session().recording.stopped
        assert bench.session().folder == ""
        bench.until(lambda: any("cannot be recorded in" in text for text in bench.texts()), "a sentence")
        assert bench.until_event("console.notice")["level"] == "error"
        bench.stop()
        bench.until(lambda: bench.session().recording.closed, "a closed journal")
        assert bench.session().recording.incomplete
        bench.start()
        bench.until(lambda: bench.session().attempt == 2, "a second start")
        bench.stop()
    # `running` has seen that neither journal left a thread.


def test_a_running_session_is_written_from_its_beginning_when_its_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with running(tmp_path) as bench:
        bench.start(of=WRITER)
        bench.until_event("session.updated")
        (tmp_path / "state").unlink()
        bench.until(lambda: not bench.session().recording.stopped, "a folder")
        bench.until(lambda: any(text.startswith("Recording again in") for text in bench.texts()), "a sentence")
        bench.stop()
        bench.until(lambda: bench.session().recording.closed, "a closed journal")
        shown = bench.session()
        assert shown.state is SessionState.ENDED
        assert not shown.recording.incomplete
    recorded = read_folder(shown.folder)
    assert recorded.problems == ()
    assert recorded.index.record(0).type == "console.connected"
    notices = [recorded.index.record(n).event for n in range(recorded.index.count) if "notice" in recorded.index.type_name(n)]
    assert [notice["level"] for notice in notices] == ["error", "info"]
    recorded.index.close()


def test_a_closed_tab_leaves_no_thread_behind(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with running(tmp_path) as bench:
        bench.start(of=WRITER)
        bench.engine.post(intents.CloseTab("a"))
        bench.until(lambda: not bench.engine.snapshot().sessions, "no tab")


def test_a_session_does_not_wait_for_a_disk_that_does_not_answer(tmp_path: Path) -> None:
    with freezing_disk(tmp_path / "state") as disk, running(tmp_path) as bench:
        with disk.frozen():
            bench.start(of=WRITER)
            bench.until_event("session.updated")
            assert bench.session().recording.stopped
            bench.until(lambda: any("the disk does not answer" in text for text in bench.texts()), "a sentence")
        bench.until(lambda: not bench.session().recording.stopped, "a folder")
        bench.stop()
        bench.until(lambda: bench.session().recording.closed, "a closed journal")
        recorded = read_folder(bench.session().folder)
        assert recorded.problems == ()
        assert recorded.index.record(0).type == "console.connected"
        recorded.index.close()


def test_a_session_that_is_called_off_while_the_disk_does_not_answer_leaves_no_thread_behind(tmp_path: Path) -> None:
    with freezing_disk(tmp_path / "state") as disk, running(tmp_path) as bench, disk.frozen():
        bench.engine.post(intents.OpenTab("a", WRITER))
        bench.engine.post(intents.Start("a"))
        bench.until(lambda: bench.engine.snapshot().sessions and bench.session().recording.wanted, "an open socket")
        bench.stop()
        assert not bench.session().recording.incomplete
    # `running` has seen that the journal left no thread.
