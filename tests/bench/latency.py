"""Compares the latency as heard with the virtual sound card: from the last sample of a voice on the
microphone's monitor to the first sample of the answer on the speaker's monitor, turn by turn.

The voice is cut at a random place while it is loud, so that its last sample is known; the answer
begins at a random time after the audio process has noticed the end. Both monitors are recorded, and
a sample's time is that of the recording's fastest piece, so that a late reader does not count.

    python -m tests.bench.latency [--turns N] [--seed N]
"""

import argparse
import asyncio
import os
import random
import sys
import wave
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from voicelive_tui.audio.ipc.messages import MicSpeech, PlaybackStarted

from tests.audio.support.audio_probe import AudioProbe
from tests.support.signals import counter
from tests.support.speaker_recording import Recording
from tests.support.virtual_sound import RATE_HZ, VirtualSound, missing

Samples = npt.NDArray[np.int16]
ANSWER_FRAMES = RATE_HZ // 4
SHORTEST_S, LONGEST_S = 1.0, 3.0
STEPS, STEP_FRAMES = 6, RATE_HZ // 50
LOUD = 2_000
"""The peak of each of the last 20 ms of a voice, as pcm16: -24 dBFS."""
REST_S = 0.9
"""Silence after each answer, longer than the pause that the detector waits for."""
TARGET_MS = 10


class Turn(NamedTuple):
    """The errors of one turn against the monitors, in milliseconds; positive for too late."""

    voice_end: float
    first_sound: float

    @property
    def latency(self) -> float:
        """The error of the latency as heard."""
        return self.first_sound - self.voice_end


class Monitor:
    """A recording of one monitor as samples with times."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.begin = 0

    def mark(self) -> None:
        """Look only at what is recorded from now on."""
        self.begin = self._recording.size

    def samples(self) -> Samples:
        """What was recorded since the mark."""
        audio = self._recording.audio[self.begin :]
        return np.frombuffer(audio[: len(audio) // 2 * 2], "<i2")

    def time_of(self, frame: int, *, rendered: bool) -> float:
        """When this frame since the mark was heard, by the piece that came fastest. rendered: the
        sink hands out a piece when its first frame begins to play; otherwise the piece exists when
        its last frame was captured."""
        sizes = [0, *(size for _, size in self._recording.arrivals)]
        pieces = [
            (at_s, before if rendered else size)
            for before, (at_s, size) in zip(sizes, self._recording.arrivals, strict=False)
            if size > self.begin
        ]
        zero_s = min(at_s - size / 2 / RATE_HZ for at_s, size in pieces)
        return zero_s + (self.begin / 2 + frame) / RATE_HZ

    async def until_sounding(self, frames: int) -> None:
        """Wait until this many frames since the mark are not silent, and silence follows."""

        def is_over(audio: bytes) -> bool:
            found = np.frombuffer(audio[: len(audio) // 2 * 2], "<i2")
            return int(np.count_nonzero(found)) >= frames and not np.any(found[-RATE_HZ // 10 :])

        await asyncio.to_thread(self._recording.wait, is_over, after=self.begin)


def voice(draw: random.Random) -> bytes:
    """Some words, cut at a random sample where they are loud."""
    with (
        files("voicelive_tui.audio").joinpath("assets/hello.wav").open("rb") as file,
        wave.open(file) as wav,
    ):
        spoken = np.frombuffer(wav.readframes(wav.getnframes()), "<i2")
    while True:
        end = draw.randrange(int(SHORTEST_S * RATE_HZ), min(len(spoken), int(LONGEST_S * RATE_HZ)))
        steps = np.abs(spoken[end - STEPS * STEP_FRAMES : end]).reshape(STEPS, STEP_FRAMES)
        if steps.max(axis=1).min() > LOUD and spoken[end - 1]:
            return spoken[:end].tobytes()


async def hold_turn(
    card: VirtualSound, probe: AudioProbe, mic: Monitor, speaker: Monitor, draw: random.Random
) -> Turn:
    """Speak, wait for the end of the voice, answer, and read both moments on the monitors."""
    mic.mark()
    speaker.mark()
    ended, number = len(_ends(probe)), len(probe.of(PlaybackStarted))
    said = voice(draw)
    feeder = card.speak(said)
    await probe.until(lambda: len(_ends(probe)) > ended)
    await asyncio.sleep(draw.uniform(0.0, 0.3))
    probe.play(f"a{number}", 0, counter(ANSWER_FRAMES))
    probe.client.end(f"a{number}", 0)
    started = await probe.one(PlaybackStarted, number + 1)
    await speaker.until_sounding(ANSWER_FRAMES)
    feeder.wait()
    await asyncio.sleep(REST_S)
    last = int(np.flatnonzero(mic.samples())[-1])
    first = int(np.flatnonzero(speaker.samples())[0])
    voice_end_s, first_sound_s = (
        mic.time_of(last + 1, rendered=False),
        speaker.time_of(first, rendered=True),
    )
    return Turn(
        (_ends(probe)[-1].at_s - voice_end_s) * 1000,
        (started.at_s - first_sound_s) * 1000,
    )


def _ends(probe: AudioProbe) -> list[MicSpeech]:
    return [change for change in probe.of(MicSpeech) if not change.on]


def row(name: str, errors: Sequence[float]) -> float:
    """Print the spread of some errors; returns the 95th percentile of their size."""
    signed, sizes = sorted(errors), sorted(abs(error) for error in errors)
    p95 = sizes[max(0, -(-len(sizes) * 95 // 100) - 1)]
    print(
        f"{name:28} median {signed[len(signed) // 2]:+6.1f} ms   from {signed[0]:+6.1f} to "
        f"{signed[-1]:+6.1f}   p95 of the size {p95:5.1f}   n {len(sizes)}",
        flush=True,
    )
    return p95


async def measure(turns: int, seed: int) -> bool:
    """Hold the turns and print the errors. Returns whether the latency meets its target."""
    draw = random.Random(seed)
    with VirtualSound() as card:
        os.environ.update(card.environment)
        async with AudioProbe() as probe:
            await probe.open("device", "device")
            probe.client.listen(True)
            with card.record("feed.monitor") as heard, card.record() as played:
                mic, speaker = Monitor(heard), Monitor(played)
                await asyncio.sleep(REST_S)
                held = [await hold_turn(card, probe, mic, speaker, draw) for _ in range(turns)]
    row("end of the voice", [turn.voice_end for turn in held])
    row("first sound of the answer", [turn.first_sound for turn in held])
    p95 = row(f"latency as heard (p95 {TARGET_MS} ms)", [turn.latency for turn in held])
    return p95 <= TARGET_MS


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 if the target is missed or there is no virtual sound card."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latency", description=__doc__)
    parser.add_argument("--turns", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    if reason := missing():
        print(reason)
        return 1
    return 0 if asyncio.run(measure(options.turns, options.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
