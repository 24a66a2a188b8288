"""What was said last in a recorded session, from the end of its file."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from voicelive_tui.journal import tail
from voicelive_tui.journal.folder import EVENTS
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.tail import said_last

from tests.support.prepared_session import prepared_session


def test_the_last_lines_are_those_of_the_whole_recording(tmp_path: Path) -> None:
    folder = prepared_session(tmp_path)
    recorded = read_folder(folder)
    said = [line for line in recorded.view.transcript if line.who in ("you", "agent")]
    recorded.index.store.close()
    assert len(said) > 3
    assert [(line.who, line.text) for line in said_last(folder, 3)] == [
        (line.who, line.text) for line in said[-3:]
    ]


def test_a_file_that_is_longer_than_its_end_still_has_its_last_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = prepared_session(tmp_path)
    whole = said_last(folder, 100)
    size = (folder / EVENTS).stat().st_size
    monkeypatch.setattr(tail, "_SAID_BYTES", size // 2)
    part = said_last(folder, 100)
    assert 0 < len(part) < len(whole)
    assert part[-1].text == whole[-1].text


@given(st.binary(max_size=400))
@example(b"")
@example(b'{"n": 1, "t": 0, "dir": "received", "event": {"type": "response.created"}}\n')
@example(b'{"n": 1, "t": 1e400, "dir": "sent", "event": []}\n\xff\n')
def test_no_file_is_worse_than_one_without_words(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / EVENTS).write_bytes(content)
        assert said_last(Path(folder), 4) == ()


def test_what_is_no_file_has_no_words(tmp_path: Path) -> None:
    assert said_last(tmp_path, 4) == ()
    (tmp_path / EVENTS).symlink_to(prepared_session(tmp_path / "sessions") / EVENTS)
    assert said_last(tmp_path, 4) == ()
