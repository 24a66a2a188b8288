"""`check`: one line per finding in a form that editors understand, and an exit code for
pipelines."""

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.program import Program

BROKEN = """\
name = "Broken"

[service]
target = "moon"
"""


def test_the_starters_are_right(program: Program) -> None:
    done = program.run("check")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    lines = done.stdout.splitlines()
    assert len(lines) >= 5
    assert all(line.endswith(": ok, it talks to the local simulator") for line in lines)


def test_a_broken_profile_is_named_with_its_place_and_the_others_are_still_checked(
    program: Program,
) -> None:
    path = program.profile("broken", BROKEN)
    program.profile("fine", 'name = "Fine"\n')
    done = program.run("check")
    assert done.returncode == ExitCode.FOUND
    assert any(
        line.startswith(f"{path}:4:") and ": error: " in line for line in done.stdout.splitlines()
    )
    assert any("fine.toml: ok, " in line for line in done.stdout.splitlines())
    assert "1 error" in done.stderr


def test_an_unknown_key_is_a_warning_with_the_nearest_name(program: Program) -> None:
    path = program.profile("newer", '[session]\ninstrutions = "hi"\n')
    done = program.run("check", "newer")
    assert done.returncode == ExitCode.OK
    assert (
        f"{path}:2:" in done.stdout and "warning" in done.stdout and "instructions" in done.stdout
    )


def test_only_errors_count_against_a_profile(program: Program) -> None:
    program.profile("newer", '[service]\napi_version = "2027-01-01"\n')
    program.profile("refused", "[session]\ntemperature = 3\n")
    newer = program.run("check", "newer")
    assert newer.returncode == ExitCode.OK
    assert ":2:1: info: api-version 2027-01-01 is newer" in newer.stdout
    assert ": ok, " in newer.stdout
    assert "0 errors, 0 warnings and 1 info in 1 profile." in newer.stderr
    refused = program.run("check", "refused")
    assert refused.returncode == ExitCode.FOUND
    assert ":2:1: error: `session.temperature` is 3" in refused.stdout
    assert ": ok, " not in refused.stdout


def test_a_profile_that_the_service_refuses_is_tried_all_the_same(program: Program) -> None:
    text = '[service]\ntarget = "simulator"\n[[session.tools]]\ntype = "function"\nname = "a b"'
    program.profile("refused", text)
    done = program.run("run", "refused", "--text", "hello")
    assert ": error: " in done.stderr and "session.tools[0].name" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_anywhere_can_be_checked_and_a_missing_one_is_a_wrong_command_line(
    program: Program,
) -> None:
    path = program.home / "elsewhere.toml"
    path.write_text('name = "Elsewhere"\n')
    assert program.run("check", path).stdout == f"{path}: ok, it talks to the local simulator\n"
    done = program.run("check", "nowhere.toml")
    assert done.returncode == ExitCode.USAGE
    assert "nowhere.toml" in done.stderr


def test_a_missing_profile_does_not_keep_the_others_from_being_checked(program: Program) -> None:
    broken = program.profile("broken", BROKEN)
    program.profile("fine", 'name = "Fine"\n')
    done = program.run("check", "broken", "nowhere.toml", "neither", "fine")
    assert done.returncode == ExitCode.USAGE
    assert f"{broken}:4:" in done.stdout and "fine.toml: ok, " in done.stdout
    assert "nowhere.toml" in done.stderr and "neither" in done.stderr


def test_a_line_of_dotenv_that_says_nothing_is_warned_of(program: Program) -> None:
    (program.home / ".env").write_text("A=1\nB='hunter2\nC=3\n")
    for command in ("check", "doctor"):
        done = program.run(command)
        assert (
            ".env line 2 is not NAME=value and is left out; check its quotes."
            in done.stdout + done.stderr
        )
        assert "hunter2" not in done.stdout + done.stderr


def test_a_files_name_cannot_write_on_the_terminal(program: Program) -> None:
    program.profile("red\x1b[31m", 'name = "Red"\n')
    done = program.run("check")
    assert "\x1b" not in done.stdout and "red\\x1b[31m.toml: ok" in done.stdout


def test_a_folder_of_profiles_comes_first(program: Program) -> None:
    program.profile("casual-chat", BROKEN)
    elsewhere = program.home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "casual-chat.toml").write_text('name = "Mine"\n')
    assert program.run("check", "casual-chat").returncode == ExitCode.FOUND
    assert program.run("check", "casual-chat", "--profiles", elsewhere).returncode == ExitCode.OK


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name = " + "9" * 6_000, ":1:8: error: the number has 6,000 characters"),
        (".".join(["a"] * 20_000) + " = 1", ":1:128: error: a key has too many parts"),
        ('name = "deep"\n[session' + ".a" * 2_000 + "]", ":2:135: error: a key has too many parts"),
        ("x = " + "[" * 2_000 + "]" * 2_000, ":1:69: error: the tables are nested too deeply"),
    ],
    ids=["digits", "parts", "deep", "brackets"],
)
def test_a_hostile_file_is_one_sentence_and_the_others_work(
    program: Program, text: str, problem: str
) -> None:
    path = program.profile("hostile", text)
    program.profile("fine", 'name = "Fine"\n')
    checked = program.run("check")
    assert checked.returncode == ExitCode.FOUND
    (finding,) = (line for line in checked.stdout.splitlines() if ": ok, " not in line)
    assert finding.startswith(f"{path}{problem}")
    assert "Traceback" not in checked.stderr


def test_a_hostile_file_keeps_no_other_profile_from_talking(program: Program) -> None:
    program.profile("hostile", "name = " + "9" * 6_000)
    program.profile("fine", 'name = "Fine"\n[service]\ntarget = "simulator"\n')
    done = program.run("run", "fine", "--text", "hello")
    assert done.returncode == ExitCode.OK, done.stderr
    assert "hello" in done.stdout


def test_a_profile_names_no_file_as_microphone_or_loudspeaker(program: Program) -> None:
    victim = program.home / ".bashrc"
    victim.write_text("mine")
    for side in ("input", "output"):
        program.profile(
            "cloned", f'[service]\ntarget = "simulator"\n[audio]\n{side} = "wav:{victim}"\n'
        )
        checked = program.run("check", "cloned")
        assert checked.returncode == ExitCode.FOUND
        assert "a profile names devices, and this is a file" in checked.stdout
        assert program.run("run", "cloned", "--text", "hi").returncode == ExitCode.FOUND
    assert victim.read_text() == "mine"
