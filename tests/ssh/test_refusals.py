"""What `voicelive-tui ssh` refuses before it connects to HOST."""

from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.cli import main

HOST = ("-F", "none", "far")


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code and the only line that is printed."""
    code = main(["ssh", *words])
    (line,) = capsys.readouterr().err.splitlines()
    return code, line


@pytest.mark.parametrize("command", ["simulate", "audio", "ssh"])
def test_a_command_without_sound_of_its_own(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, line = refusal(capsys, *HOST, command)
    assert f"'{command}' takes no sound from this machine" in line
    assert code == ExitCode.USAGE


def test_a_console_without_a_terminal_here(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = refusal(capsys, *HOST)
    assert "the console needs a terminal to draw on" in line
    assert code == ExitCode.USAGE


def test_an_option_that_ssh_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = refusal(capsys, "-o", "Nonsense=1", *HOST, "check")
    assert "ssh does not accept its options or HOST" in line
    assert code == ExitCode.USAGE


def test_without_ssh_it_is_said_how_to_install_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, line = refusal(capsys, *HOST, "check")
    assert "there is no ssh on this machine; install it" in line
    assert code == ExitCode.UNREACHABLE
