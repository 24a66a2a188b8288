"""Recorded folders in every state: complete, with a cut-off line, damaged, without audio, or not a
recording at all."""

import base64
import json
import os
from pathlib import Path

import pytest
from voicelive_simulator.replay.audio_files import AudioFiles
from voicelive_simulator.replay.journal_line import Audio
from voicelive_simulator.replay.recording import Closed, RecordingError, load_recording

from tests.simulator.support.conversation_driver import user
from tests.simulator.support.session_recorder import RecordedDriver, SessionRecorder


@pytest.fixture
def recorder() -> SessionRecorder:
    driver = RecordedDriver()
    driver.say("session.update", session={"turn_detection": None})
    driver.append(bytes(4800))
    driver.say("conversation.item.create", item=user("hello"))
    driver.say("response.create")
    driver.wait(10)
    return driver.recorder


def test_every_received_frame_is_the_one_that_was_received(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    recording = load_recording(recorder.write(tmp_path / "2026-11-22T10-17-31_casual-chat"))
    frames = [recording.frame(step.content) for step in recording.plan.steps]  # type: ignore[arg-type]
    assert frames == [json.dumps(event, separators=(",", ":")) for _, event in recorder.received()]
    assert (recording.name, recording.model, recording.problems) == (
        "2026-11-22T10-17-31_casual-chat",
        "gpt-4o",
        (),
    )


def test_the_end_of_a_torn_recording_is_left_out(recorder: SessionRecorder, tmp_path: Path) -> None:
    events = recorder.write(tmp_path) / "events.jsonl"
    events.write_bytes(events.read_bytes()[:-30])
    recording = load_recording(tmp_path)
    assert recording.problems == ("The last line of events.jsonl is cut off and left out.",)
    assert len(recording.plan.steps) == len(recorder.received()) - 1


def test_damaged_lines_are_left_out_and_told_once(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    events = recorder.write(tmp_path) / "events.jsonl"
    lines = events.read_bytes().splitlines(keepends=True)
    lines[2], lines[-2], lines[-1] = b"\0\0\0\n", b"{}\n", lines[1]
    events.write_bytes(b"".join(lines))
    [problem] = load_recording(tmp_path).problems
    assert problem == (
        "events.jsonl is damaged and served without the broken lines (line 3: it is not JSON, and "
        "2 more)."
    )


@pytest.mark.parametrize("keep", [0, 60])
def test_sound_that_is_missing_is_silence_of_the_same_length(
    recorder: SessionRecorder, tmp_path: Path, keep: int
) -> None:
    folder = recorder.write(tmp_path)
    (folder / "agent.wav").write_bytes(bytes(keep)) if keep else (folder / "agent.wav").unlink()
    recording = load_recording(folder)
    deltas = [
        event["delta"]
        for _, event in recorder.received()
        if event["type"] == "response.audio.delta"
    ]
    assert recording.problems == (
        f"The sound of {len(deltas)} frames of the service was not kept: silence of the same "
        "length is served.",
    )
    step = next(
        step
        for step in recording.plan.steps
        if getattr(step.content, "type", "") == "response.audio.delta"
    )
    for audio_format, byte in (("pcm16", b"\0"), ("g711_ulaw", b"\xff"), ("g711_alaw", b"\xd5")):
        frame = json.loads(recording.frame(step.content, audio_format=audio_format))  # type: ignore[arg-type]
        assert base64.b64decode(frame["delta"]) == byte * len(base64.b64decode(deltas[0]))


def test_what_is_no_recording_is_refused_with_the_cure(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    for folder, why in (
        (tmp_path / "nowhere", "there is no such folder"),
        (tmp_path, "events.jsonl: no such file or directory"),
    ):
        with pytest.raises(RecordingError, match=why) as refused:
            load_recording(folder)
        assert str(refused.value).endswith(
            "name a folder that the console left in its sessions folder."
        )
    recorder.entries = [entry for entry in recorder.entries if entry[1] != "received"]
    with pytest.raises(RecordingError, match="holds no event of the service"):
        load_recording(recorder.write(tmp_path / "unconnected"))
    (tmp_path / "events.jsonl").mkdir()
    with pytest.raises(RecordingError, match="is a directory"):
        load_recording(tmp_path)


@pytest.mark.parametrize("name", ["../secret.wav", "/etc/passwd", "secret.txt", "..wav", "", None])
def test_a_reference_leads_to_no_other_file(tmp_path: Path, name: str | None) -> None:
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    folder = tmp_path / "session"
    folder.mkdir()
    files, reference = AudioFiles(folder), Audio(name, 0, 6, 1.0)
    assert files.read(reference) is None and files.size(name) == -1


def test_what_is_no_plain_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(b"secret")
    folder = tmp_path / "session"
    folder.mkdir()
    (folder / "agent.wav").symlink_to(tmp_path / "secret.wav")
    os.mkfifo(folder / "mic.wav")
    files = AudioFiles(folder)
    assert (
        files.read(Audio("agent.wav", 0, 6, 1.0)) is None
        and files.read(Audio("mic.wav", 0, 0, 0.0)) is None
    )


def test_a_pipe_is_no_recording_and_no_profile(recorder: SessionRecorder, tmp_path: Path) -> None:
    (recorder.write(tmp_path / "whole") / "profile.toml").unlink()
    os.mkfifo(tmp_path / "whole" / "profile.toml")
    assert load_recording(tmp_path / "whole").model == "gpt-4o"
    os.mkfifo(tmp_path / "events.jsonl")
    with pytest.raises(RecordingError, match="it is no ordinary file"):
        load_recording(tmp_path)


def test_a_reason_longer_than_a_close_frame_takes_is_cut(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    events = recorder.write(tmp_path) / "events.jsonl"
    closed = {
        "type": "console.closed",
        "code": 4000,
        "reason": "x" * 122 + "\u00e9\ud800",
        "sentence": "",
    }
    with events.open("a") as file:
        file.write(json.dumps({"n": 10**6, "t": 99.0, "dir": "local", "event": closed}) + "\n")
    end = load_recording(tmp_path).plan.steps[-1].content
    assert isinstance(end, Closed) and (end.code, end.reason) == (4000, "x" * 122)


def test_a_reference_beyond_the_end_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "agent.wav").write_bytes(b"123456")
    files = AudioFiles(tmp_path)
    assert files.read(Audio("agent.wav", 2, 4, 1.0)) == b"3456"
    for offset in (3, 10, 10**30):
        assert files.read(Audio("agent.wav", offset, 4, 1.0)) is None


def test_a_profile_that_cannot_be_read_costs_only_what_it_would_say(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    (recorder.write(tmp_path) / "profile.toml").write_text("[service\n")
    assert load_recording(tmp_path).model == "gpt-4o", "the session says it as well"
    (tmp_path / "profile.toml").write_text(
        '[service]\nmodel = "gpt-5"\napi_version = "2025-10-01"\n'
    )
    recording = load_recording(tmp_path)
    assert (recording.model, recording.api_version) == ("gpt-5", "2025-10-01")
