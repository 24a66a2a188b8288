"""Lines are read back from memory and disk, even on a system without `pread`."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.journal import line_store
from voicelive_tui.journal.audio_store import AudioStore
from voicelive_tui.journal.line_store import HAS_PREAD, LineStore
from voicelive_tui.model.formats import AudioCodec, AudioFormat


@pytest.mark.parametrize("pread", {HAS_PREAD, False})
def test_reading_between_writes_takes_and_leaves_every_line_whole(
    tmp_path: Path, pread: bool
) -> None:
    fd = os.open(
        tmp_path / "lines", os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
    )
    lines = LineStore(fd, pread=pread)
    for n in range(50):
        lines.put(n, f"line {n} ".encode() * (n + 1))
        if n % 3 == 0:
            lines.write(lines.next_lines())
        for seen in range(n + 1):
            assert lines.read(seen) == f"line {seen} ".encode() * (seen + 1)
    lines.write(lines.next_lines())
    lines.close()
    kept = (tmp_path / "lines").read_bytes().splitlines()
    assert kept == [f"line {n} ".encode() * (n + 1) for n in range(50)]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_pattern_of_room_and_none_leaves_true_references(data: st.DataObject) -> None:
    """Lines are put, dropped and written in any order, and a write fails after any part of it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_store, "MAX_WAITING_LINES", 4)
        lines = LineStore(
            os.open(f"{folder}/events.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        )
        sounds = AudioStore(folder)
        codec: AudioCodec = data.draw(st.sampled_from(["pcm16", "g711_ulaw"]))
        references = {}
        for n in range(data.draw(st.integers(1, 30))):
            audio = bytes([n + 1]) * data.draw(st.integers(1, 5))
            references[n] = (sounds.put(n, "mic", AudioFormat(codec, 8_000), audio, 0.0), audio)
            for lost in lines.put(n, f"line {n}".encode(), sounds.waiting_bytes(n)):
                sounds.forget(lost)
                del references[lost]
            match data.draw(st.sampled_from(["wait", "fail after sound", "write"])):
                case "write":
                    write(lines, sounds)
                    lines.resume()
                case "fail after sound":
                    waiting = lines.next_lines()
                    sounds.flush(line.n for line in waiting)
                    lines.return_lines(waiting)
                    lines.stop()
        write(lines, sounds)
        sounds.close()
        for n, (reference, audio) in references.items():
            assert lines.read(n) == f"line {n}".encode()
            assert sounds.read(reference) == audio
        assert list(lines.find(b"line", 0, 30)) == sorted(references)
        lines.close()
        assert Path(folder, "events.jsonl").read_text().splitlines() == [
            f"line {n}" for n in sorted(references)
        ]


def write(lines: LineStore, sounds: AudioStore) -> None:
    while waiting := lines.next_lines():
        sounds.flush(line.n for line in waiting)
        lines.write(waiting)
        sounds.mark_written(line.n for line in waiting)
