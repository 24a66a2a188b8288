"""`run` as users and pipelines use it: the installed program, sound files as microphone and
speaker, the real simulator."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.engine.audio.port_opening import HELLO_WAV

from tests.headless.support.runs import (
    KEY,
    RATE_HZ,
    ended_by_time,
    endpoint_variables,
    events_and_summary,
    loudest,
    pcm_of,
    read_bytes,
    silence,
    simulator,
    text_profile,
)
from tests.support.deadlines import DEADLINE_S
from tests.support.program import Program
from tests.support.signals import write_wav


def test_a_spoken_file_gets_a_spoken_answer_and_a_whole_summary(program: Program) -> None:
    out = program.home / "out.wav"
    done = program.run(
        "run", "sound-check", "--mic", HELLO_WAV, "--speaker", out, "--turns", "1", "--json"
    )
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
    latencies, turn = summary["latencies"], summary["turns"][0]
    assert (latencies["heard"]["count"], latencies["heard"]["from_voice"]) == (1, 1)
    assert latencies["heard"]["worst_ms"] == turn["heard_ms"]
    # The service waits for silence before it says that the speech ended.
    assert turn["first_audio_ms"] <= turn["service_heard_ms"] < turn["heard_ms"]
    assert summary["close"]["code"] == 1000
    assert (summary["interruptions"], summary["errors"], summary["dropped_blocks"]) == ([], 0, 0)

    received = (Path(summary["folder"]) / "events.jsonl").read_text().splitlines()
    assert len(received) == len(events)
    assert loudest(pcm_of(out)) > 1000


def test_people_read_each_line_once_and_a_text_follows_the_file(program: Program) -> None:
    arguments = (
        "run",
        text_profile(program),
        "--mic",
        HELLO_WAV,
        "--speaker",
        "none",
        "--text",
        "and now in writing",
    )
    done = program.run(*arguments)
    assert done.returncode == ExitCode.OK, done.stderr
    who = [line.split()[1] for line in done.stdout.splitlines()]
    assert who == ["you", "agent", "you", "agent"]
    assert "and now in writing" in done.stdout.splitlines()[2]
    assert "2 turns" in done.stderr


def test_a_user_who_continues_talking_interrupts_the_answer(program: Program) -> None:
    # The answer lasts minutes: it begins within these seconds of silence, and the second words fall
    # into it.
    words = pcm_of(HELLO_WAV)[: 3 * RATE_HZ]
    mic = write_wav(program.home / "impatient.wav", words + silence(8) + words)
    scenario = program.home / "long.toml"
    scenario.write_text(
        f'name = "Long"\nvoice = "tone"\n[[turn]]\nturn = 1\nsays = "{"This takes long. " * 100}"\n'
    )
    arguments = ("run", "casual-chat", "--mic", mic, "--speaker", "null", "--turns", "2", "--json")
    with simulator(program, "--scenario", str(scenario)) as url:
        events, summary = events_and_summary(
            program.run(*arguments, environment=endpoint_variables(url)).stdout
        )
    assert summary["exit_code"] == ExitCode.OK
    (interruption,) = summary["interruptions"]
    assert 0 < interruption["played_ms"] < interruption["received_ms"]
    assert [turn["interrupted"] for turn in summary["turns"]] == [True, False]
    truncates = [
        event["event"] for event in events if event["event"]["type"] == "conversation.item.truncate"
    ]
    assert [event["audio_end_ms"] for event in truncates] == [interruption["played_ms"]]


def test_silence_holds_no_turn(program: Program) -> None:
    mic = write_wav(program.home / "silence.wav", silence(1))
    arguments = ("run", "sound-check", "--mic", mic, "--speaker", "none", "--turns", "1")
    done = ended_by_time(
        lambda timeout: program.run(*arguments, "--timeout", timeout),
        lambda done: "0 of 1 turns" in done.stderr,
    )
    assert done.returncode == ExitCode.TURNS
    assert "0 of 1 turns" in done.stderr


def test_a_service_that_hangs_up_early_has_its_own_exit_code(program: Program) -> None:
    mic = write_wav(program.home / "silence.wav", silence(1))
    with simulator(program, "--session-minutes", "0.03") as url:
        arguments = (
            "run",
            "casual-chat",
            "--mic",
            mic,
            "--speaker",
            "none",
            "--json",
            "--no-reconnect",
        )
        done = program.run(*arguments, environment=endpoint_variables(url))
    assert done.returncode == ExitCode.CLOSED
    _, summary = events_and_summary(done.stdout)
    assert summary["close"]["code"] == 1001
    assert summary["close"]["sentence"]


def test_a_reader_that_goes_away_ends_the_run_quietly(program: Program) -> None:
    with program.started(
        "run", "sound-check", "--text", "hi", "--speaker", "none", "--json"
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(DEADLINE_S) == ExitCode.BROKEN_PIPE
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_it_leaves_whole_files_and_a_summary(
    program: Program, ending: signal.Signals
) -> None:
    out = program.home / "out.wav"
    mic = write_wav(program.home / "silence.wav", silence(1))
    with program.started("run", "sound-check", "--mic", mic, "--speaker", out, "--json") as process:
        assert process.stdout is not None and process.stderr is not None
        first = [process.stdout.readline() for _ in range(20)]
        os.killpg(process.pid, ending)  # a terminal signals every process that was started from it
        rest = process.stdout.read()
        assert process.wait(DEADLINE_S) == ExitCode.INTERRUPTED
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
    done = program.run("run", text_profile(program), "--text", "hi", "--speaker", "null")
    assert done.returncode == ExitCode.OK
    mark = f"HOME={program.home}\0".encode()
    environments = [read_bytes(process / "environ") for process in Path("/proc").glob("[0-9]*")]
    assert len(environments) > 1
    assert not [environment for environment in environments if mark in environment]
