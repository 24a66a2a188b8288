"""What is on disk after a session, and who may read it."""

import json
import os
import re
import stat
import threading
import time
import tomllib
import wave
from pathlib import Path

import pytest
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.formats import AudioFormat

from tests.journal.support.journals import append_event, delta_event, journal_in, put
from tests.support.deadlines import DEADLINE_S


def test_a_sessions_folder(tmp_path: Path) -> None:
    journal = journal_in(tmp_path / "state" / "sessions")
    put(journal, "received", {"type": "session.created", "session": {"id": "s1"}}, 0.1)
    put(journal, "sent", append_event(b"\x01\x02" * 480), 0.2)
    put(journal, "received", delta_event(b"\x03\x04" * 4800), 0.3)
    journal.append_local(Local.CLOSED, 0.4, code=1000, reason="", sentence="done")
    journal.update_meta(input="Microphone", output="", port=8765)
    journal.close()
    folder = Path(journal.folder)
    assert folder.name == "2026-11-22T07-30-15_test"
    assert {path.name for path in folder.iterdir()} == {
        "profile.toml",
        "events.jsonl",
        "mic.wav",
        "agent.wav",
        "meta.toml",
    }
    assert (folder / "profile.toml").read_text() == 'name = "Test"\n'
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert [(line["n"], line["t"], line["dir"]) for line in lines] == [
        (0, 0.1, "received"),
        (1, 0.2, "sent"),
        (2, 0.3, "received"),
        (3, 0.4, "local"),
    ]
    assert lines[1]["event"]["audio"] == {"$wav": "mic.wav", "offset": 44, "bytes": 960, "ms": 20.0}
    meta = tomllib.loads((folder / "meta.toml").read_text())
    assert (meta["host"], meta["input"], meta["records"], meta["port"]) == (
        "x",
        "Microphone",
        4,
        8765,
    )
    assert "output" not in meta
    for name, audio in (("mic.wav", b"\x01\x02" * 480), ("agent.wav", b"\x03\x04" * 4800)):
        with wave.open(str(folder / name)) as file:
            assert (
                file.getframerate(),
                file.getsampwidth(),
                file.readframes(file.getnframes()),
            ) == (24_000, 2, audio)


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        journal = journal_in(tmp_path / "sessions")
        put(journal, "sent", append_event(b"\x01\x02"))
        put(journal, "received", {"type": "response.video.delta", "delta": "AAAA"})
        journal.close()
    finally:
        os.umask(before)
    folder = Path(journal.folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes) == {"profile.toml", "events.jsonl", "mic.wav", "video.bin", "meta.toml"}
    assert set(modes.values()) == {0o600}


def test_two_sessions_of_one_second_get_two_folders(tmp_path: Path) -> None:
    first, second = journal_in(tmp_path), journal_in(tmp_path)
    assert first.folder != second.folder
    first.close()
    second.close()


@pytest.mark.parametrize(
    "title", ["../../etc", "a/b", "", "..", "\x00x", "ü" * 300, "𐐷" * 300, "\udcff"]
)
def test_no_title_leaves_the_root(tmp_path: Path, title: str) -> None:
    from voicelive_tui.journal.folder import create_folder

    from tests.journal.support.journals import STARTED

    assert create_folder(tmp_path, title, STARTED).parent == tmp_path


def test_a_new_format_begins_a_new_file(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    put(journal, "received", delta_event(bytes(4800)))
    journal.set_formats(assistant=AudioFormat("pcm16", 16_000))
    put(journal, "received", delta_event(bytes(3200)))
    journal.set_formats(assistant=AudioFormat("g711_ulaw", 8_000))
    put(journal, "received", delta_event(bytes(801)))
    assert [journal.index.audio_ms(n) for n in range(3)] == [100, 100, 100.125]
    journal.close()
    rates = []
    for name in ("agent.wav", "agent-2.wav"):
        with wave.open(str(Path(journal.folder) / name)) as file:
            rates.append((file.getframerate(), file.getnframes()))
    assert rates == [(24_000, 2400), (16_000, 1600)]
    assert (Path(journal.folder) / "agent-3.wav").stat().st_size == 58 + 801


def test_the_records_of_this_machine_are_found_among_the_frames(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for n in range(6):
        if n % 3 == 1:
            journal.append_local("console.notice", n, text="it")
        else:
            put(journal, "received", {"type": "x"}, n)
    assert list(journal.index.local_numbers(0, 6)) == [1, 4]
    assert list(journal.index.local_numbers(2, 4)) == []
    for n in range(300):  # more kinds than the column has numbers for
        put(journal, "received", {"type": f"y{n}"})
    journal.append_local("console.talk", 9, on=True)
    assert list(journal.index.local_numbers(0, journal.index.count)) == [1, 4, 306]
    journal.close()


def test_it_is_written_while_the_session_runs(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    put(journal, "received", {"type": "session.created"})
    events = Path(journal.folder) / "events.jsonl"
    end_s = time.monotonic() + DEADLINE_S
    while b"session.created" not in events.read_bytes():
        assert time.monotonic() < end_s
        time.sleep(0.02)
    journal.close()


def test_nothing_recorded_is_still_inspected(tmp_path: Path) -> None:
    journal = journal_in(tmp_path / "sessions", record="none")
    put(journal, "received", {"type": "session.created", "session": {"id": "s1"}}, 0.1)
    put(journal, "received", delta_event(bytes(4800)), 0.2)
    journal.close()
    assert journal.folder == ""
    assert not (tmp_path / "sessions").exists()
    assert journal.index.record(0).event == {"type": "session.created", "session": {"id": "s1"}}
    assert journal.index.record(1).event["delta"] == {"$wav": None, "bytes": 4800, "ms": 100.0}
    assert [journal.index.type_name(n) for n in range(2)] == [
        "session.created",
        "response.audio.delta",
    ]


def test_an_unusable_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    sentences: list[str] = []
    journal = journal_in(blocker / "sessions", on_problem=sentences.append)
    (sentence,) = sentences
    assert re.search(
        r"cannot be recorded yet .*--record none\. Its folder is .*file.*\.$", sentence
    )
    assert (journal.folder, journal.status.stopped) == ("", True)
    journal.close()
    journal.release()


TOOL = {"type": "mcp", "server_label": "x", "server_url": "https://x", "authorization": "hunter2"}


class TestSecrets:
    def test_a_tools_token_reaches_no_file(self, tmp_path: Path) -> None:
        profile = (
            '[[session.tools]]\ntype = "mcp"\nserver_label = "x"\nserver_url = '
            '"https://x"\nauthorization = "hunter2"\n'
        )
        journal = journal_in(tmp_path, profile_toml=profile)
        record = put(journal, "sent", {"type": "session.update", "session": {"tools": [TOOL]}})
        put(journal, "received", {"type": "session.updated", "session": {"tools": [TOOL]}})
        journal.update_meta(url="wss://host/x?api-key=hunter2")
        journal.close()
        assert "hunter2" not in str(record)
        for path in Path(journal.folder).iterdir():
            assert b"hunter2" not in path.read_bytes(), path.name
        recorded = read_folder(journal.folder)
        assert recorded.index.record(0) == record
        assert recorded.index.record(0).event["session"]["tools"][0]["server_label"] == "x"

    def test_a_broken_profile_is_kept_without_its_key(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path, profile_toml='[service]\napi_key = "hunter2hunter2"\nbroken')
        journal.close()
        assert "hunter2" not in (Path(journal.folder) / "profile.toml").read_text()


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    journal.close()
    journal.close()


def test_many_readers_while_it_is_written(tmp_path: Path) -> None:
    """Every record below `count` is complete for any thread, whether or not it is on disk yet."""
    journal = journal_in(tmp_path)
    wrong: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            count = journal.index.count
            for n in {0, count // 2, count - 1} if count else ():
                record = journal.index.record(n)
                if (
                    record.n != n
                    or record.event["value"] != n
                    or journal.index.type_name(n) != f"type.{n % 300}"
                ):
                    wrong.append(f"{n}: {record}")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for n in range(4000):
            put(journal, "received", {"type": f"type.{n % 300}", "value": n})
        journal.close()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert journal.index.count == 4000
