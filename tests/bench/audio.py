"""Measures the audio process on the virtual sound card: delays, interruptions, CPU, and gaps on a
busy machine.

python -m tests.bench.audio [--runs N] [--seconds S] [--busy N]
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    Flushed,
    MicBlock,
    PlaybackStarted,
    Underrun,
)

from tests.audio.support.audio_probe import AudioProbe
from tests.support.signals import COUNTER_FRAMES, counter
from tests.support.speaker_recording import Recording
from tests.support.virtual_sound import RATE_HZ, VirtualSound, missing


def row(name: str, values: Sequence[float], unit: str = "ms", note: str = "") -> None:
    """Print median, 99th percentile and maximum of some figures."""
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(
        f"{name:34} median {statistics.median(ordered):7.1f} {unit}   p99 {p99:7.1f}   worst "
        f"{ordered[-1]:7.1f}   {note}",
        flush=True,
    )


def sounding(recording: Recording, begin: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The frames after byte `begin` of a recording that are not silent."""
    return np.flatnonzero(
        np.frombuffer(recording.audio[begin:], "<i2", count=(len(recording.audio) - begin) // 2)
    )


def arrival(recording: Recording, end_bytes: int) -> float:
    """The time at which the first `end_bytes` of the recording had arrived."""
    return next(at_s for at_s, size in recording.arrivals if size >= end_bytes)


def longer(begin: int, size: int, audio: bytes) -> bool:
    """Whether at least `size` bytes follow `begin`."""
    return len(audio) - begin >= size


class Answer(NamedTuple):
    """One interrupted answer. All figures are milliseconds."""

    enqueue_to_monitor: float
    enqueue_to_reported: float
    flush_to_monitor: float
    flush_to_reply: float
    played_error: float


async def answer(probe: AudioProbe, recording: Recording, number: int) -> Answer:
    """Play, interrupt at a random time, and read both moments on the speaker's monitor."""
    begin = len(recording.audio) // 2 * 2
    enqueued_s = time.perf_counter()
    probe.play(f"a{number}", 0, counter(COUNTER_FRAMES))
    await probe.one(PlaybackStarted, number + 1)
    await asyncio.sleep(random.uniform(0.2, 0.6))
    flushed_s = time.perf_counter()
    probe.client.flush()
    flushed = await probe.one(Flushed, number + 1)
    replied_s = time.perf_counter()
    size = len(recording.audio) + RATE_HZ
    await asyncio.to_thread(recording.wait, partial(longer, 0, size))
    frames = sounding(recording, begin)
    heard_frames = int(frames[-1] - frames[0]) + 1
    return Answer(
        (arrival(recording, begin + 2 * int(frames[0]) + 2) - enqueued_s) * 1000,
        (probe.of(PlaybackStarted)[number].at_s - enqueued_s) * 1000,
        (arrival(recording, begin + 2 * int(frames[-1]) + 2) - flushed_s) * 1000,
        (replied_s - flushed_s) * 1000,
        flushed.parts[0].played_ms - heard_frames / RATE_HZ * 1000,
    )


async def interruptions(card: VirtualSound, runs: int) -> None:
    """Measure the delays of the speaker."""
    probe = AudioProbe()
    await probe.open("none", "device")
    recording = card.record()
    answers = [await answer(probe, recording, number) for number in range(runs)]
    await probe.client.close()
    row(
        "enqueue to monitor",
        [measured.enqueue_to_monitor for measured in answers],
        note="(target 90)",
    )
    row(
        "enqueue to reported start",
        [measured.enqueue_to_reported for measured in answers],
    )
    row(
        "flush to silence on the monitor",
        [measured.flush_to_monitor for measured in answers],
        note="(target 30)",
    )
    row("flush to its reply", [measured.flush_to_reply for measured in answers])
    row(
        "played ms, error",
        [abs(measured.played_error) for measured in answers],
        note="(target 30)",
    )


def cpu_s(pid: int) -> float:
    """User and system time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Run this many processes that only compute."""
    workers = [multiprocessing.Process(target=_compute, daemon=True) for _ in range(processes)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _compute() -> None:
    while True:
        sum(range(10_000))


async def conversation(card: VirtualSound, seconds: float, label: str) -> None:
    """Listen and play at once: measure the microphone's delay, CPU, and gaps on both sides."""
    lateness: list[float] = []
    probe = AudioProbe()
    probe.client = type(probe.client)(_noting(lateness, probe.client._on_message))
    await probe.open("device", "device")
    probe.client.listen(True)
    recording = card.record()
    feeder = card.speak(counter(COUNTER_FRAMES) * (int(seconds * RATE_HZ / COUNTER_FRAMES) + 1))
    pid = probe.client.pid
    assert pid is not None
    begin = len(recording.audio) // 2 * 2
    started_s, before_s = time.perf_counter(), cpu_s(pid)
    for number in range(
        int(seconds)
    ):  # one answer, delivered at 5 times real time and then a second ahead
        probe.play("a", 0, counter(RATE_HZ))
        await asyncio.sleep(max(0.0, started_s + number - time.perf_counter()))
    probe.client.end("a", 0)
    await asyncio.sleep(max(0.0, started_s + seconds - time.perf_counter()))
    per_cent = (cpu_s(pid) - before_s) / (time.perf_counter() - started_s) * 100
    widths = np.diff(sounding(recording, begin))
    gaps = [round(float(width) * 1000 / RATE_HZ) for width in widths if width > 1]
    sequences = probe.sequences
    row(
        f"{label}: microphone to console", lateness, note="(beyond the block's 20 ms; target p99 3)"
    )
    print(
        f"{label}: CPU {per_cent:.1f} %, gaps on the monitor (ms) {gaps}, "
        f"underruns (ms) {[underrun.gap_ms for underrun in probe.of(Underrun)]}, "
        f"microphone blocks missing {sequences[-1] + 1 - len(sequences)}, "
        f"jumps in the counter {counter_jumps(probe.heard)}",
        flush=True,
    )
    feeder.terminate()
    feeder.wait()
    await probe.client.close()
    recording.stop()


def counter_jumps(audio: bytes) -> int:
    """The number of places where the recorded counter does not continue. Silence does not count:
    the feeder may stutter, which loses nothing."""
    samples = np.frombuffer(audio, "<i2")
    steps = np.diff(samples[samples != 0].astype(np.int64))
    return int(np.count_nonzero((steps != 1) & (steps != 1 - COUNTER_FRAMES)))


def _noting(
    lateness: list[float], take: Callable[[AudioMessage], None]
) -> Callable[[AudioMessage], None]:
    def noting(message: AudioMessage) -> None:
        if isinstance(message, MicBlock):
            lateness.append((time.perf_counter() - message.captured_at_s) * 1000)
        take(message)

    return noting


async def measure(runs: int, seconds: float, processes: int) -> None:
    """Print every figure."""
    with VirtualSound() as card:
        os.environ.update(card.environment)
        begin_s = time.perf_counter()
        probe = AudioProbe()
        await probe.open("device", "device")
        print(
            f"open both devices, process included: {(time.perf_counter() - begin_s) * 1000:.0f} ms",
            flush=True,
        )
        await probe.client.close()
        await interruptions(card, runs)
        await conversation(card, seconds, "quiet machine")
        with busy(processes):
            await conversation(card, seconds, f"{processes} busy processes")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 if there is no virtual sound card."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.audio", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="interrupted answers")
    parser.add_argument("--seconds", type=float, default=10.0, help="of conversation in each state")
    parser.add_argument("--busy", type=int, default=4, help="busy processes in the last state")
    options = parser.parse_args(argv)
    if reason := missing():
        print(reason)
        return 1
    asyncio.run(measure(options.runs, options.seconds, options.busy))
    return 0


if __name__ == "__main__":
    sys.exit(main())
