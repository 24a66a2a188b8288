"""The files and pipes of `run`: their kind is recognised, and they are whole whatever happens."""

import io
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
import soundfile
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.engine.audio.port_opening import HELLO_WAV

from tests.headless.support.runs import (
    RATE_HZ,
    events_and_summary,
    pcm_of,
    read_bytes,
    silence,
    text_profile,
)
from tests.support.deadlines import DEADLINE_S, RUN_S
from tests.support.program import Program
from tests.support.signals import write_wav
from tests.support.speech_like import speech_like


def test_raw_sound_from_a_pipe_is_a_manual_turn_too(program: Program) -> None:
    profile = text_profile(program, more='turn_detection = "none"\n')
    arguments = ("run", profile, "--mic", "-", "--speaker", "none", "--turns", "2", "--json")
    events, summary = events_and_summary(
        program.run(*arguments, stdin=pcm_of(HELLO_WAV)[: 2 * RATE_HZ]).stdout
    )
    assert (summary["exit_code"], summary["turns_held"]) == (ExitCode.OK, 2)
    sent = [event["event"]["type"] for event in events if event["dir"] == "sent"]
    assert sent.count("input_audio_buffer.commit") == 2


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG"])
def test_a_sound_file_from_a_pipe_is_taken_as_what_it_is(program: Program, kind: str) -> None:
    spoken = io.BytesIO()
    soundfile.write(spoken, speech_like(1.2, rate_hz=2 * RATE_HZ), 2 * RATE_HZ, format=kind)
    content = spoken.getvalue()
    if kind == "WAV":  # as a streaming tool writes it, without knowing the length
        content = content[:4] + b"\xff" * 4 + content[8:40] + b"\xff" * 4 + content[44:]
    profile = text_profile(program, more='turn_detection = "none"\n')
    arguments = ("run", profile, "--mic", "-", "--speaker", "none", "--turns", "1", "--json")
    events, summary = events_and_summary(program.run(*arguments, stdin=content).stdout)
    assert (summary["exit_code"], summary["turns_held"]) == (ExitCode.OK, 1)
    appends = [
        event["event"]["audio"]["bytes"]
        for event in events
        if event["event"]["type"] == "input_audio_buffer.append"
    ]
    assert sum(appends) == pytest.approx(2 * RATE_HZ * 1.2, rel=0.3)


def test_a_sound_file_on_standard_input_that_is_broken_is_one_sentence(program: Program) -> None:
    done = program.run(
        "run", text_profile(program), "--mic", "-", "--speaker", "none", stdin=b"RIFF\0\0\0\0WAVE"
    )
    assert done.returncode == ExitCode.SOUND
    assert "standard input is a damaged sound file: it has no format chunk." in done.stderr


@pytest.mark.parametrize(
    "other", ["itself", "relative", "link", "hard link", "standard input", "the options"]
)
def test_the_speaker_is_never_the_file_that_is_read(program: Program, other: str) -> None:
    spoken = write_wav(program.home / "spoken.wav", silence(0.1))
    before = spoken.read_bytes()
    names = {"itself": str(spoken), "relative": f"../{program.home.name}/spoken.wav"}
    speaker = names.get(other, "other.wav")
    if other == "link":
        (program.home / "other.wav").symlink_to(spoken)
    elif other not in names:
        (program.home / "other.wav").hardlink_to(spoken)
    arguments = ["--mic", "-" if other == "standard input" else "spoken.wav", "--speaker", speaker]
    if other == "the options":
        arguments = ["--input-device", f"wav:{spoken}", "--output-device", "wav:other.wav"]
    with spoken.open("rb") as stdin:
        done = subprocess.run(
            [program.command, "run", "sound-check", *arguments],
            stdin=stdin,
            capture_output=True,
            text=True,
            env=program.environment(),
            cwd=program.home,
            check=False,
        )
    assert done.returncode == ExitCode.USAGE
    assert (
        "--speaker names the file that --mic reads, which would be lost; name another file."
        in done.stderr
    )
    assert spoken.read_bytes() == before
    assert not list(program.home.glob("*unfinished*"))
    assert not (program.home / "state/sessions").exists()


def test_a_run_that_is_stopped_before_an_answer_leaves_what_stood_there(program: Program) -> None:
    out = program.home / "out.wav"
    out.write_bytes(b"what stood here before")
    arguments = ("run", text_profile(program), "--mic", "null", "--speaker", str(out))
    with program.started(*arguments) as process:
        assert process.stderr is not None
        assert "microphone is open" in process.stderr.readline()
        assert (program.home / "out.unfinished.wav").exists()
        assert out.read_bytes() == b"what stood here before"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == ExitCode.INTERRUPTED
        sentence = f"No answer was played, so {out} stays as it was.\n"
        assert sentence in process.stderr.readlines()
    assert out.read_bytes() == b"what stood here before"
    assert not (program.home / "out.unfinished.wav").exists()


def test_a_run_that_is_refused_late_leaves_a_whole_file_too(program: Program) -> None:
    profile = text_profile(program, more='turn_detection = "none"\n')
    done = program.run("run", profile, "--mic", "null", "--speaker", "out.wav")
    assert done.returncode == ExitCode.USAGE
    assert "takes turns by hand" in done.stderr
    assert [path.name for path in program.home.glob("*.wav")] == ["out.wav"]
    pcm_of(program.home / "out.wav")


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="the audio process is found in /proc"
)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_an_audio_process_that_dies_or_hangs_leaves_its_sound_where_it_is_said_to_be(
    program: Program, number: signal.Signals
) -> None:
    with program.started(
        "run", text_profile(program), "--mic", "null", "--speaker", "out.wav"
    ) as process:
        assert process.stderr is not None
        assert "microphone is open" in process.stderr.readline()
        os.kill(audio_process(program), number)
        if number == signal.SIGSTOP:
            process.send_signal(signal.SIGTERM)
        unfinished = program.home / "out.unfinished.wav"
        sentence = (
            "The loudspeaker's file could not be completed; what was played is in "
            f"{unfinished}: rename that file to keep it.\n"
        )
        assert any(line == sentence for line in process.stderr)
    pcm_of(unfinished)


def audio_process(program: Program) -> int:
    """The id of the audio process of this program's run."""
    mark = f"HOME={program.home}\0".encode()
    (pid,) = (
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if mark in read_bytes(process / "environ")
        and b"voicelive_tui.audio.host.server" in read_bytes(process / "cmdline")
    )
    return pid


def test_a_file_in_which_nothing_can_be_heard_is_said(program: Program) -> None:
    mic = write_wav(program.home / "silence.wav", silence(1))
    sentence = f"{mic} holds nothing audible: all of it is digital silence"
    options = ("--mic", mic, "--speaker", "none", "--timeout", str(DEADLINE_S))
    with program.started("run", text_profile(program), *options) as process:
        assert process.stderr is not None
        assert any(sentence in line for line in process.stderr)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(program: Program) -> None:
    os.mkfifo(program.home / "pipe")
    done = program.run("run", "sound-check", "--mic", "pipe")
    assert done.returncode == ExitCode.USAGE
    assert "--mic -" in done.stderr


def test_sound_without_an_end_is_not_kept(program: Program) -> None:
    arguments = [program.command, "run", "sound-check", "--mic", "-"]
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            arguments,
            stdin=endless,
            capture_output=True,
            text=True,
            env=program.environment(),
            cwd=program.home,
            check=False,
        )
    assert done.returncode == ExitCode.USAGE
    assert "more than an hour" in done.stderr


def test_a_full_disk_behind_the_output_is_one_sentence_and_the_journal_is_whole(
    program: Program,
) -> None:
    arguments = [
        program.command,
        "run",
        text_profile(program),
        "--text",
        "hi",
        "--speaker",
        "none",
        "--json",
    ]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            arguments,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=program.environment(),
            cwd=program.home,
            check=False,
        )
    assert done.returncode == ExitCode.OUTPUT
    # A disk that is slow to begin the recording is told too.
    assert "No space left" in done.stderr and "Traceback" not in done.stderr
    (folder,) = (program.home / "state/sessions").iterdir()
    *_, last = (folder / "events.jsonl").read_text().splitlines()
    assert json.loads(last)["event"]["type"] == "console.closed"


@pytest.mark.parametrize(
    "most_blocks", [8, 100, 400], ids=["before the first answer", "in the first", "later"]
)
def test_a_speaker_file_that_cannot_grow_ends_the_run_and_the_sentences_say_so(
    program: Program, most_blocks: int
) -> None:
    texts = (argument for number in range(8) for argument in ("--text", f"hello number {number}"))
    limited = f'ulimit -f {most_blocks}; exec "$@"'
    done = subprocess.run(
        [
            "sh",
            "-c",
            limited,
            "sh",
            program.command,
            "run",
            "sound-check",
            *texts,
            "--speaker",
            "out.wav",
            "--record",
            "none",
        ],
        capture_output=True,
        env=program.environment(),
        cwd=program.home,
        text=True,
        timeout=RUN_S,
        check=False,
    )
    assert done.returncode == ExitCode.SOUND
    assert "File too large; what follows is not played into it." in done.stderr
    assert "This run needs that sound, so it ends." in done.stderr
    assert f"{program.home / 'out.unfinished.wav'}: rename that file to keep it." in done.stderr
