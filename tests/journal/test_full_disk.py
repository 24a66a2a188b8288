"""A full disk: recording stops with one sentence, the session goes on, and what was written can be
read."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.journal import line_store as store_module
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.reader import read_folder

from tests.journal.support.journals import append_event, journal_in, put
from tests.support.deadlines import DEADLINE_S


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KiB."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(mounted)]
    if (
        not sys.platform.startswith("linux")
        or os.geteuid() != 0
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip(
            "only root may mount a small file system here; test_a_device_that_is_full covers the "
            "rest"
        )
    yield mounted
    subprocess.run(["umount", "-l", str(mounted)], check=True)


def wait_for(event: threading.Event) -> None:
    assert event.wait(DEADLINE_S)


def wait_for_lines(path: Path) -> None:
    """Wait until this file has content."""
    end_s = time.monotonic() + DEADLINE_S
    while not path.stat().st_size:
        assert time.monotonic() < end_s, f"nothing was written into {path}"
        time.sleep(0.01)


def test_a_full_disk_stops_recording_and_nothing_else(small_disk: Path) -> None:
    sentences: list[str] = []
    stopped = threading.Event()

    def on_problem(sentence: str) -> None:
        sentences.append(sentence)
        stopped.set()

    journal = journal_in(small_disk, on_problem=on_problem)
    n = 0
    while not stopped.is_set() and n < 5000:
        put(journal, "sent", append_event(os.urandom(960), f"e{n}"), n / 50)
        n += 1
        if n == 20:  # audio is written first and could fill the disk before there is a line
            wait_for_lines(Path(journal.folder) / "events.jsonl")
        stopped.wait(0.001)
    wait_for(stopped)
    for later in range(n, n + 200):
        put(journal, "sent", append_event(bytes(960), f"e{later}"), later / 50)
    journal.close()
    assert len(sentences) == 1
    assert sentences[0].startswith("Recording stopped (No space left on device)")
    assert journal.folder in sentences[0]
    index = journal.index
    assert index.count == n + 200
    assert index.record(0).event["event_id"] == "e0"
    assert index.record(n + 199).event["event_id"] == f"e{n + 199}"
    assert index.frame(0)

    kept = read_folder(journal.folder)
    assert 0 < kept.index.count <= n
    assert kept.problems == ()
    assert [kept.index.record(at).event["event_id"] for at in range(kept.index.count)] == [
        f"e{at}" for at in range(kept.index.count)
    ]
    assert all(len(str(kept.index.frame(at))) > 1280 for at in range(kept.index.count))
    kept.index.close()
    index.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device that is always full")
def test_a_device_that_is_full() -> None:
    store = LineStore(os.open("/dev/full", os.O_RDWR))
    store.put(0, b'{"n":0}')
    lines = store.next_lines()
    with pytest.raises(OSError, match="No space left"):
        store.write(lines)
    store.stop()
    assert store.read(0) == b'{"n":0}'


def test_what_is_kept_in_memory_is_bounded_and_what_is_gone_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_module, "MAX_WAITING_LINES", 10)
    store = LineStore(None)
    index = EventIndex(store)
    for n in range(100):
        store.put(
            n, f'{{"n":{n},"t":1.0,"dir":"sent","event":{{"type":"x","value":{n}}}}}'.encode()
        )
        index.add(t_s=1.0, kind=Kind("sent", "x", False), size_bytes=10, audio_ms=0)
    assert index.record(99).event["value"] == 99
    assert index.record(90).event["value"] == 90
    assert index.record(5).event == {"type": "x", "lost": "it could not be kept"}
    assert (index.record(5).n, index.type_name(5)) == (5, "x")


def test_a_folder_that_vanishes_stops_recording_only(tmp_path: Path) -> None:
    stopped = threading.Event()
    journal = journal_in(tmp_path / "sessions", on_problem=lambda sentence: stopped.set())
    put(journal, "received", {"type": "session.created"})
    # In one step: while a folder is emptied file by file, it could get another file.
    os.rename(journal.folder, tmp_path / "elsewhere")
    put(journal, "sent", append_event(bytes(960)))
    journal.update_meta(facts=1)
    wait_for(stopped)
    assert journal.index.record(0).type == "session.created"
    assert journal.index.record(1).type == "input_audio_buffer.append"
    journal.close()
