"""Lines are read back wherever they are, also on a system that cannot read at a place."""

import os
from pathlib import Path

import pytest
from voicelive_tui.journal.line_store import HAS_PREAD, LineStore


@pytest.mark.parametrize("pread", {HAS_PREAD, False})
def test_reading_between_writes_takes_and_leaves_every_line_whole(tmp_path: Path, pread: bool) -> None:
    fd = os.open(tmp_path / "lines", os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
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
