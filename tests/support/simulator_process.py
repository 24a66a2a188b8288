"""The simulator as users start it: in its own process, ended by the end of its standard input."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import JSON


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our environment without the variables that configure a simulator, and with these."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VOICELIVE")},
        **(extra or {}),
    }


@contextmanager
def simulator_process(*arguments: str, extra: Mapping[str, str] | None = None) -> Iterator[JSON]:
    """Run a simulator; yields the line in which it says where it listens. extra: environment
    variables."""
    command = [sys.executable, "-m", "voicelive_simulator", "--parent", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env=environment(extra)
    ) as process:
        try:
            yield ready_line(process)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(DEADLINE_S) == 0
        finally:
            process.kill()


def ready_line(process: subprocess.Popen[str]) -> JSON:
    """Read the line in which a newly started simulator says where it listens."""
    assert process.stdout is not None
    with _killed_when_late(process):
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
    ready: JSON = json.loads(line)
    return ready


@contextmanager
def _killed_when_late(process: subprocess.Popen[str]) -> Iterator[None]:
    """Kill the process if the block takes too long: nothing else ends a read from a silent pipe."""
    timer = threading.Timer(DEADLINE_S, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
