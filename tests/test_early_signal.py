"""A signal during start-up ends the program in the same way as a later one."""

import os
import signal
import subprocess
import sys
import time

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.deadlines import DEADLINE_S
from tests.support.program import Program

SENTENCES = {
    signal.SIGINT: "voicelive-tui: stopped with Ctrl+C.\n",
    signal.SIGTERM: "voicelive-tui: stopped with SIGTERM.\n",
    signal.SIGHUP: "voicelive-tui: stopped, because its terminal was closed.\n",
}
RUN = ["run", "sound-check", "--no-audio", "--text", "Hello"]

RAISING_CODE = {
    "": "raise_signal({number})",
    "within exec": "exec('raise_signal({number})')",
    "within the callback of a weak reference": (
        "one = type('One', (), {{}})(); held = weakref.ref(one, lambda _: raise_signal({number})); "
        "del one"
    ),
    "while a class is made": (
        "name = type('Name', (), {{'__set_name__': lambda *_: raise_signal({number})}})(); "
        "type('Made', (), {{'name': name}})"
    ),
}
"""Python code that raises a signal where Python keeps, prints or replaces the exception of its
handler."""


def run_signalled(
    program: Program, module: str, number: int, site: str, arguments: list[str]
) -> "subprocess.CompletedProcess[str]":
    """Run the program, which gets this signal when it first imports this module."""
    script = (
        "import sys, weakref\nfrom signal import raise_signal\nstruck = []\n"
        "def on_event(event, args):\n"
        f"    if event == 'import' and args[0] == {module!r} and not struck:\n"
        f"        struck.append(1)\n        {RAISING_CODE[site].format(number=number)}\n"
        "sys.addaudithook(on_event)\nfrom voicelive_tui.cli import main\nsys.exit(main())\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=program.environment(),
        cwd=program.home,
        timeout=DEADLINE_S,
        check=False,
    )


@pytest.mark.parametrize(
    "module",
    [
        "argparse",
        "voicelive_tui.options",
        "asyncio",
        "voicelive_tui.engine.engine",
        "voicelive_tui.engine.config.dotenv_file",
    ],
)
@pytest.mark.parametrize("number", SENTENCES)
def test_a_signal_while_a_run_starts_is_one_sentence_and_its_exit_code(
    program: Program, number: signal.Signals, module: str
) -> None:
    done = run_signalled(program, module, number, "", RUN)
    assert (done.returncode, done.stdout, done.stderr) == (
        ExitCode.INTERRUPTED,
        "",
        SENTENCES[number],
    )


@pytest.mark.parametrize("command", ["check", "devices", "doctor", "simulate", "trust"])
def test_a_signal_ends_every_command_in_the_same_way(program: Program, command: str) -> None:
    done = run_signalled(program, "argparse", signal.SIGTERM, "", [command])
    assert (done.returncode, done.stdout, done.stderr) == (
        ExitCode.INTERRUPTED,
        "",
        SENTENCES[signal.SIGTERM],
    )


@pytest.mark.parametrize("site", RAISING_CODE)
@pytest.mark.parametrize("command", [["check"], RUN])
def test_no_signal_is_lost_where_python_swallows_what_it_raises(
    program: Program, command: list[str], site: str
) -> None:
    done = run_signalled(
        program, "voicelive_tui.engine.config.settings", signal.SIGTERM, site, command
    )
    assert done.returncode == ExitCode.INTERRUPTED, done.stderr
    assert "Traceback" not in done.stderr and "ignored" not in done.stderr


@pytest.mark.parametrize("number", SENTENCES)
def test_a_signal_while_standard_input_is_read_leaves_no_file(
    program: Program, number: signal.Signals
) -> None:
    temporary = program.home / "temporary"
    temporary.mkdir()
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [program.command, "run", "sound-check", "--mic", "-"],
        stdin=reader,
        stderr=subprocess.PIPE,
        text=True,
        env=program.environment({"TMPDIR": str(temporary)}),
        cwd=program.home,
    )
    try:
        end_s = time.monotonic() + DEADLINE_S
        while not any(temporary.iterdir()):
            assert process.poll() is None and time.monotonic() < end_s
            time.sleep(0.01)
        process.send_signal(number)
        _, said = process.communicate(timeout=DEADLINE_S)
    finally:
        process.kill()
        os.close(reader)
        os.close(writer)
    assert (process.returncode, said) == (ExitCode.INTERRUPTED, SENTENCES[number])
    assert not list(temporary.iterdir())


def test_a_run_started_with_nohup_outlives_its_terminal(program: Program) -> None:
    program.profile("writer", '[session]\nmodalities = ["text"]\n')
    command = [
        "sh",
        "-c",
        'trap "" HUP; exec "$0" "$@"',
        program.command,
        "run",
        "writer",
        "--simulator",
        "--text",
        "Hello",
        "--json",
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=program.environment(),
        cwd=program.home,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    _, said = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == ExitCode.OK, said
