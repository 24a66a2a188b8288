"""`run` as people and pipelines use it: the installed program, files for ears and mouth, the real simulator."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import soundfile
from voicelive_tui.engine.sound import HELLO_WAV
from voicelive_tui.plain.exit_codes import ExitCode

from tests.support.program import DEADLINE_S, Program
from tests.support.signals import write_wav
from tests.support.speech_like import speech_like

RATE_HZ = 24_000
KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def pcm_of(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return file.readframes(file.getnframes())


def loudest(audio: bytes) -> int:
    return max(map(abs, array("h", audio)), default=0)


def in_writing(program: Program, *, more: str = "", target: str = "simulator") -> str:
    """A profile whose answers are typed, so that nobody waits for them to be spoken; its name."""
    program.profile("writer", f'[service]\ntarget = "{target}"\n[session]\nmodalities = ["text"]\n{more}')
    return "writer"


def silence(seconds: float) -> bytes:
    return bytes(2 * int(RATE_HZ * seconds))


def events_and_summary(stdout: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    objects = [json.loads(line) for line in stdout.splitlines()]
    assert "summary" in objects[-1]
    return objects[:-1], objects[-1]["summary"]


@contextmanager
def simulator(program: Program, *arguments: str) -> Iterator[str]:
    """A simulator of our own, started through the program; its http address."""
    with program.started("simulate", "--port", "0", *arguments) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield f"http://127.0.0.1:{ready['port']}"


def at(url: str) -> dict[str, str]:
    """The environment of somebody whose endpoint is this one."""
    return {"AZURE_VOICELIVE_ENDPOINT": url, "AZURE_VOICELIVE_API_KEY": KEY}


def test_a_spoken_file_gets_a_spoken_answer_and_a_whole_summary(program: Program) -> None:
    out = program.home / "out.wav"
    done = program.run("run", "sound-check", "--mic", HELLO_WAV, "--speaker", out, "--turns", "1", "--json")
    assert done.returncode == ExitCode.OK, done.stderr
    events, summary = events_and_summary(done.stdout)

    assert [event["n"] for event in events] == list(range(len(events)))
    assert {event["dir"] for event in events} == {"sent", "received", "local"}
    assert all(isinstance(event["event"]["type"], str) and event["t"] >= 0 for event in events)
    assert "base64" not in done.stdout and KEY not in done.stdout

    you, agent = [line for line in summary["transcript"] if line["who"] in ("you", "agent")]
    assert you["who"] == "you" and you["text"] and agent["text"]
    assert (summary["turns_held"], summary["exit_code"], summary["service"]) == (1, 0, "simulator")
    assert summary["turns"][0]["status"] == "completed"
    assert summary["latencies"]["heard"]["count"] == 1
    assert summary["close"]["code"] == 1000
    assert (summary["interruptions"], summary["errors"], summary["dropped_blocks"]) == ([], 0, 0)

    received = (Path(summary["folder"]) / "events.jsonl").read_text().splitlines()
    assert len(received) == len(events)
    assert loudest(pcm_of(out)) > 1000


def test_people_read_each_line_once_and_a_text_follows_the_file(program: Program) -> None:
    arguments = ("run", in_writing(program), "--mic", HELLO_WAV, "--speaker", "none", "--text", "and now in writing")
    done = program.run(*arguments)
    assert done.returncode == ExitCode.OK, done.stderr
    who = [line.split()[1] for line in done.stdout.splitlines()]
    assert who == ["you", "agent", "you", "agent"]
    assert "and now in writing" in done.stdout.splitlines()[2]
    assert "2 turns" in done.stderr


def test_a_person_who_goes_on_talking_interrupts_the_answer(program: Program) -> None:
    # The answer is heard for minutes: it begins within these seconds of silence, and the second words fall into it.
    words = pcm_of(HELLO_WAV)[: 3 * RATE_HZ]
    mic = write_wav(program.home / "impatient.wav", words + silence(8) + words)
    scenario = program.home / "long.toml"
    scenario.write_text(f'name = "Long"\nvoice = "tone"\n[[turn]]\nturn = 1\nsays = "{"This takes long. " * 100}"\n')
    arguments = ("run", "casual-chat", "--mic", mic, "--speaker", "null", "--turns", "2", "--json")
    with simulator(program, "--scenario", str(scenario)) as url:
        events, summary = events_and_summary(program.run(*arguments, environment=at(url)).stdout)
    assert summary["exit_code"] == ExitCode.OK
    (interruption,) = summary["interruptions"]
    assert 0 < interruption["played_ms"] < interruption["received_ms"]
    assert [turn["interrupted"] for turn in summary["turns"]] == [True, False]
    truncates = [event["event"] for event in events if event["event"]["type"] == "conversation.item.truncate"]
    assert [event["audio_end_ms"] for event in truncates] == [interruption["played_ms"]]


def test_raw_sound_from_a_pipe_is_a_manual_turn_too(program: Program) -> None:
    profile = in_writing(program, more='turn_detection = "none"\n')
    arguments = ("run", profile, "--mic", "-", "--speaker", "none", "--turns", "2", "--json")
    events, summary = events_and_summary(program.run(*arguments, stdin=pcm_of(HELLO_WAV)[: 2 * RATE_HZ]).stdout)
    assert (summary["exit_code"], summary["turns_held"]) == (ExitCode.OK, 2)
    sent = [event["event"]["type"] for event in events if event["dir"] == "sent"]
    assert sent.count("input_audio_buffer.commit") == 2


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG"])
def test_a_sound_file_from_a_pipe_is_taken_as_what_it_is(program: Program, kind: str) -> None:
    spoken = io.BytesIO()
    soundfile.write(spoken, speech_like(1.2, rate_hz=2 * RATE_HZ), 2 * RATE_HZ, format=kind)
    content = spoken.getvalue()
    if kind == "WAV":  # as a streaming tool writes it, which does not know the length yet
        content = content[:4] + b"\xff" * 4 + content[8:40] + b"\xff" * 4 + content[44:]
    profile = in_writing(program, more='turn_detection = "none"\n')
    arguments = ("run", profile, "--mic", "-", "--speaker", "none", "--turns", "1", "--json")
    events, summary = events_and_summary(program.run(*arguments, stdin=content).stdout)
    assert (summary["exit_code"], summary["turns_held"]) == (ExitCode.OK, 1)
    appends = [event["event"]["audio"]["bytes"] for event in events if event["event"]["type"] == "input_audio_buffer.append"]
    assert sum(appends) == pytest.approx(2 * RATE_HZ * 1.2, rel=0.3)


def test_a_sound_file_on_standard_input_that_is_broken_is_one_sentence(program: Program) -> None:
    done = program.run("run", in_writing(program), "--mic", "-", "--speaker", "none", stdin=b"RIFF\0\0\0\0WAVE")
    assert done.returncode == ExitCode.SOUND
    assert "standard input is a damaged sound file: it has no format chunk." in done.stderr


@pytest.mark.parametrize("other", ["itself", "relative", "link", "hard link", "standard input", "the options"])
def test_the_speaker_is_never_the_file_that_is_read(program: Program, other: str) -> None:
    spoken = write_wav(program.home / "spoken.wav", silence(0.1))
    before = spoken.read_bytes()
    names = {"itself": str(spoken), "relative": f"../{program.home.name}/spoken.wav"}
    speaker = names.get(other, "other.wav")
    if other == "link":
        (program.home / "other.wav").symlink_to(spoken)
    elif other not in names:
        (program.home / "other.wav").hardlink_to(spoken)
    given = ["--mic", "-" if other == "standard input" else "spoken.wav", "--speaker", speaker]
    if other == "the options":
        given = ["--input-device", f"wav:{spoken}", "--output-device", "wav:other.wav"]
    with spoken.open("rb") as stdin:
        done = subprocess.run(
            [program.command, "run", "sound-check", *given],
            stdin=stdin,
            capture_output=True,
            text=True,
            env=program.environment(),
            cwd=program.home,
            check=False,
        )
    assert done.returncode == ExitCode.USAGE
    assert "--speaker names the file that --mic reads, which would be lost; name another file." in done.stderr
    assert spoken.read_bytes() == before
    assert not list(program.home.glob("*unfinished*"))
    assert not (program.home / "state/sessions").exists()


def test_a_run_that_is_stopped_leaves_a_whole_file(program: Program) -> None:
    out = program.home / "out.wav"
    out.write_bytes(b"what stood here before")
    arguments = ("run", in_writing(program, more='turn_detection = "none"\n'), "--mic", "null", "--speaker", str(out))
    with program.started(*arguments) as process:
        while not (program.home / "out.unfinished.wav").exists():
            assert process.poll() is None
            time.sleep(0.02)
        assert out.read_bytes() == b"what stood here before"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == ExitCode.INTERRUPTED
    pcm_of(out)
    assert not (program.home / "out.unfinished.wav").exists()


def test_a_run_that_is_refused_late_leaves_a_whole_file_too(program: Program) -> None:
    profile = in_writing(program, more='turn_detection = "none"\n')
    done = program.run("run", profile, "--mic", "null", "--speaker", "out.wav")
    assert done.returncode == ExitCode.USAGE
    assert "takes turns by hand" in done.stderr
    assert [path.name for path in program.home.glob("*.wav")] == ["out.wav"]
    pcm_of(program.home / "out.wav")


@pytest.mark.parametrize("most_blocks", [8, 100, 400], ids=["before the first answer", "in the first", "later"])
def test_a_speaker_that_takes_no_more_ends_the_run_and_the_sentences_say_so(program: Program, most_blocks: int) -> None:
    texts = (argument for number in range(8) for argument in ("--text", f"hello number {number}"))
    limited = f'ulimit -f {most_blocks}; exec "$@"'
    done = subprocess.run(
        ["sh", "-c", limited, "sh", program.command, "run", "sound-check", *texts, "--speaker", "out.wav", "--record", "none"],
        capture_output=True,
        env=program.environment(),
        cwd=program.home,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == ExitCode.SOUND
    assert "File too large; what follows is not played into it." in done.stderr
    assert "This run needs that sound, so it ends." in done.stderr
    assert f"{program.home / 'out.unfinished.wav'}: rename that file to keep it." in done.stderr


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the audio process is found in /proc")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_an_audio_process_that_dies_or_hangs_leaves_its_sound_where_it_is_said_to_be(
    program: Program, blow: signal.Signals
) -> None:
    with program.started("run", in_writing(program), "--mic", "null", "--speaker", "out.wav") as process:
        assert process.stderr is not None
        assert "microphone is open" in process.stderr.readline()
        os.kill(audio_process(program), blow)
        if blow == signal.SIGSTOP:
            process.send_signal(signal.SIGTERM)
        unfinished = program.home / "out.unfinished.wav"
        sentence = (
            f"The loudspeaker's file could not be completed; what was played is in {unfinished}: rename that file to keep it.\n"
        )
        assert any(line == sentence for line in process.stderr)
    pcm_of(unfinished)


def audio_process(program: Program) -> int:
    """The process that holds the ports of this program's run."""
    mark = f"HOME={program.home}\0".encode()
    (pid,) = (
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if mark in read_bytes(process / "environ") and b"voicelive_tui.audio.host" in read_bytes(process / "cmdline")
    )
    return pid


def test_a_file_in_which_nothing_can_be_heard_is_said(program: Program) -> None:
    mic = write_wav(program.home / "silence.wav", silence(1))
    done = program.run("run", in_writing(program), "--mic", mic, "--speaker", "none", "--timeout", "3")
    assert f"{mic} holds nothing audible: all of it is digital silence" in done.stderr


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(program: Program) -> None:
    os.mkfifo(program.home / "pipe")
    done = program.run("run", "sound-check", "--mic", "pipe")
    assert done.returncode == ExitCode.USAGE
    assert "--mic -" in done.stderr


def test_sound_without_an_end_is_not_kept(program: Program) -> None:
    arguments = [program.command, "run", "sound-check", "--mic", "-"]
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            arguments, stdin=endless, capture_output=True, text=True, env=program.environment(), cwd=program.home, check=False
        )
    assert done.returncode == ExitCode.USAGE
    assert "more than an hour" in done.stderr


def test_a_full_disk_behind_the_output_is_one_sentence_and_the_journal_is_whole(program: Program) -> None:
    arguments = [program.command, "run", in_writing(program), "--text", "hi", "--speaker", "none", "--json"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            arguments, stdout=full, stderr=subprocess.PIPE, text=True, env=program.environment(), cwd=program.home, check=False
        )
    assert done.returncode == ExitCode.OUTPUT
    (sentence,) = done.stderr.splitlines()
    assert "No space left" in sentence
    (folder,) = (program.home / "state/sessions").iterdir()
    *_, last = (folder / "events.jsonl").read_text().splitlines()
    assert json.loads(last)["event"]["type"] == "console.closed"


def test_silence_holds_no_turn(program: Program) -> None:
    mic = write_wav(program.home / "silence.wav", silence(1))
    done = program.run("run", "sound-check", "--mic", mic, "--speaker", "none", "--turns", "1", "--timeout", "10")
    assert done.returncode == ExitCode.TURNS
    assert "0 of 1 turns" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "sound-chek", "--text", "hi"), "did you mean sound-check?"),
        (("run", "sound-check", "--mic", "nowhere.wav"), "no file nowhere.wav"),
        (("run", "sound-check", "--mic", "-"), "held no sound"),
        (("run", "sound-check", "--text", "hi", "--speaker", "out.mp3"), "does not end in .wav"),
        (("run", "sound-check", "--text", "hi", "--speaker", "nowhere/out.wav"), "cannot be written"),
        (("run", "sound-check", "--mic", "none"), "nothing to say"),
        (("run", "sound-check", "--text", "hi", "--turns", "2"), "--turns asks for 2"),
        (("run", "sound-check", "--turns", "none"), "whole number"),
        (("run", "sound-check", "--text", "hi", "--log", "nowhere/log"), "cannot be written"),
        (("run", "sound-check", "--text", " "), "nothing in it to say"),
        (("run", "sound-check", "--text", "hi", "--profiles", "nowhere"), "no folder nowhere"),
        (("run",), "PROFILE"),
    ],
)
def test_a_wrong_command_line_gets_one_sentence(program: Program, arguments: tuple[str, ...], sentence: str) -> None:
    done = program.run(*arguments)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_profile_is_named_with_file_and_line(program: Program) -> None:
    path = program.profile("broken", 'name = "Broken"\n[session\n')
    done = program.run("run", "broken", "--text", "hi")
    assert done.returncode == ExitCode.FOUND
    assert f"{path}:2:" in done.stderr


def test_a_key_that_this_version_does_not_know_warns_and_reaches_the_service(program: Program) -> None:
    path = program.profile("newer", '[service]\ntarget = "simulator"\n[session]\nmodalities = ["text"]\nfrom_the_future = true\n')
    done = program.run("run", "newer", "--text", "hi", "--json")
    assert f"{path}:5:" in done.stderr and "warning" in done.stderr
    events, _ = events_and_summary(done.stdout)
    (update,) = [event["event"] for event in events if event["event"]["type"] == "session.update"]
    assert update["session"] == {"modalities": ["text"], "from_the_future": True}


def test_a_file_that_is_no_sound_cannot_be_the_microphone(program: Program) -> None:
    path = program.home / "text.wav"
    path.write_text("this is no sound")
    done = program.run("run", "sound-check", "--mic", path, "--speaker", "none")
    assert done.returncode == ExitCode.SOUND
    assert done.stderr.count("text.wav") == 1


def test_nobody_listens_at_the_endpoint(program: Program) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        done = program.run("run", "casual-chat", "--text", "hi", "--speaker", "none", "--json", environment=at(url))
    assert done.returncode == ExitCode.UNREACHABLE
    events, summary = events_and_summary(done.stdout)
    assert events == [] and summary["exit_code"] == ExitCode.UNREACHABLE
    assert summary["problem"] in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_wrong_key_is_refused_and_never_shown(program: Program) -> None:
    with simulator(program, "--key", "another") as url:
        log = program.home / "log"
        arguments = ("run", "casual-chat", "--text", "hi", "--speaker", "none", "--log", log)
        done = program.run(*arguments, environment=at(url))
    assert done.returncode == ExitCode.REFUSED
    assert "401" in done.stderr
    assert KEY not in done.stdout + done.stderr + log.read_text()


def test_an_endpoint_with_its_key_is_used_instead_of_the_simulator(program: Program) -> None:
    with simulator(program, "--key", KEY) as url:
        arguments = ("run", in_writing(program, target="azure"), "--text", "hi", "--speaker", "none", "--json")
        done = program.run(*arguments, environment=at(url))
        _, summary = events_and_summary(done.stdout)
    assert (summary["exit_code"], summary["service"]) == (ExitCode.OK, "azure")
    kept = "".join(path.read_text("utf-8") for path in Path(summary["folder"]).iterdir() if path.suffix != ".wav")
    assert KEY not in kept + done.stdout + done.stderr


def test_a_service_that_hangs_up_is_told_from_one_that_was_heard_out(program: Program) -> None:
    mic = write_wav(program.home / "silence.wav", silence(1))
    with simulator(program, "--session-minutes", "0.03") as url:
        arguments = ("run", "casual-chat", "--mic", mic, "--speaker", "none", "--json")
        done = program.run(*arguments, environment=at(url))
    assert done.returncode == ExitCode.CLOSED
    _, summary = events_and_summary(done.stdout)
    assert summary["close"]["code"] == 1001
    assert summary["close"]["sentence"]


def test_a_reader_that_goes_away_ends_the_run_quietly(program: Program) -> None:
    with program.started("run", "sound-check", "--text", "hi", "--speaker", "none", "--json") as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == ExitCode.BROKEN_PIPE
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_it_leaves_whole_files_and_a_summary(program: Program, ending: signal.Signals) -> None:
    out = program.home / "out.wav"
    mic = write_wav(program.home / "silence.wav", silence(1))
    with program.started("run", "sound-check", "--mic", mic, "--speaker", out, "--json") as process:
        assert process.stdout is not None and process.stderr is not None
        first = [process.stdout.readline() for _ in range(20)]
        os.killpg(process.pid, ending)  # a terminal tells everyone who was started from it
        rest = process.stdout.read()
        assert process.wait(60) == ExitCode.INTERRUPTED
        assert "Traceback" not in process.stderr.read()
    events, summary = events_and_summary("".join(first) + rest)
    assert summary["close"]["code"] == 1000
    lines = (Path(summary["folder"]) / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["n"] for line in lines] == [event["n"] for event in events]
    pcm_of(out)


def test_without_a_terminal_the_bare_command_holds_a_sound_check(program: Program) -> None:
    done = program.run()
    assert done.returncode == ExitCode.OK, done.stderr
    assert "no terminal" in done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["you", "agent"]


def test_without_a_terminal_a_named_profile_is_pointed_to_run(program: Program) -> None:
    done = program.run("casual-chat")
    assert done.returncode == ExitCode.USAGE
    assert "voicelive-tui run casual-chat" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_outlives_the_run(program: Program) -> None:
    done = program.run("run", in_writing(program), "--text", "hi", "--speaker", "null")
    assert done.returncode == ExitCode.OK
    mark = f"HOME={program.home}\0".encode()
    environments = [read_bytes(process / "environ") for process in Path("/proc").glob("[0-9]*")]
    assert len(environments) > 1
    assert not [environment for environment in environments if mark in environment]


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it ended meanwhile, or belongs to somebody else
