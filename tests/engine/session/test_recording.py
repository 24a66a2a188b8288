"""Reading a recorded session: cancelled in the middle, and a folder in which reading would block
for ever."""

import os
from pathlib import Path

import pytest
from voicelive_tui.engine.session.recording import read_recording
from voicelive_tui.journal.reader import JournalError, ReadingCancelled

from tests.support.left_over import nothing_left

LINE = '{"n":%d,"t":%d,"dir":"received","event":{"type":"rate_limits.updated"}}\n'


def test_reading_stops_at_the_line_at_which_it_is_called_off(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text("".join(LINE % (n, n) for n in range(10)))
    asked: list[bool] = []

    def after_three_lines() -> bool:
        asked.append(len(asked) == 3)
        return asked[-1]

    with nothing_left(), pytest.raises(ReadingCancelled):
        read_recording(str(tmp_path), after_three_lines)
    assert asked == [False, False, False, True]
    assert read_recording(str(tmp_path), lambda: False).recorded.index.count == 10


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_place_of_the_events_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "events.jsonl")
    with pytest.raises(JournalError, match="no ordinary file"):
        read_recording(str(tmp_path), lambda: False)
