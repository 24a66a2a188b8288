"""The file in place of a speaker: complete under its name or absent, and readable under a temporary
name at any moment."""

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.files.wav_writer import WavError, WavWriter

from tests.support.signals import counter

OBSTACLES = ["nothing", "file", "link to file", "dangling link", "hard link"]


def put(kind: str, path: Path, other: Path) -> None:
    match kind:
        case "file":
            path.write_bytes(b"what stood here before")
        case "link to file":
            path.symlink_to(other)
        case "dangling link":
            path.symlink_to(other.with_name("nothing-yet.wav"))
        case "loop":
            path.symlink_to(path)
        case "hard link":
            path.hardlink_to(other)


def everything(folder: Path) -> dict[str, bytes | str]:
    """Return the content of every name in the folder, and for a link its target."""
    return {
        path.name: os.readlink(path) if stat.S_ISLNK(path.lstat().st_mode) else path.read_bytes()
        for path in folder.iterdir()
    }


def frames_of(path: str | Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        return file.readframes(file.getnframes())


@given(
    at_name=st.sampled_from(OBSTACLES),
    beside=st.sampled_from([*OBSTACLES, "loop"]),
    sizes=st.lists(st.integers(0, 500), max_size=5),
)
def test_nothing_but_a_new_file_changes_until_it_is_whole_and_then_only_its_name(
    at_name: str, beside: str, sizes: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        other = folder / "other.wav"
        other.write_bytes(b"RIFF, read by somebody")
        put(at_name, folder / "out.wav", other)
        put(beside, folder / "out.unfinished.wav", other)
        before = everything(folder)
        writer = WavWriter(str(folder / "out.wav"), 24_000)
        written = b""
        for size in sizes:
            writer.write(counter(size))
            written += counter(size)
            assert frames_of(writer.unfinished_path) == written
            now = everything(folder)
            assert now.pop(Path(writer.unfinished_path).name)
            assert now == before
        writer.close()
        writer.close()
        out = folder / "out.wav"
        assert out.is_symlink() == ("link" in at_name and at_name != "hard link")
        now, path = everything(folder), Path(os.path.realpath(out)).name
        if not any(written) and (at_name not in ("nothing", "dangling link")):
            assert now == before
        else:
            assert frames_of(out) == written
            assert {**now, path: b""} == {**before, path: b""}


def test_a_file_keeps_its_mode_and_silence_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"what stood here before")
    path.chmod(0o600)
    writer = WavWriter(str(path), 24_000)
    assert Path(writer.unfinished_path).stat().st_mode & 0o777 == 0o600
    writer.write(bytes(4_800))
    writer.close()
    assert path.read_bytes() == b"what stood here before"
    assert os.listdir(tmp_path) == ["out.wav"]
    writer = WavWriter(str(path), 24_000)
    writer.write(counter(100))
    writer.close()
    assert frames_of(path) == counter(100)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("link", [False, True])
def test_nothing_in_a_recorded_session_is_written(tmp_path: Path, link: bool) -> None:
    record = tmp_path / "record"
    record.mkdir()
    (record / "events.jsonl").touch()
    (record / "agent.wav").write_bytes(b"evidence")
    path = record / "agent.wav"
    if link:
        path = tmp_path / "out.wav"
        path.symlink_to(record / "agent.wav")
    with pytest.raises(WavError, match="the folder of a recorded session"):
        WavWriter(str(path), 24_000)
    assert sorted(os.listdir(record)) == ["agent.wav", "events.jsonl"]


@pytest.mark.parametrize(
    ("name", "text"), [(".profile", b"alias ls=ls"), (".profile", None), ("words.wav", b"words")]
)
def test_a_link_to_something_else_is_not_followed(
    tmp_path: Path, name: str, text: bytes | None
) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text)
    (tmp_path / "out.wav").symlink_to(tmp_path / name)
    before = everything(tmp_path)
    with pytest.raises(WavError, match="it is a link to something else than a WAV file"):
        WavWriter(str(tmp_path / "out.wav"), 24_000)
    assert everything(tmp_path) == before


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    put("loop", tmp_path / "out.wav", tmp_path)
    with pytest.raises(WavError, match="symbolic links"):
        WavWriter(str(tmp_path / "out.wav"), 24_000)


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to a device"])
def test_what_is_no_file_is_not_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "out.wav"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case _:
            path.symlink_to("/dev/null")
    with pytest.raises(
        WavError, match=r"cannot write .*out.wav: (Is a directory|it is a pipe or a device)"
    ):
        WavWriter(str(path), 24_000)
    assert [path.name for path in tmp_path.iterdir()] == ["out.wav"]


def test_two_writers_of_one_name_do_not_meet(tmp_path: Path) -> None:
    path = str(tmp_path / "out.wav")
    first, second = WavWriter(path, 24_000), WavWriter(path, 24_000)
    assert (Path(first.unfinished_path).name, Path(second.unfinished_path).name) == (
        "out.unfinished.wav",
        "out.unfinished-2.wav",
    )
    first.write(counter(100))
    second.write(counter(200))
    second.close()
    first.close()
    assert frames_of(path) == counter(100)
    assert [each.name for each in tmp_path.iterdir()] == ["out.wav"]


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 125 + ".wav")
    writer = WavWriter(str(path), 24_000)
    assert writer.unfinished_path.endswith(".unfinished.wav")
    writer.close()
    assert path.is_file()


def test_a_writer_that_is_killed_leaves_a_file_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "out.wav").write_bytes(b"what stood here before")
    code = (
        "import os, signal, sys\n"
        "from voicelive_tui.audio.files.wav_writer import WavWriter\n"
        "WavWriter(sys.argv[1], 24_000).write(bytes(range(200)))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "out.wav")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "out.wav").read_bytes() == b"what stood here before"
    assert frames_of(tmp_path / "out.unfinished.wav") == bytes(range(200))


def test_a_disk_that_is_full_leaves_what_stood_there_and_a_file_that_can_be_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "out.wav").write_bytes(b"what stood here before")
    writer = WavWriter(str(tmp_path / "out.wav"), 24_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(WavError, match=r"cannot write .*out.wav: File too large"):
            writer.write(counter(1_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    writer.close()
    assert frames_of(writer.unfinished_path) == counter(1_000)[: 1_000 - 44]
    assert (tmp_path / "out.wav").read_bytes() == b"what stood here before"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WavError, match=r"cannot write .*: No such file or directory"):
        WavWriter(str(tmp_path / "no" / "out.wav"), 24_000)
    writer = WavWriter(str(tmp_path / "out.wav"), 24_000)
    os.unlink(writer.unfinished_path)
    with pytest.raises(WavError, match=r"cannot write .*out.wav: No such file or directory"):
        writer.close()
