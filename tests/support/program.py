"""The installed program as a user starts it: in its own process, with an empty home and no Azure
variables."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.deadlines import RUN_S

COMMAND = Path(sys.executable).with_name("voicelive-tui")
_SOUND = ("PULSE_SERVER", "PULSE_COOKIE", "PULSE_RUNTIME_PATH", "ALSA_CONFIG_PATH")
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", *_SOUND)


class Program:
    """The program in one folder, which is its home, its current folder and its state."""

    command = str(COMMAND)

    def __init__(self, home: Path) -> None:
        self.home = home

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a run."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "VOICELIVE_TUI_STATE_DIR": str(self.home / "state"),
            **(extra or {}),
        }

    def run(
        self,
        *arguments: str | Path,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the program to its end."""
        done = subprocess.run(
            [self.command, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env=self.environment(environment),
            cwd=self.home,
            timeout=RUN_S,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    @contextmanager
    def started(self, *arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
        """Run the program while the context lasts, its output in pipes. It leads its own process
        group, as in a shell."""
        process = subprocess.Popen(
            [self.command, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
            cwd=self.home,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def profile(self, name: str, text: str) -> Path:
        """Write a profile into this folder; returns its path."""
        path = self.home / "profiles" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a temporary home."""
    return Program(tmp_path)
