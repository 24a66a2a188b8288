"""Measures the whole console on this machine in one run: CPU and latencies. Takes about two
minutes.

    python -m tests.bench.console [--seconds S]

Needs the virtual sound card. Machines differ and share their cores: compare ratios within one run,
not figures of two runs.
"""

import argparse
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.bench.support.process_tree import children, cpu_s, main_thread_cpu_s
from tests.support.console_run import start_console
from tests.support.counter import counter, heard
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound, missing


def per_cent(pid: int, seconds: float) -> tuple[float, float, float]:
    """CPU of the console's own process, of its screen's thread alone, and of its children (the
    audio engine) during this time, in per cent of one core."""

    def used_s() -> tuple[float, float, float]:
        return cpu_s(pid), main_thread_cpu_s(pid), sum(map(cpu_s, child_pids))

    child_pids = children(pid)
    start, before = time.perf_counter(), used_s()
    time.sleep(seconds)
    passed = time.perf_counter() - start
    own, screen, audio = (
        (now - then) / passed * 100 for now, then in zip(used_s(), before, strict=True)
    )
    return own, screen, audio


def speech(seconds: float) -> bytes:
    """A sound that moves the meters: a tone with syllables."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return (
        (8_000 * np.sin(2 * np.pi * 220 * t) * np.abs(np.sin(2 * np.pi * 2.5 * t)))
        .astype("<i2")
        .tobytes()
    )


def interruption(
    service: ScriptedService, card: VirtualSound, number: int
) -> tuple[float, float, float]:
    """Interrupt one answer; returns milliseconds from delta to sound, from speech_started to
    silence, and of error in the truncation.

    Both moments are read on the speaker's monitor, whose own delay (about 20 ms of recording) is
    included.
    """
    recording = card.record()
    sent = time.perf_counter()
    service.answer(number, counter(10 * RATE_HZ))
    recording.wait(lambda audio: heard(audio).size > RATE_HZ)
    stopped = start_speech(service, number)
    service.wait(lambda: len(service.events("conversation.item.truncate")) == number + 1)
    recording.wait_more(RATE_HZ)
    audio = recording.stop()
    sounding = np.flatnonzero(np.frombuffer(audio, "<i2"))
    arrived = next(arrival_s for arrival_s, size in recording.arrivals if size // 2 > sounding[0])
    silent = next(arrival_s for arrival_s, size in recording.arrivals if size // 2 > sounding[-1])
    truncated_ms = service.events("conversation.item.truncate")[-1][1]["audio_end_ms"]
    end_response(service, number, "cancelled")
    service.send(
        {
            "type": "input_audio_buffer.speech_stopped",
            "audio_end_ms": 500,
            "item_id": f"user_{number}",
        }
    )
    return (
        (arrived - sent) * 1000,
        (silent - stopped) * 1000,
        truncated_ms - heard(audio).size * 1000 / RATE_HZ,
    )


def start_speech(service: ScriptedService, number: int) -> float:
    """Send speech_started, which interrupts the answer; returns the time at which it was sent."""
    return service.send(
        {
            "type": "input_audio_buffer.speech_started",
            "audio_start_ms": 0,
            "item_id": f"user_{number}",
        }
    )


def end_response(service: ScriptedService, number: int, status: str) -> None:
    """Send response.done with this status."""
    response = {"id": f"resp_{number}", "status": status, "output": []}
    service.send({"type": "response.done", "response": response})


def measure(seconds: float) -> None:
    """Print every figure."""
    with (
        tempfile.TemporaryDirectory() as name,
        VirtualSound() as card,
        ScriptedService() as service,
    ):
        folder = Path(name)
        with start_console(folder, service, card) as console:
            service.wait(lambda: len(service.microphone) > RATE_HZ)
            measure_cpu(service, card, console, seconds)
            measure_interruptions(service, card)
            console.press("qq")
            console.close()
            print_microphone_delays(folder)


def measure_cpu(
    service: ScriptedService, card: VirtualSound, console: PtyRun, seconds: float
) -> None:
    """Print the CPU of the console while it listens and while the assistant speaks."""
    time.sleep(3)
    own, screen, audio = per_cent(console.process.pid, seconds)
    print(
        f"CPU listening              {own:7.1f} %    of it the screen {screen:.1f} %   "
        f"audio process {audio:.1f} %   (target 4 %)"
    )
    card.speak(speech(seconds + 20))
    service.answer(100, speech(seconds + 15), finished=True)
    time.sleep(3)
    own, screen, audio = per_cent(console.process.pid, seconds)
    print(
        f"CPU while the agent talks  {own:7.1f} %    of it the screen {screen:.1f} %   "
        f"audio process {audio:.1f} %   (target 12 %)"
    )
    end_response(service, 100, "completed")


def measure_interruptions(service: ScriptedService, card: VirtualSound) -> None:
    """Print the median delays of seven interrupted answers. The answer before them still plays."""
    start_speech(service, 100)
    service.wait(lambda: len(service.events("conversation.item.truncate")) == 1)
    runs = [interruption(service, card, number) for number in range(1, 8)]
    first, silence, error = (statistics.median(column) for column in zip(*runs, strict=True))
    note = "on the monitor, median of 7"
    print(f"first delta to speaker     {first:7.0f} ms   {note}   (target 90 ms)")
    print(f"interruption to silence    {silence:7.0f} ms   {note}   (target 30 ms)")
    print(f"truncate, error            {error:+7.0f} ms   against the monitor   (target 30 ms)")


def print_microphone_delays(folder: Path) -> None:
    """Print the delays from microphone to wire that the session recorded."""
    (meta,) = (
        tomllib.loads(file.read_text()) for file in folder.glob("state/sessions/*/meta.toml")
    )
    delays = meta["microphone_to_wire"]
    print(
        f"microphone to wire         {delays['p50_ms']:7.1f} ms   p99 {delays['p99_ms']:.1f} ms "
        f"after the block's last frame, {delays['blocks']} blocks   (target 3 ms)"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 if there is no virtual sound card."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.console", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="how long to watch the CPU in each state"
    )
    options = parser.parse_args(argv)
    if reason := missing():
        print(reason)
        return 1
    measure(options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
