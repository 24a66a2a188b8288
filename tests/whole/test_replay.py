"""The console's own recording, replayed to the console, gives the same conversation and the same
audio to the byte."""

import json
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.deadlines import DEADLINE_S
from tests.support.program import Program
from tests.support.signals import write_wav
from tests.support.speech_like import pcm16, speech_like

# A short answer, because a run lasts until it has been heard to its end.
SCENARIO = """
[[turn]]
turn = 1
hears = "Are you there?"
says = "Yes."

[[turn]]
turn = 2
says = "Still."
"""


@contextmanager
def simulator(
    program: Program, *arguments: str | Path
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A simulator started through the program; yields its http address and the process."""
    with program.started("simulate", "--port", "0", *arguments) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}", process


def run(program: Program, url: str, *arguments: str | Path) -> dict[str, Any]:
    """Hold one session with the service at `url`; returns its summary."""
    environment = {"AZURE_VOICELIVE_ENDPOINT": url, "AZURE_VOICELIVE_API_KEY": "any"}
    done = program.run(
        "run", "casual-chat", *arguments, "--speaker", "none", "--json", environment=environment
    )
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["summary"]
    return summary


def said(summary: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(line["who"], line["state"], line["text"]) for line in summary["transcript"]]


def sound(summary: dict[str, Any]) -> bytes:
    with wave.open(str(Path(summary["folder"]) / "agent.wav")) as file:
        frames: bytes = file.readframes(file.getnframes())
        return frames


@pytest.mark.parametrize("spoken", [True, False])
def test_a_recorded_session_is_held_again(program: Program, spoken: bool) -> None:
    scenario = program.home / "short.toml"
    scenario.write_text(SCENARIO)
    mic = write_wav(program.home / "mic.wav", pcm16(speech_like(1.0)))
    talk: tuple[str | Path, ...] = (
        ("--mic", mic) if spoken else ("--text", "Are you there?", "--text", "Still?")
    )
    with simulator(program, "--scenario", scenario) as (url, _):
        recorded = run(program, url, *talk)
    with simulator(program, "--replay", recorded["folder"], "--factor", "0") as (url, process):
        replayed = run(program, url, *talk)
        process.terminate()
        _, stderr = process.communicate(timeout=DEADLINE_S)
    assert said(replayed) == said(recorded)
    assert sound(replayed) == sound(recorded) != b""
    assert stderr.endswith("The recording has ended; the session stays open.\n")
    assert "not the recorded one" not in stderr and "went on" not in stderr
