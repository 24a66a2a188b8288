"""The shell commands for HOST, run by the shells that are here."""

import shutil
import subprocess
from pathlib import Path

import pytest
from voicelive_tui.ssh.remote_shell import RemoteConsole, console_script, in_login_shell

ODD = ["it's", 'say "x"', "$HOME", "`id`", "a\\b", "*", "semi;colon", "ünï", "", "!x", "-n"]


@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash", "/bin/tcsh", "/usr/bin/fish"])
def test_arguments_arrive_unchanged_through_any_login_shell(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    console = RemoteConsole(
        "printf '%s\\n'", ODD, str(tmp_path / "fold er"), needs_terminal=False, true_colour=True
    )
    (tmp_path / "fold er").mkdir()
    done = subprocess.run(
        [shell, "-c", in_login_shell(console_script(console))],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SHELL": shell, "LANG": "C.UTF-8"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().split("\n") == ["--audio", str(tmp_path / "fold er"), *ODD, ""]
    assert not (tmp_path / "fold er").exists()


def test_the_exit_code_of_the_console_is_that_of_the_command(tmp_path: Path) -> None:
    console = RemoteConsole("sh -c 'exit 7'", [], str(tmp_path / "x"), needs_terminal=False)
    line = in_login_shell(console_script(console))
    assert subprocess.run(["/bin/sh", "-c", line], check=False).returncode == 7
