"""A spoken file through a real microphone stream, the real console, the real simulator and out of a real speaker stream."""

import wave
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.transcript import TranscriptLine

from tests.support.console_run import console_environment
from tests.support.pty_run import PtyRun
from tests.support.virtual_sound import RATE_HZ, VirtualSound

pytestmark = [pytest.mark.sound, pytest.mark.terminal]

AUDIBLE = 1_000
"""A pcm16 amplitude (-30 dBFS) that only a voice reaches here; the virtual speaker is digitally silent otherwise."""


def _spoken() -> bytes:
    with files("voicelive_tui.audio").joinpath("assets/hello.wav").open("rb") as file, wave.open(file) as wav:
        frames: bytes = wav.readframes(wav.getnframes())
        return frames


def _audible_samples(audio: bytes) -> int:
    return int(np.count_nonzero(np.abs(np.frombuffer(audio[: len(audio) // 2 * 2], "<i2").astype(np.int32)) > AUDIBLE))


def test_what_is_spoken_is_heard_answered_aloud_and_kept(tmp_path: Path, sound_card: VirtualSound) -> None:
    recording = sound_card.record()
    environment = console_environment(tmp_path, sound_card)
    with PtyRun(["--start", "sound-check"], columns=100, rows=30, environment=environment, cwd=tmp_path) as console:
        console.wait_output(b"ON AIR")
        sound_card.speak(_spoken())
        # The answer is about twice as long as this; silence of a second then ends it.
        recording.wait(lambda audio: _audible_samples(audio) > RATE_HZ // 4, 60, player_runs=console.must_run)
        recording.wait(lambda audio: not _audible_samples(audio[-2 * RATE_HZ :]), 60, player_runs=console.must_run)
        console.press("q")
        assert console.close() == 0
    recording.stop()

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
