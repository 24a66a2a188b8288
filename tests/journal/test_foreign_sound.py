"""The audio of a foreign recording is read only from ordinary files in its folder."""

import os
from pathlib import Path

import pytest
from voicelive_tui.journal.lines import LineError
from voicelive_tui.journal.reader import read_folder

LINE = (
    '{"n":0,"t":0,"dir":"received","event":{"type":"response.audio.delta","delta":'
    '{"$wav":"agent.wav","offset":%d,"bytes":4,"ms":1}}}\n'
)


def frame_of(folder: Path, offset: int) -> str | bytes:
    (folder / "events.jsonl").write_text(LINE % offset)
    return read_folder(folder).index.frame(0)


@pytest.mark.parametrize("offset", [2**70, 2**63, 10_000])
def test_a_place_beyond_the_file(tmp_path: Path, offset: int) -> None:
    (tmp_path / "agent.wav").write_bytes(b"RIFFdata")
    with pytest.raises(LineError):
        frame_of(tmp_path, offset)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and named pipes")
def test_neither_a_pipe_nor_a_link(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "agent.wav")
    with pytest.raises(LineError):
        frame_of(tmp_path, 0)
    (tmp_path / "agent.wav").unlink()
    (tmp_path / "private").write_bytes(b"private!")
    (tmp_path / "agent.wav").symlink_to(tmp_path / "private")
    with pytest.raises(LineError):
        frame_of(tmp_path, 0)
