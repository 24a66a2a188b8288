"""Measures the simulator's voice activity detection: turns found, missed and imagined over
backgrounds, their onset, and the cost of a block.

python -m tests.bench.voice_activity [--utterances N] [--seed S]
"""

import argparse
import importlib.util
import itertools
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import soxr
from voicelive_common.voice_activity.band_levels import BLOCK_MS
from voicelive_common.voice_activity.detector import Endpointing, SpeechStarted, SpeechStopped
from voicelive_simulator.sound.input_audio import InputAudio, InputFormat

from tests.support.speech_like import Noise, Sound, noise, pcm16, silence, speech_like

RATE_HZ = 24_000
SPEECH_DBFS = -20.0
LEVELS_DBFS = (
    -60.0,
    -50.0,
    -40.0,
    -30.0,
)  # of the background; for clicks and knocks the peak, 20 dB more
GAP_S = 1.6
STEPS_DBFS = (
    (None, -50.0),
    (None, -40.0),
    (None, -30.0),
    (-60.0, -50.0),
    (-60.0, -40.0),
)  # of a background that starts
STEP_AT_S = 2.0
STEP_BEFORE_S = (1.0, 3.0)  # seconds before the speech
FADES_S = (0.02, 0.2)  # in turn: a fan's switch and a gate that opens
SENTENCES = (
    "The quick brown fox jumps over the lazy dog.",
    "What is the weather like in Amsterdam tomorrow?",
    "Yes.",
    "Please cancel my appointment on Thursday, and book another one.",
    "Stop, that is not what I meant.",
    "Six sisters sell sea shells.",
)


@dataclass
class Score:
    """The result of the utterances over one background."""

    found: int = 0
    missed: int = 0
    split: int = 0
    false: int = 0
    onset_ms: list[float] = field(default_factory=list)
    offset_ms: list[float] = field(default_factory=list)

    def count(
        self, turns_ms: Sequence[tuple[float, float]], utterances_ms: Sequence[tuple[float, float]]
    ) -> None:
        """Assign each turn to the utterances that it overlaps."""
        hits: dict[int, list[tuple[float, float]]] = {}
        for begin_ms, end_ms in turns_ms:
            over = [
                n for n, (low, high) in enumerate(utterances_ms) if begin_ms < high and end_ms > low
            ]
            for n in over:
                hits.setdefault(n, []).append((begin_ms, end_ms))
            self.false += not over
        for n, (low, high) in enumerate(utterances_ms):
            if n not in hits:
                self.missed += 1
                continue
            self.found += 1
            self.split += len(hits[n]) > 1
            self.onset_ms.append(hits[n][0][0] - low)
            self.offset_ms.append(hits[n][-1][1] - high)

    def row(self, name: str, level: str) -> str:
        onset, offset = _spread(self.onset_ms), _spread(self.offset_ms)
        return (
            f"{name:<8} {level:>12} {self.found:6} {self.missed:6} {self.split:6} "
            f"{self.false:6}   {onset}   {offset}"
        )


def _spread(errors: list[float]) -> str:
    if not errors:
        return f"{'-':>6} {'-':>6}"
    return f"{statistics.median(errors):6.0f} {max(errors, key=abs):6.0f}"


def utterances(count: int, seed: int) -> list[Sound]:
    """Speech-like syllables of random length, and sentences if the demo extra is installed; all at
    SPEECH_DBFS while they sound."""
    random = np.random.default_rng(seed)
    spoken = [
        speech_like(float(random.uniform(0.3, 2.5)), level_dbfs=SPEECH_DBFS) for _ in range(count)
    ]
    if importlib.util.find_spec("espeakng_loader") is None:
        return spoken
    from voicelive_simulator.sound.espeak import EspeakVoice

    voice = EspeakVoice()
    for n in range(count):
        speech = voice.speak(SENTENCES[n % len(SENTENCES)])
        sound: Sound = soxr.resample(
            speech.samples.astype(np.float64) / 32768, speech.rate_hz, RATE_HZ
        )
        loud = sound[np.abs(sound) > 0.02]
        spoken.append(sound * 10 ** (SPEECH_DBFS / 20) / np.sqrt(np.mean(loud * loud)))
    return spoken


def knocks(size: int, level_dbfs: float) -> Sound:
    """Bursts of 5 ms three times a second, like keys and cups. The level is their peak."""
    random = np.random.default_rng(5)
    sound: Sound = random.normal(0.0, 1e-4, size)
    for start in range(RATE_HZ // 6, size - 480, RATE_HZ // 3):
        knock = random.normal(0.0, 1.0, 240) * np.exp(-np.arange(240) / 48)
        sound[start : start + 240] += knock / np.abs(knock).max() * 10 ** (level_dbfs / 20)
    return sound


def mains(size: int, level_dbfs: float) -> Sound:
    """Hum of 60 Hz with ten harmonics."""
    t = np.arange(size) / RATE_HZ
    sound: Sound = np.sum([np.sin(2 * np.pi * 60 * n * t + n) / n for n in range(1, 11)], axis=0)
    sound *= 10 ** (level_dbfs / 20) / np.sqrt(np.mean(sound * sound))
    return sound


def background(kind: str, size: int, level_dbfs: float) -> Sound:
    match kind:
        case "clean":
            return silence(size / RATE_HZ)
        case "knocks":
            return knocks(size, level_dbfs)
        case "60 Hz":
            return mains(size, level_dbfs)
        case "50 Hz":
            return noise("hum", size / RATE_HZ, level_dbfs=level_dbfs)
        case _:
            return noise(cast(Noise, kind), size / RATE_HZ, level_dbfs=level_dbfs)


def loud_ms(sound: Sound) -> tuple[float, float]:
    """The audible beginning and end of an utterance: 30 dB below its peak."""
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() * 0.0316)
    return float(loud[0]) * 1000 / RATE_HZ, float(loud[-1]) * 1000 / RATE_HZ


def scene(
    spoken: Sequence[Sound], kind: str, level_dbfs: float
) -> tuple[Sound, list[tuple[float, float]]]:
    """All utterances over one background, and the position of each."""
    size = sum(len(sound) + int(GAP_S * RATE_HZ) for sound in spoken) + int(GAP_S * RATE_HZ)
    mixed = background(kind, size, level_dbfs)
    at, utterances_ms = int(GAP_S * RATE_HZ), []
    for sound in spoken:
        begin_ms, end_ms = loud_ms(sound)
        mixed[at : at + len(sound)] += sound
        utterances_ms.append((at * 1000 / RATE_HZ + begin_ms, at * 1000 / RATE_HZ + end_ms))
        at += len(sound) + int(GAP_S * RATE_HZ)
    return mixed, utterances_ms


def rising_background(
    kind: str, from_dbfs: float | None, to_dbfs: float, spoken: Sound, after_s: float, fade_s: float
) -> Sound:
    """One utterance over a background that rises at STEP_AT_S, `after_s` before it, from digital
    silence if `from_dbfs` is None."""
    at = int((STEP_AT_S + after_s) * RATE_HZ)
    size = at + len(spoken) + int(GAP_S * RATE_HZ)
    low = 0.0 if from_dbfs is None else 10 ** (from_dbfs / 20)
    gain = np.interp(
        np.arange(size) / RATE_HZ, [STEP_AT_S, STEP_AT_S + fade_s], [low, 10 ** (to_dbfs / 20)]
    )
    mixed: Sound = background(kind, size, 0.0) * gain
    mixed[at : at + len(spoken)] += spoken
    return mixed


def turns(sound: bytes, endpointing: Endpointing) -> Iterator[tuple[float, float]]:
    """Beginning and end of each turn, without padding and silence window."""
    detector = InputAudio()
    detector.configure(InputFormat(rate_hz=RATE_HZ), endpointing)
    begin_ms = 0.0
    for mark in detector.append(sound):
        match mark:
            case SpeechStarted():
                begin_ms = mark.audio_start_ms + endpointing.prefix_padding_ms
            case SpeechStopped():
                yield begin_ms, mark.audio_end_ms - endpointing.silence_duration_ms


def score_utterances(
    spoken: Sequence[Sound], kind: str, level_dbfs: float, endpointing: Endpointing
) -> Score:
    """Score all utterances over one background."""
    score = Score()
    sound, utterances_ms = scene(spoken, kind, level_dbfs)
    score.count(list(turns(pcm16(sound), endpointing)), utterances_ms)
    return score


def score_step(
    spoken: Sequence[Sound],
    kind: str,
    from_dbfs: float | None,
    to_dbfs: float,
    after_s: float,
    endpointing: Endpointing,
) -> Score:
    """Score each utterance by itself, over a background that rises before it."""
    score = Score()
    for sound, fade_s in zip(spoken, itertools.cycle(FADES_S)):
        utterance_ms = tuple((STEP_AT_S + after_s) * 1000 + ms for ms in loud_ms(sound))
        mixed = rising_background(kind, from_dbfs, to_dbfs, sound, after_s, fade_s)
        score.count(list(turns(pcm16(mixed), endpointing)), [(utterance_ms[0], utterance_ms[1])])
    return score


def cost(chunk_ms: int, rate_hz: int = RATE_HZ, channels: int = 1) -> float:
    """Microseconds per 20 ms of audio that arrives in chunks of `chunk_ms`, the best of five
    runs."""
    sound = pcm16(
        noise("pink", 1.0, rate_hz=rate_hz),
        speech_like(3.0, rate_hz=rate_hz),
        noise("pink", 2.0, rate_hz=rate_hz),
    )
    if channels == 2:
        sound = np.repeat(np.frombuffer(sound, "<i2"), 2).tobytes()
    size = chunk_ms * rate_hz // 1000 * 2 * channels
    chunks = [sound[start : start + size] for start in range(0, len(sound), size)]
    best = float("inf")
    for _ in range(5):
        detector = InputAudio()
        detector.configure(InputFormat(rate_hz=rate_hz, channels=channels), Endpointing())
        begin_s = time.perf_counter()
        for chunk in chunks:
            for _ in detector.append(chunk):
                pass
        best = min(best, time.perf_counter() - begin_s)
    return best * 1e6 / (len(sound) / (2 * channels * rate_hz / 1000 * BLOCK_MS))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.voice_activity", description=__doc__
    )
    parser.add_argument("--utterances", type=int, default=12, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threshold", type=float, default=0.5)
    options = parser.parse_args(argv)
    spoken = utterances(options.utterances, options.seed)
    endpointing = Endpointing(options.threshold, 300, 500, 80)
    print(f"{len(spoken)} utterances at {SPEECH_DBFS:.0f} dBFS; errors in ms: median and worst")
    print(
        f"{'back':<8} {'dBFS':>12} {'found':>6} {'missed':>6} {'split':>6} {'false':>6}   "
        f"{'onset':>13}   {'end':>13}"
    )
    print(score_utterances(spoken, "clean", 0.0, endpointing).row("clean", ""))
    for kind in ("white", "pink", "50 Hz", "60 Hz", "clicks", "knocks"):
        for level_dbfs in LEVELS_DBFS:
            level_dbfs += 20.0 * (kind in ("clicks", "knocks"))
            print(
                score_utterances(spoken, kind, level_dbfs, endpointing).row(
                    kind, f"{level_dbfs:.0f}"
                ),
                flush=True,
            )
    for kind, (from_dbfs, to_dbfs), after_s in itertools.product(
        ("white", "pink", "60 Hz"), STEPS_DBFS, STEP_BEFORE_S
    ):
        shown = f"{'-' if from_dbfs is None else f'{from_dbfs:.0f}'}>{to_dbfs:.0f} {after_s:.0f} s"
        print(
            score_step(spoken, kind, from_dbfs, to_dbfs, after_s, endpointing).row(kind, shown),
            flush=True,
        )
    for chunk_ms in (20, 100, 1000):
        print(f"{chunk_ms} ms in an append: {cost(chunk_ms):.1f} us for each 20 ms")
    print(f"with an echo reference: {cost(20, channels=2):.1f} us")
    return 0


if __name__ == "__main__":
    sys.exit(main())
