"""The files that `--mic` and `--speaker` may name together."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.host.audio_engine import same_file
from voicelive_tui.headless.port_arguments import PortArgumentError, check_apart, speaker

STEPS = st.lists(
    st.sampled_from(
        ["link", "hard link", "copy", "relative", "dots", "doubled slash", "folder link"]
    ),
    max_size=4,
)


def another_name(step: str, path: str, folder: Path, number: int) -> str:
    """Another path to the same file; to a copy of it for the step "copy"."""
    made = folder / f"{number}.wav"
    match step:
        case "link":
            made.symlink_to(os.path.abspath(path))
        case "hard link":
            os.link(os.path.realpath(path), made)
        case "copy":
            made.write_bytes(Path(path).read_bytes())
        case "relative":
            return os.path.relpath(path)
        case "dots":
            return os.path.join(
                os.path.dirname(path),
                ".",
                "..",
                os.path.basename(os.path.realpath(folder)),
                os.path.basename(path),
            )
        case "doubled slash":
            return os.path.dirname(path) + "//" + os.path.basename(path)
        case _:
            beside = folder.parent / f"beside-{number}"
            beside.symlink_to(folder, target_is_directory=True)
            return str(beside / os.path.basename(path))
    return str(made)


@given(mic_steps=STEPS, speaker_steps=STEPS)
def test_one_file_is_found_behind_all_its_names(
    mic_steps: list[str], speaker_steps: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "files").resolve()
        folder.mkdir()
        (folder / "spoken.wav").write_bytes(b"spoken")
        mic = sink = str(folder / "spoken.wav")
        for number, step in enumerate(mic_steps):
            mic = another_name(step, mic, folder, number)
        for number, step in enumerate(speaker_steps, len(mic_steps)):
            sink = another_name(step, sink, folder, number)
        is_same = os.stat(mic).st_ino == os.stat(sink).st_ino
        assert is_same == ("copy" not in (*mic_steps, *speaker_steps))
        spec = speaker(sink)
        assert spec is not None
        for given_mic in (mic, f"wav:{mic}"):
            if is_same:
                with pytest.raises(
                    PortArgumentError, match="--speaker names the file that --mic reads"
                ):
                    check_apart(given_mic, spec)
            else:
                check_apart(given_mic, spec)
        assert same_file(f"wav:{mic}", spec) is is_same


@pytest.mark.parametrize("mic", [None, "none", "device", "wav:/nowhere/a.wav", "-"])
def test_what_is_no_file_is_no_reason_to_refuse(tmp_path: Path, mic: str | None) -> None:
    (tmp_path / "out.wav").write_bytes(b"")
    check_apart(mic, speaker(str(tmp_path / "out.wav")))
    check_apart(mic, speaker(str(tmp_path / "new.wav")))
    check_apart(mic, "null")


def test_a_recorded_session_is_no_place_for_a_speaker(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").touch()
    for name in ("agent.wav", "new.wav"):
        with pytest.raises(PortArgumentError, match="lies in a recorded session's folder"):
            speaker(str(tmp_path / name))


@pytest.mark.parametrize("kind", ["folder", "pipe", "missing folder"])
def test_a_speaker_that_cannot_be_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "out.wav"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path = tmp_path / "nowhere" / "out.wav"
    with pytest.raises(
        PortArgumentError, match=r"out.wav cannot be written; check the folder and its permissions"
    ):
        speaker(str(path))
