"""A process that is killed while it writes leaves a readable session."""

import signal
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from voicelive_tui.journal.reader import JournalError, read_folder

from tests.journal.support.journals import journal_in, put

WRITER = """
import sys
from itertools import count
from pathlib import Path
from tests.journal.support.journals import append_event, journal_in, put

journal = journal_in(Path(sys.argv[1]))
print(journal.folder, flush=True)
for n in count():
    put(journal, "sent", append_event(n.to_bytes(4, "little") * 240, f"e{n}"), n / 50)
    if n % 50 == 0:
        print(n, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_a_killed_process_leaves_a_readable_session(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        while not (folder / "events.jsonl").stat().st_size:
            assert process.stdout.readline()
        process.kill()
    recorded = read_folder(folder)
    count = recorded.index.count
    assert count > 0
    assert all("is incomplete" in problem for problem in recorded.problems)
    assert [recorded.index.record(n).event["event_id"] for n in range(count)] == [
        f"e{n}" for n in range(count)
    ]
    assert all(recorded.index.frame(n) for n in range(count))
    with wave.open(str(folder / "mic.wav")) as file:
        assert file.getnframes() > 0
    assert recorded.profile is not None
    recorded.index.close()


def test_a_torn_last_line_is_skipped_with_a_notice(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for n in range(3):
        put(journal, "received", {"type": "x", "value": n}, n)
    journal.close()
    events = Path(journal.folder) / "events.jsonl"
    events.write_bytes(events.read_bytes()[:-5])
    recorded = read_folder(journal.folder)
    assert recorded.index.count == 2
    (problem,) = recorded.problems
    assert "line 3" in problem
    assert "is incomplete" in problem


def test_a_line_that_is_no_record_is_skipped_and_the_rest_is_found(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for n in range(3):
        put(journal, "received", {"type": "x", "value": n}, n)
    journal.close()
    events = Path(journal.folder) / "events.jsonl"
    first, *others = events.read_bytes().splitlines(keepends=True)
    events.write_bytes(b"".join([first, b"garbage needle\n", b"[1, 2]\n", *others]))
    recorded = read_folder(journal.folder)
    assert [recorded.index.record(n).event["value"] for n in range(recorded.index.count)] == [
        0,
        1,
        2,
    ]
    assert [list(recorded.index.find(needle, 0, 3)) for needle in (b'"value": 1', b"needle")] == [
        [1],
        [],
    ]
    assert recorded.problems == (
        "Line 2 of events.jsonl was skipped: it is not JSON.",
        "2 lines of events.jsonl were skipped in all.",
    )


def test_a_damaged_line_keeps_its_place_and_what_follows_is_shown(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for n in range(4):
        put(
            journal,
            "received",
            {"type": "response.text.delta", "item_id": "a1", "delta": str(n)},
            n,
        )
    journal.close()
    events = Path(journal.folder) / "events.jsonl"
    lines = events.read_bytes().splitlines(keepends=True)
    events.write_bytes(b"".join([lines[0], b"garbage\n", b"\x00" * 40 + b"\n", *lines[2:]]))
    recorded = read_folder(journal.folder)
    assert recorded.index.count == 4
    assert [recorded.index.type_name(n) for n in range(4)] == [
        "response.text.delta",
        "(malformed)",
        *["response.text.delta"] * 2,
    ]
    assert recorded.index.record(1).event["lost"] == "it is damaged"
    assert [recorded.index.record(n).event["delta"] for n in (0, 2, 3)] == ["0", "2", "3"]
    assert recorded.view.transcript[0].text == "023"
    assert len(recorded.problems) == 2


def test_missing_parts_are_told_and_the_rest_is_shown(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    put(journal, "received", {"type": "x"})
    journal.close()
    (Path(journal.folder) / "profile.toml").unlink()
    (Path(journal.folder) / "meta.toml").write_text("broken")
    recorded = read_folder(journal.folder)
    assert (recorded.profile, recorded.meta, recorded.index.count) == (None, {}, 1)
    assert len(recorded.problems) == 2


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_that_is_no_session(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(JournalError, match=r"is no recorded session .*\.$"):
        read_folder(tmp_path / name)
