"""A disk that does not answer: starting a journal waits for a limited time, and the session goes on
in memory."""

import threading
from pathlib import Path

import pytest
from voicelive_tui.journal import flusher
from voicelive_tui.journal.flusher import Flusher
from voicelive_tui.journal.folder import begin_session
from voicelive_tui.journal.line_store import LineStore

from tests.journal.support.journals import STARTED
from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import nothing_left


def test_a_folder_that_is_not_made_in_time_is_a_problem_until_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flusher, "BEGIN_TIMEOUT_S", 0.01)
    asked, answers, resumed = threading.Event(), threading.Event(), threading.Event()
    makers: list[threading.Thread] = []
    problems: list[str] = []

    def begin() -> tuple[Path, int]:
        makers.append(threading.current_thread())
        asked.set()
        assert answers.wait(DEADLINE_S)
        return begin_session(tmp_path, "test", STARTED, "")

    with nothing_left():
        store = LineStore(None)
        kept = Flusher(store, None, begin, problems.append, lambda sentence: resumed.set())
        kept.start()
        assert asked.wait(DEADLINE_S)
        assert makers[0] is not threading.current_thread()
        assert kept.status.stopped
        assert len(problems) == 1 and "the disk does not answer" in problems[0]
        store.put(0, b"{}")
        kept.wake()
        answers.set()
        assert resumed.wait(DEADLINE_S)
        assert not kept.status.stopped
        kept.close()
        kept.release()
    assert kept.folder is not None
    assert (kept.folder / "events.jsonl").read_bytes() == b"{}\n"
    store.close()
