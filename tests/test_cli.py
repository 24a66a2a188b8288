"""The command line: which command is meant, what help prints, and how wrong arguments are
answered."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode, exit_code_table
from voicelive_tui import __version__
from voicelive_tui.cli import main
from voicelive_tui.options import (
    Parser,
    audio_parser,
    check_parser,
    devices_parser,
    doctor_parser,
    open_parser,
    sessions_parser,
    split_command,
    trust_parser,
)

from tests.support.program import Program
from tests.support.recorded_folders import record_folder

ROOT = Path(__file__).parents[1]
COMMANDS = frozenset(
    {"", "run", "open", "sessions", "simulate", "devices", "audio"}
    | {"check", "doctor", "trust", "ssh"}
)
COMMON = frozenset(
    {
        "--audio",
        "--simulator",
        "--profiles",
        "--input-device",
        "--output-device",
        "--log",
        "--no-audio",
        "--record",
        "--no-reconnect",
    }
)
OPTIONS = {
    "": {*COMMON, "--start", "--go-on", "--version"},
    "run": {*COMMON}
    | {"--mic", "--speaker", "--text", "--turns", "--json", "--timeout", "--trust-host"}
    | {"--max-heard-ms", "--max-first-audio-ms", "--fail-on"},
    "open": {"--last"},
    "sessions": {"--log", "--last", "--older", "--yes"},
    "devices": {"--audio", "--log"},
    "audio": {"--log", "--listen"},
    "check": {"--simulator", "--profiles", "--log"},
    "doctor": {"--simulator", "--profiles", "--audio", "--log", "--sign-in"},
    "trust": {"--log", "--remove"},
    "ssh": {"--no-tmux", "--remote-command"},
}
"""The options that each command's help lists, beside --help."""
ANY_COMMAND = frozenset({0, 2, 70, 74, 130, 141})
CODES = {
    "": {*ANY_COMMAND, 3, 4, 5, 6, 7, 8, 9},
    "run": {*ANY_COMMAND, 3, 4, 5, 6, 7, 8, 9},
    "open": {*ANY_COMMAND, 9},
    "sessions": {*ANY_COMMAND, 3},
    "simulate": {*ANY_COMMAND, 1},
    "devices": {*ANY_COMMAND, 8},
    "audio": {*ANY_COMMAND, 1},
    "check": {*ANY_COMMAND, 3},
    "doctor": {*ANY_COMMAND, 3},
    "trust": ANY_COMMAND,
    "ssh": set(range(143)) & {int(code) for code in ExitCode} - {1},
}
"""The exit codes that each command's help lists."""


@pytest.mark.parametrize(
    ("given", "command", "rest"),
    [
        ([], "", []),
        (["casual-chat", "support"], "", ["casual-chat", "support"]),
        (["run", "casual-chat"], "run", ["casual-chat"]),
        (
            ["--simulator", "run", "casual-chat", "--json"],
            "run",
            ["--simulator", "casual-chat", "--json"],
        ),
        (["--profiles", "run", "check"], "check", ["--profiles", "run"]),
        (["--record=none", "doctor"], "doctor", ["--record=none"]),
        (["--start", "run"], "", ["--start", "run"]),
        (["casual-chat", "run"], "", ["casual-chat", "run"]),
        (["--", "run"], "", ["--", "run"]),
    ],
)
def test_the_first_word_that_is_no_options_value_names_the_command(
    given: list[str], command: str, rest: list[str]
) -> None:
    assert split_command(given, COMMANDS) == (command, rest)


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The output of this command's `--help`."""
    with pytest.raises(SystemExit) as ended:
        main([*filter(None, [command]), "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", OPTIONS)
def test_help_lists_the_commands_own_options(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = help_of(command, capsys)
    listed = set(re.findall(r"^  (?:-h, )?(--[\w-]+)", text, re.MULTILINE))
    assert listed == {*OPTIONS[command], "--help"}
    usage = text.partition("\n\n")[0]
    assert set(re.findall(r"--[\w-]+", usage)) == OPTIONS[command]


@pytest.mark.parametrize("command", OPTIONS)
def test_help_ends_with_the_commands_own_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [ExitCode(code) for code in CODES[command]]
    text = " ".join(help_of(command, capsys).split())
    assert text.endswith(" ".join(f"exit codes: {exit_code_table(codes)}".split()))


@pytest.mark.parametrize("command", OPTIONS)
def test_help_fits_on_a_screen_of_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in help_of(command, capsys).splitlines() if len(line) > 79] == []


def test_every_exit_code_is_in_the_help_of_a_command() -> None:
    assert set().union(*CODES.values()) == set(ExitCode)
    assert CODES.keys() == COMMANDS


@pytest.mark.parametrize(
    ("parser", "more"),
    [
        (open_parser(), ["folder"]),
        (devices_parser(), []),
        (audio_parser(), ["--listen", "e"]),
        (check_parser(), []),
        (doctor_parser(), []),
        (trust_parser(), []),
        (sessions_parser(), []),
    ],
    ids=["open", "devices", "audio", "check", "doctor", "trust", "sessions"],
)
def test_every_command_takes_every_common_option(parser: Parser, more: list[str]) -> None:
    values = ["--profiles", "a", "--input-device", "b", "--output-device", "c", "--log", "d"]
    values += ["--audio", "f"]
    common = ["--simulator", "--no-audio", "--no-reconnect", *values, "--record", "none"]
    assert set(common) >= COMMON
    given = parser.parse_args([*common, *more])
    assert (given.simulator, given.no_audio, given.record) == (True, True, "none")
    assert (given.profiles, given.input_device, given.output_device) == ("a", "b", "c")
    assert given.audio == "f"


def test_every_command_and_option_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for code in ExitCode:
        assert re.search(
            rf"^\| {code.value} +\| {re.escape(code.meaning)} +\|$", readme, re.MULTILINE
        ), code
    for command in COMMANDS - {""}:
        assert f"voicelive-tui {command}" in readme


def test_no_exit_code_lacks_a_meaning() -> None:
    assert len({code.meaning for code in ExitCode}) == len(ExitCode)


@pytest.mark.parametrize(
    "arguments",
    [["--nonsense"], ["run"], ["run", "a", "b"], ["--record", "some"], ["--sim"], ["doctor", "x"]],
)
def test_a_wrong_option_is_one_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == ExitCode.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_the_version(program: Program) -> None:
    done = program.run("--version")
    assert (done.returncode, done.stdout) == (0, f"voicelive-tui {__version__}\n")


def test_a_folder_without_a_session_does_not_open(program: Program) -> None:
    done = program.run("open", program.home)
    assert done.returncode == ExitCode.USAGE
    assert "events.jsonl" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["open"], "name a FOLDER or --last"),
        (["open", "demo", "--last"], "name a FOLDER or --last"),
        (["open", "--last"], "no session that can be read is recorded"),
        (["--go-on", "last"], "no session that can be read is recorded"),
        (["--go-on", "nowhere"], "nowhere holds no recorded session"),
        (["--go-on", "demo"], "the console needs a terminal"),
        (["sessions", "prune"], "prune takes --older AGE"),
        (["sessions", "--older", "30d"], "belong to"),
        (["sessions", "prune", "--older", "30"], "is no age"),
        (["sessions", "prune", "--older", "0d"], "is not an age above 0"),
    ],
)
def test_a_recording_that_is_not_named_well_is_one_sentence(
    program: Program, arguments: list[str], sentence: str
) -> None:
    done = program.run(*arguments)
    assert done.returncode == ExitCode.USAGE
    assert sentence in done.stderr
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1


def test_sessions_are_listed_and_removed_in_a_pipeline(program: Program) -> None:
    state = str(program.home / "state")
    environment = {"VOICELIVE_TUI_STATE_DIR": state}
    old = datetime.now(UTC) - timedelta(days=40)
    record_folder(program.home / "state" / "sessions", started=old)
    assert "support" in program.run("sessions", environment=environment).stdout
    prune = ["sessions", "prune", "--older", "30d"]
    done = program.run(*prune, environment=environment)
    assert (done.returncode, "add --yes" in done.stderr) == (ExitCode.USAGE, True)
    assert program.run(*prune, "--yes", environment=environment).returncode == ExitCode.OK
    assert program.run("sessions", environment=environment).stdout == ""


def test_a_missing_env_file_is_fine_and_an_unreadable_one_is_a_sentence(program: Program) -> None:
    (program.home / ".env").write_bytes(b"AZURE_VOICELIVE_API_KEY=\xff\xfe secret\n")
    done = program.run("check")
    assert done.returncode == ExitCode.USAGE
    assert ".env" in done.stderr and "secret" not in done.stderr


def test_simulate_takes_its_own_options_and_ends_with_its_reader(program: Program) -> None:
    done = program.run("simulate", "--port", "0", "--parent")
    assert done.returncode == 0, done.stderr
    assert '"url": "ws://127.0.0.1:' in done.stdout
    assert program.run("simulate", "--nonsense").returncode == ExitCode.USAGE


def test_output_that_the_terminal_cannot_write_does_not_end_the_program(program: Program) -> None:
    program.profile("schön", 'name = "Schön"\n[session]\nmodalities = ["text"]\n')
    done = program.run(
        "check", "schön", environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert done.returncode == ExitCode.OK, done.stderr
    assert "sch\\xf6n" in done.stdout


def test_a_closed_stream_is_no_traceback(program: Program) -> None:
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        command = ["sh", "-c", f'exec "$0" check sound-check {closed}', program.command]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=program.environment(),
            cwd=program.home,
            check=False,
        )
        assert (done.returncode, done.stderr) == (ExitCode.OK, "")


def test_without_a_terminal_an_unknown_word_is_named(program: Program) -> None:
    done = program.run("devcies")
    assert done.returncode == ExitCode.USAGE
    assert "no profile named devcies" in done.stderr


def test_profiles_may_stand_on_both_sides_of_options(program: Program) -> None:
    between = program.run("casual-chat", "--start", "support", "sound-check")
    assert "'voicelive-tui run casual-chat' works without one" in between.stderr
    checked = program.run("check", "casual-chat", "--simulator", "support")
    assert checked.returncode == 0 and checked.stdout.count(": ok") == 2


def test_a_closed_pipe_is_no_traceback(program: Program) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [program.command, "check"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            env=program.environment(),
            cwd=program.home,
            check=False,
        )
    assert done.returncode == ExitCode.BROKEN_PIPE
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("module", "arguments", "name"),
    [
        ("voicelive_tui", ["simulate", "--help"], "voicelive-tui simulate"),
        ("voicelive_simulator", ["--help"], "voicelive-simulator"),
    ],
)
def test_the_simulator_names_itself_as_it_was_called(
    module: str, arguments: list[str], name: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {name} [-h]")
    listed = done.stdout.rpartition("exit codes:\n")[2]
    codes = {int(code) for code in re.findall(r"^ +(\d+)  ", listed, re.MULTILINE)}
    assert codes == CODES["simulate"] - (set() if module == "voicelive_tui" else {70, 130})
