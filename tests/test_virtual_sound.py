"""The virtual sound card on a machine that cannot have one: it says why and never passes
silently."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMAND = "sudo apt-get install libportaudio2 libasound2-plugins pulseaudio pulseaudio-utils"


def run(*arguments: str, tmp_path: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python on a machine with no other program, without the environment of the surrounding
    pytest."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "CI" and not name.startswith("PYTEST_")
    }
    bare = kept | {"PATH": str(tmp_path)} | environment
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


def test_where_nothing_may_be_installed_the_one_command_is_printed(tmp_path: Path) -> None:
    done = run("-m", "tests.support.virtual_sound", "--install", tmp_path=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert COMMAND in done.stdout


@pytest.mark.parametrize(
    ("environment", "outcome"), [({"CI": "true"}, "1 error"), ({}, "1 skipped")]
)
def test_tests_of_sound_fail_in_ci_and_are_skipped_with_the_reason_elsewhere(
    tmp_path: Path, environment: dict[str, str], outcome: str
) -> None:
    test = "tests/audio/test_sound_card.py::test_the_devices_are_listed_with_their_defaults"
    done = run(
        "-m",
        "pytest",
        "-q",
        "-rsE",
        "-p",
        "no:cacheprovider",
        test,
        tmp_path=tmp_path,
        **environment,
    )
    assert outcome in done.stdout
    assert COMMAND in done.stdout
