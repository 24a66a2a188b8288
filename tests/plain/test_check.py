"""`check`: every finding on a line that editors understand, and an exit code for pipelines."""

from voicelive_tui.plain.exit_codes import ExitCode

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


def test_a_broken_profile_is_named_with_its_place_and_the_others_are_still_checked(program: Program) -> None:
    path = program.profile("broken", BROKEN)
    program.profile("fine", 'name = "Fine"\n')
    done = program.run("check")
    assert done.returncode == ExitCode.FOUND
    assert any(line.startswith(f"{path}:4:") and ": error: " in line for line in done.stdout.splitlines())
    assert any("fine.toml: ok, " in line for line in done.stdout.splitlines())
    assert "1 error" in done.stderr


def test_an_unknown_key_is_a_warning_with_the_nearest_name(program: Program) -> None:
    path = program.profile("newer", '[session]\ninstrutions = "hi"\n')
    done = program.run("check", "newer")
    assert done.returncode == ExitCode.OK
    assert f"{path}:2:" in done.stdout and "warning" in done.stdout and "instructions" in done.stdout


def test_a_file_anywhere_can_be_checked_and_a_missing_one_is_a_wrong_command_line(program: Program) -> None:
    path = program.home / "elsewhere.toml"
    path.write_text('name = "Elsewhere"\n')
    assert program.run("check", path).stdout == f"{path}: ok, it talks to the local simulator\n"
    done = program.run("check", "nowhere.toml")
    assert done.returncode == ExitCode.USAGE
    assert "nowhere.toml" in done.stderr


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
