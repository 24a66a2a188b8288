"""A disk that accepts nothing for a while: once it has space, waiting records are written in order,
and dropped ones leave a gap that is reported."""

import json
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from voicelive_tui.journal import flusher, line_store
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.record import NOT_RECORDED

from tests.journal.support.journals import append_event, delta_event, journal_in, put
from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import nothing_left
from tests.support.small_disks import SmallDisk, mounted_disk


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flusher, "RETRY_INTERVAL_S", 0.05)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted_disk(tmp_path / "small", "2m") as small:
        yield small


class JournalReports:
    """The sentences that a journal reported, in order."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.resumed: list[str] = []

    def journal(self, root: Path) -> Journal:
        return journal_in(root, on_problem=self.problems.append, on_resumed=self.resumed.append)


def until(condition: Callable[[], object], what: str) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, f"never: {what}"
        threading.Event().wait(0.01)


def sound(n: int) -> bytes:
    return n.to_bytes(2, "little") * 480


def speak(journal: Journal, numbers: range) -> None:
    for n in numbers:
        put(journal, "sent", append_event(sound(n), f"e{n}"), n / 50)


def numbers_on_disk(folder: str) -> list[int]:
    return [
        json.loads(line)["n"] for line in (Path(folder) / "events.jsonl").read_bytes().splitlines()
    ]


def assert_every_frame_is_true(index: EventIndex) -> None:
    """Assert that each record that is present has its own audio."""
    for n in range(index.count):
        if index.type_name(n) != NOT_RECORDED and "lost" not in index.record(n).event:
            event = json.loads(index.frame(n))
            assert event == append_event(sound(n), f"e{n}"), n


def test_what_waited_is_written_in_order_when_there_is_room(disk: SmallDisk) -> None:
    reports = JournalReports()
    journal = reports.journal(disk.root)
    speak(journal, range(20))
    until(lambda: len(numbers_on_disk(journal.folder)) == 20, "the first lines")
    disk.fill()
    speak(journal, range(20, 120))
    until(lambda: reports.problems, "a full disk")
    assert reports.problems[0].startswith("Recording stopped (No space left on device)")
    assert (journal.status.stopped, journal.status.only_in_memory) == (True, True)
    disk.make_room()
    until(lambda: reports.resumed, "room")
    assert "everything that waited in memory is written." in reports.resumed[0]
    speak(journal, range(120, 130))
    journal.close()
    assert not journal.status.incomplete
    assert (len(reports.problems), len(reports.resumed)) == (1, 1)
    assert numbers_on_disk(journal.folder) == list(range(130))
    recorded = read_folder(journal.folder)
    assert recorded.problems == ()
    assert_every_frame_is_true(recorded.index)
    assert_every_frame_is_true(journal.index)
    with wave.open(str(Path(journal.folder) / "mic.wav")) as mic:
        assert mic.readframes(mic.getnframes()) == b"".join(map(sound, range(130)))


def test_what_had_to_be_forgotten_is_a_gap_in_the_numbers_and_silence_in_the_sound(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_store, "MAX_WAITING_LINES", 30)
    reports = JournalReports()
    journal = reports.journal(disk.root)
    speak(journal, range(20))
    until(lambda: len(numbers_on_disk(journal.folder)) == 20, "the first lines")
    disk.fill()
    speak(journal, range(20, 40))
    until(lambda: reports.problems, "a full disk")
    speak(journal, range(40, 200))
    disk.make_room()
    until(lambda: reports.resumed, "room")
    lost = journal.status.lost
    assert 100 <= lost <= 150  # some may have been on their way to the disk
    assert f"except {lost} records" in reports.resumed[0]
    journal.close()
    assert journal.status.incomplete
    numbers = numbers_on_disk(journal.folder)
    assert len(numbers) == 200 - lost
    assert numbers == sorted(numbers)
    assert numbers[:20] == list(range(20))
    assert numbers[-30:] == list(range(170, 200))
    recorded = read_folder(journal.folder)
    assert recorded.index.count == 200
    assert recorded.problems[0].startswith(f"{lost} records are missing in events.jsonl")
    assert_every_frame_is_true(recorded.index)
    assert_every_frame_is_true(journal.index)
    assert journal.index.record(100).event["lost"]
    with wave.open(str(Path(journal.folder) / "mic.wav")) as mic:
        audio = mic.readframes(mic.getnframes())
    assert audio == b"".join(sound(n) if n in numbers else bytes(960) for n in range(200))


def test_a_session_that_is_over_is_still_written_when_there_is_room(disk: SmallDisk) -> None:
    reports = JournalReports()
    journal = reports.journal(disk.root)
    speak(journal, range(5))
    until(lambda: len(numbers_on_disk(journal.folder)) == 5, "the first lines")
    disk.fill()
    speak(journal, range(5, 40))
    journal.close()
    assert journal.status.closed and journal.status.stopped
    disk.make_room()
    until(lambda: reports.resumed, "room")
    assert not journal.status.incomplete
    assert numbers_on_disk(journal.folder) == list(range(40))
    journal.release()


def test_what_is_released_has_a_last_try_and_leaves_no_thread(disk: SmallDisk) -> None:
    with nothing_left():
        journal = JournalReports().journal(disk.root)
        speak(journal, range(5))
        disk.fill()
        speak(journal, range(5, 300))
        journal.close()
        assert journal.status.stopped
        journal.release()
    assert journal.status.stopped


def test_a_folder_that_can_be_made_later_has_the_beginning_too(tmp_path: Path) -> None:
    root = tmp_path / "state" / "sessions"
    root.parent.write_text("a file in the place of the folder")
    reports = JournalReports()
    journal = reports.journal(root)
    assert reports.problems and journal.folder == ""
    speak(journal, range(10))
    put(journal, "received", delta_event(sound(3)))
    root.parent.unlink()
    until(lambda: reports.resumed, "a folder")
    assert Path(journal.folder).parent == root
    speak(journal, range(11, 15))
    journal.close()
    assert {path.name for path in Path(journal.folder).iterdir()} == {
        "profile.toml", "events.jsonl", "mic.wav", "agent.wav", "meta.toml",
    }  # fmt: skip
    assert numbers_on_disk(journal.folder) == list(range(15))
    assert not journal.status.incomplete


def test_trying_to_make_a_folder_on_a_full_disk_leaves_nothing_behind(disk: SmallDisk) -> None:
    (disk.root / "sessions").mkdir()
    disk.fill()
    reports = JournalReports()
    journal = reports.journal(disk.root / "sessions")
    assert reports.problems
    until(lambda: list((disk.root / "sessions").iterdir()) == [], "an empty folder")
    disk.make_room()
    until(lambda: reports.resumed, "a folder")
    journal.close()
    assert [path.name for path in (disk.root / "sessions").iterdir()] == [Path(journal.folder).name]


def test_no_recording_wanted_is_no_alarm(tmp_path: Path) -> None:
    journal = journal_in(tmp_path, record="none")
    journal.close()
    assert (
        not journal.status.stopped
        and not journal.status.incomplete
        and not journal.status.only_in_memory
    )
