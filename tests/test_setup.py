"""`.ci/setup`, which make calls first: one sentence if the machine lacks something, silence if
nothing needs to be done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "dirname", "cat", "cksum", "id", "mktemp", "rm", "tail", "uname", "ls")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a POSIX shell script")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The part of a clone that the script reads, and a machine with only the script's tools."""
    for name in (".ci/setup", "pyproject.toml", "tests/constraints.txt"):
        target = tmp_path / "clone" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    machine = tmp_path / "bin"
    machine.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (machine / tool).symlink_to(found)
    return tmp_path / "clone"


def set_up(clone: Path, kind: str = "run") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(clone.parent / "bin"), "HOME": str(clone.parent)}
    return subprocess.run(
        [str(clone / ".ci/setup"), kind],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def python_that(clone: Path, refuses: str) -> None:
    """Install a python3 on that machine that fails for every script with this word."""
    path = clone.parent / "bin" / "python3"
    path.write_text(
        f'#!/bin/sh\ncase "$*" in *{refuses}*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    )
    path.chmod(0o755)


def test_no_python_is_one_sentence(clone: Path) -> None:
    done = set_up(clone)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert len((done.stdout + done.stderr).splitlines()) == 1


def test_an_old_python_does_not_count(clone: Path) -> None:
    python_that(clone, refuses="version_info")
    assert "Python 3.11 or newer" in set_up(clone).stderr


def test_a_python_without_venv_is_one_sentence_with_the_package(clone: Path) -> None:
    python_that(clone, refuses="ensurepip")
    done = set_up(clone)
    assert done.returncode == 1
    assert f"python3.{sys.version_info.minor}-venv" in done.stderr
    assert len((done.stdout + done.stderr).splitlines()) == 1


def test_a_venv_whose_creation_was_interrupted_is_created_again(clone: Path) -> None:
    python_that(clone, refuses="--clear")
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\ncase "$*" in *"import pip"*) exit 1;; esac\n')
    python.chmod(0o755)
    assert "making .venv" in set_up(clone).stdout


def test_a_failed_installation_is_loud_and_is_tried_again(clone: Path) -> None:
    binaries = clone / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text(
        '#!/bin/sh\ncase "$*" in *install*) echo "no matching distribution"; exit 1;; esac\n'
    )
    python.chmod(0o755)
    for _ in range(2):
        done = set_up(clone)
        assert done.returncode == 1
        assert "no matching distribution" in done.stderr
        assert "could not be installed" in done.stderr


@pytest.mark.skipif(
    sys.platform != "linux", reason="macOS and Windows bring PortAudio with the package"
)
def test_a_missing_sound_library_does_not_stop_it_and_what_is_done_is_not_done_again(
    clone: Path,
) -> None:
    binaries = clone / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *portaudio*) exit 1;; *install*) echo >>{clone}/installed;; '
        "esac\n"
    )
    python.chmod(0o755)
    first, second = set_up(clone), set_up(clone)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "installing the packages" in first.stdout
    assert "going on without sound" in second.stdout and "installing" not in second.stdout
    assert len((clone / "installed").read_text().splitlines()) == 1


@pytest.mark.skipif(
    sys.platform != "linux", reason="macOS and Windows bring PortAudio with the package"
)
def test_the_one_command_that_adds_sound_is_named(clone: Path) -> None:
    binaries = clone / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text('#!/bin/sh\ncase "$*" in *portaudio*) exit 1;; esac\n')
    python.chmod(0o755)
    (clone.parent / "bin" / "dnf").symlink_to("/bin/true")
    assert "sudo dnf install portaudio alsa-plugins-pulseaudio" in set_up(clone).stdout
