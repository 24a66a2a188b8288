"""Everything that `run` cannot do is reported in one sentence and an exit code: command line,
profile, service and key."""

import socket
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.headless.support.runs import (
    KEY,
    endpoint_variables,
    events_and_summary,
    simulator,
    text_profile,
)
from tests.support.program import Program


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "sound-chek", "--text", "hi"), "did you mean sound-check?"),
        (("run", "sound-check", "--mic", "nowhere.wav"), "no file nowhere.wav"),
        (("run", "sound-check", "--mic", "-"), "held no sound"),
        (("run", "sound-check", "--text", "hi", "--speaker", "out.mp3"), "does not end in .wav"),
        (
            ("run", "sound-check", "--text", "hi", "--speaker", "nowhere/out.wav"),
            "cannot be written",
        ),
        (("run", "sound-check", "--mic", "none"), "nothing to say"),
        (("run", "sound-check", "--text", "hi", "--turns", "2"), "--turns asks for 2"),
        (("run", "sound-check", "--turns", "none"), "whole number"),
        (("run", "sound-check", "--text", "hi", "--log", "nowhere/log"), "cannot be written"),
        (("run", "sound-check", "--text", " "), "the text is empty"),
        (("run", "sound-check", "--text", "hi", "--profiles", "nowhere"), "no folder nowhere"),
        (
            ("run", "sound-check", "--text", "hi", "--speaker", "none", "--max-heard-ms", "9"),
            "--max-heard-ms needs a speaker",
        ),
        (("run", "sound-check", "--text", "hi", "--max-heard-ms", "0"), "milliseconds above 0"),
        (("run", "sound-check", "--text", "hi", "--fail-on", "tool,noise"), "'noise' is none of"),
        (("run",), "PROFILE"),
    ],
)
def test_a_wrong_command_line_gets_one_sentence(
    program: Program, arguments: tuple[str, ...], sentence: str
) -> None:
    done = program.run(*arguments)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_profile_is_named_with_file_and_line(program: Program) -> None:
    path = program.profile("broken", 'name = "Broken"\n[session\n')
    done = program.run("run", "broken", "--text", "hi")
    assert done.returncode == ExitCode.FOUND
    assert f"{path}:2:" in done.stderr


def test_a_key_that_this_version_does_not_know_is_named_and_reaches_the_service(
    program: Program,
) -> None:
    path = program.profile(
        "newer",
        '[service]\ntarget = "simulator"\n[session]\nmodalities = ["text"]\nfrom_the_future = '
        "true\n",
    )
    done = program.run("run", "newer", "--text", "hi", "--json")
    assert f"{path}:5:1: info: " in done.stderr
    events, _ = events_and_summary(done.stdout)
    (update,) = [event["event"] for event in events if event["event"]["type"] == "session.update"]
    assert update["session"] == {"modalities": ["text"], "from_the_future": True}


def test_a_file_that_is_no_sound_cannot_be_the_microphone(program: Program) -> None:
    path = program.home / "text.wav"
    path.write_text("this is no sound")
    done = program.run("run", "sound-check", "--mic", path, "--speaker", "out.wav")
    assert done.returncode == ExitCode.SOUND
    assert done.stderr.count("text.wav") == 1
    assert not list(program.home.glob("out*"))
    assert not (program.home / "state/sessions").exists()


def test_an_endpoint_without_a_server_is_unreachable(program: Program) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        done = program.run(
            "run",
            "casual-chat",
            "--text",
            "hi",
            "--speaker",
            "none",
            "--json",
            environment=endpoint_variables(url),
        )
    assert done.returncode == ExitCode.UNREACHABLE
    events, summary = events_and_summary(done.stdout)
    assert events == [] and summary["exit_code"] == ExitCode.UNREACHABLE
    assert summary["problem"] in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_wrong_key_is_refused_and_never_shown(program: Program) -> None:
    with simulator(program, "--key", "another") as url:
        log = program.home / "log"
        arguments = ("run", "casual-chat", "--text", "hi", "--speaker", "none", "--log", log)
        done = program.run(*arguments, environment=endpoint_variables(url))
    assert done.returncode == ExitCode.REFUSED
    assert "401" in done.stderr
    assert KEY not in done.stdout + done.stderr + log.read_text()


def test_an_endpoint_with_its_key_is_used_instead_of_the_simulator(program: Program) -> None:
    with simulator(program, "--key", KEY) as url:
        arguments = (
            "run",
            text_profile(program, target="azure"),
            "--text",
            "hi",
            "--speaker",
            "none",
            "--json",
        )
        done = program.run(*arguments, environment=endpoint_variables(url))
        _, summary = events_and_summary(done.stdout)
    assert (summary["exit_code"], summary["service"]) == (ExitCode.OK, "azure")
    kept = "".join(
        path.read_text("utf-8")
        for path in Path(summary["folder"]).iterdir()
        if path.suffix != ".wav"
    )
    assert KEY not in kept + done.stdout + done.stderr
