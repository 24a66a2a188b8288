"""A spoken file goes through a real microphone stream, the real console and the real simulator to a
real speaker stream."""

import wave
from importlib.resources import files
from pathlib import Path

import numpy as np
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.transcript.line import TranscriptLine

from tests.support.console_run import console_environment
from tests.support.pty_run import PtyRun
from tests.support.virtual_sound import RATE_HZ, VirtualSound

AUDIBLE = 1_000
"""A pcm16 amplitude (-30 dBFS) that only a voice reaches here: otherwise the virtual speaker is
digitally silent."""


def _spoken() -> bytes:
    with (
        files("voicelive_tui.audio").joinpath("assets/hello.wav").open("rb") as file,
        wave.open(file) as wav,
    ):
        frames: bytes = wav.readframes(wav.getnframes())
        return frames


def _audible_samples(audio: bytes) -> int:
    return int(
        np.count_nonzero(
            np.abs(np.frombuffer(audio[: len(audio) // 2 * 2], "<i2").astype(np.int32)) > AUDIBLE
        )
    )


def _played_to_its_end(folder: Path) -> bool:
    """Whether the console has recorded that an answer was played to its end."""
    lines = [
        line
        for path in folder.glob("state/sessions/*/events.jsonl")
        for line in path.read_bytes().splitlines()
    ]
    return any(b'"console.playback_stopped"' in line and b'"drained"' in line for line in lines)


def test_what_is_spoken_is_heard_answered_aloud_and_kept(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    environment = console_environment(tmp_path, sound_card)
    with (
        sound_card.record() as recording,
        PtyRun(
            ["--start", "sound-check"], columns=100, rows=30, environment=environment, cwd=tmp_path
        ) as console,
    ):
        console.wait_output("●".encode())
        sound_card.speak(_spoken())
        recording.wait(
            lambda audio: _audible_samples(audio) > RATE_HZ // 4, player_runs=console.must_run
        )
        recording.wait(lambda _: _played_to_its_end(tmp_path), player_runs=console.must_run)
        console.press("qq")
        assert console.close() == 0

    (folder,) = (tmp_path / "state" / "sessions").iterdir()
    recorded = read_folder(folder)
    said = {line.who: line for line in recorded.view.transcript if line.who in ("you", "agent")}
    assert said["you"].text.startswith("[speech,")
    assert "simulator" in said["agent"].text
    assert _heard_whole(said["agent"])
    for name in ("mic.wav", "agent.wav"):
        with wave.open(str(folder / name)) as wav:
            assert _audible_samples(wav.readframes(wav.getnframes())) > RATE_HZ // 8, name


def _heard_whole(line: TranscriptLine) -> bool:
    return line.state == "final" and line.heard_ms is not None and line.heard_ms == line.received_ms
