"""The simulator as people start it: the program, in a process of its own, ended by the end of its stdin."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support.voice_live_peer import DEADLINE_S, JSON


@contextmanager
def simulator_process(*arguments: str, extra: Mapping[str, str] | None = None) -> Iterator[JSON]:
    """The line in which it says where it listens. `extra` are environment variables."""
    command = [sys.executable, "-m", "voicelive_tui.simulator", "--parent", *arguments]
    pipe, environment = subprocess.PIPE, {**os.environ, **(extra or {})}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        assert process.stdout is not None and process.stdin is not None
        ready: JSON = json.loads(process.stdout.readline())
        yield ready
        process.stdin.close()
        assert process.wait(DEADLINE_S) == 0
