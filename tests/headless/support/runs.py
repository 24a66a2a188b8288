"""Helpers for tests of `run`: a profile, a simulator, and readers of output and sound files."""

import json
import wave
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.support.deadlines import DEADLINE_S
from tests.support.program import Program

Held = TypeVar("Held")
RATE_HZ = 24_000
KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def pcm_of(path: Path) -> bytes:
    """The samples of a speaker file, which is mono, 16 bit, at RATE_HZ."""
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return file.readframes(file.getnframes())


def loudest(audio: bytes) -> int:
    """The largest amplitude in pcm16; 0 for none."""
    return max(map(abs, array("h", audio)), default=0)


def text_profile(program: Program, *, more: str = "", target: str = "simulator") -> str:
    """Create a profile whose answers are text, so that no test waits for speech. Returns its
    name."""
    program.profile(
        "writer", f'[service]\ntarget = "{target}"\n[session]\nmodalities = ["text"]\n{more}'
    )
    return "writer"


def ended_by_time(hold: Callable[[str], Held], began: Callable[[Held], bool]) -> Held:
    """Hold a run that ends with its --timeout; returns its result. A busy machine may spend a short
    time on the start, so that a run that did not begin is held once more with a long one."""
    held = hold("5")
    return held if began(held) else hold(str(DEADLINE_S))


def silence(seconds: float) -> bytes:
    """Digital silence as pcm16 at RATE_HZ."""
    return bytes(2 * int(RATE_HZ * seconds))


def events_and_summary(stdout: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The output of `run --json`: its events, and the summary that ends it."""
    objects = [json.loads(line) for line in stdout.splitlines()]
    assert "summary" in objects[-1]
    return objects[:-1], objects[-1]["summary"]


@contextmanager
def simulator(program: Program, *arguments: str) -> Iterator[str]:
    """A simulator started through the program; yields its http address."""
    with program.started("simulate", "--port", "0", *arguments) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield f"http://127.0.0.1:{ready['port']}"


def endpoint_variables(url: str) -> dict[str, str]:
    """The environment of a user with this endpoint."""
    return {"AZURE_VOICELIVE_ENDPOINT": url, "AZURE_VOICELIVE_API_KEY": KEY}


def read_bytes(path: Path) -> bytes:
    """The content of a file below /proc; empty when its process has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has ended meanwhile, or belongs to another user
