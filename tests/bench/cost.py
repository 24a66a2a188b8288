"""What the console costs beside the smallest client: CPU, memory, wake-ups and latencies, in one
run. Takes about eight minutes.

    python -m tests.bench.cost [--seconds S] [--only NAME ...]

Each program talks to the same service of this bench over the same virtual sound card, one after
another: the bare client (in the manner of the vendor's quickstart), `voicelive-tui run`, and the
console at 200x50 with and without recording. CPU is per cent of one core, of all processes of the
program together. Machines differ and share their cores: compare ratios of one run, not figures of
two.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.bench.console import speech
from tests.bench.support.process_tree import load, memory_mb
from tests.support.console_run import console_environment, scripted_profiles
from tests.support.counter import PERIOD, counter, heard
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService
from tests.support.speaker_recording import Recording
from tests.support.virtual_sound import RATE_HZ, VirtualSound, missing

SETTLE_S = 3.0
REST_S = 6.0
INTERRUPTIONS = 7
TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Program:
    """A client under test: its command line, given the service and the folder of profiles."""

    name: str
    command: Callable[[ScriptedService, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """One program's row. CPU in per cent of one core, wake-ups a second, latencies in ms."""

    name: str
    listening: float
    talking: float
    wakeups: float
    memory_mb: float
    to_wire_p50: float
    to_wire_p99: float
    first_sound: float
    first_sound_rested: float
    silence: float


def _console(*options: str) -> Callable[[ScriptedService, Path], list[str]]:
    def command(service: ScriptedService, profiles: Path) -> list[str]:
        where = ["--profiles", str(profiles)]
        return [sys.executable, "-m", "voicelive_tui", *where, "--start", "scripted", *options]

    return command


def _run(service: ScriptedService, profiles: Path) -> list[str]:
    limits = ["--turns", "1000", "--timeout", "3600"]
    command = [sys.executable, "-m", "voicelive_tui", "run", "scripted", *limits]
    return [*command, "--profiles", str(profiles)]


def _bare(service: ScriptedService, profiles: Path) -> list[str]:
    url = service.url.replace("http", "ws", 1)
    return [sys.executable, "-m", "tests.bench.support.bare_client", url]


PROGRAMS = (
    Program("bare client", _bare),
    Program("run", _run),
    Program("console", _console()),
    Program("console, --record none", _console("--record", "none")),
    Program("console again", _console()),
)


def delays_ms(wire: Sequence[tuple[float, int]], sent: bytes, reference: Recording) -> list[float]:
    """For each block at the service: ms by which its last frame came later than at a recorder of
    the same microphone."""
    pieces = reference.arrivals
    recorded = heard(reference.audio)
    if not recorded.size:
        return []
    # The recorder's frames by their position in the whole counter, and when each piece arrived.
    silent = len(reference.audio) // 2 - recorded.size
    sizes = np.array([size // 2 for _, size in pieces])
    times = np.array([at for at, _ in pieces])
    delays = []
    for at_s, size in wire:
        last = heard(sent[size - 2 : size])
        if not last.size:
            continue
        nearest = int(np.searchsorted(times, at_s)) - 1
        frame_now = int(sizes[max(nearest, 0)]) - silent
        behind = (frame_now - int(last[0] - recorded[0])) % PERIOD
        frame = frame_now - (behind if behind < PERIOD / 2 else behind - PERIOD)
        piece = int(np.searchsorted(sizes, frame + silent))
        if 0 <= piece < len(times):
            delays.append((at_s - float(times[piece])) * 1000)
    return delays


def to_wire_ms(service: ScriptedService, card: VirtualSound, seconds: float) -> list[float]:
    """Delays of the microphone's blocks over this time."""
    with card.record("microphone") as reference:
        speaking = card.speak(counter(int((seconds + 2) * RATE_HZ)))
        reference.wait(lambda audio: heard(audio).size > RATE_HZ)
        begun = len(service.mic_arrivals)
        time.sleep(seconds)
        wire = service.mic_arrivals[begun:]
        sent = bytes(service.microphone)
        speaking.wait()
        return delays_ms(wire, sent, reference)


class Interruptions:
    """Answers that begin, are heard, and are cut off by the user's voice."""

    def __init__(self, service: ScriptedService, card: VirtualSound) -> None:
        self._service = service
        self._card = card
        self._number = 100

    def one(self) -> tuple[float, float]:
        """(ms from the first delta to sound, ms from speech_started to silence), both read on the
        speaker's monitor, whose own delay (about 20 ms of recording) is in the figures."""
        self._number += 1
        number, service = self._number, self._service
        with self._card.record() as recording:
            sent = time.perf_counter()
            service.answer(number, counter(10 * RATE_HZ))
            recording.wait(lambda audio: heard(audio).size > RATE_HZ)
            stopped = service.send(
                {"type": "input_audio_buffer.speech_started", "audio_start_ms": 0}
            )
            recording.wait_more(RATE_HZ)
            audio = recording.wait(lambda audio: not any(audio[-RATE_HZ:]), 60)
            arrivals = list(recording.arrivals)
        response = {"id": f"resp_{number}", "status": "cancelled", "output": []}
        service.send({"type": "response.done", "response": response})
        service.send({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 500})
        sounding = np.flatnonzero(np.frombuffer(audio[: len(audio) // 2 * 2], "<i2"))
        begun = next(at for at, size in arrivals if size // 2 > sounding[0])
        silent = next(at for at, size in arrivals if size // 2 > sounding[-1])
        return (begun - sent) * 1000, (silent - stopped) * 1000


def measure(program: Program, card: VirtualSound, seconds: float) -> Figures:
    """One program from its start to its end."""
    with tempfile.TemporaryDirectory() as name, ScriptedService() as service:
        folder = Path(name)
        paths = [str(TOP), str(TOP / "app")]
        environment = {
            **console_environment(folder, card),
            "PYTHONPATH": os.pathsep.join(paths),
        }
        command = program.command(service, scripted_profiles(folder, service))
        with PtyRun(
            command[1:],
            columns=200,
            rows=50,
            environment=environment,
            program=command[:1],
            cwd=folder,
        ) as run:
            service.client_runs = run.must_run
            service.wait(lambda: len(service.microphone) > RATE_HZ)
            time.sleep(SETTLE_S)
            speaking = card.speak(speech(seconds + 2))
            listening = load(run.process.pid, seconds)
            speaking.wait()
            delays = to_wire_ms(service, card, seconds)
            service.answer(1, speech(seconds + 2 * SETTLE_S), finished=True)
            time.sleep(SETTLE_S)
            talking = load(run.process.pid, seconds)
            service.send(
                {
                    "type": "response.done",
                    "response": {"id": "resp_1", "status": "completed", "output": []},
                }
            )
            time.sleep(SETTLE_S + REST_S)
            cuts = Interruptions(service, card)
            rested, _ = cuts.one()
            pairs = [cuts.one() for _ in range(INTERRUPTIONS)]
            memory = memory_mb(run.process.pid)
            run.process.terminate()
        p50, p99 = np.percentile(delays, [50, 99]) if delays else (float("nan"),) * 2
        first, silence = (statistics.median(column) for column in zip(*pairs, strict=True))
        return Figures(
            program.name,
            listening.cpu,
            talking.cpu,
            listening.wakeups,
            memory,
            float(p50),
            float(p99),
            first,
            rested,
            silence,
        )


def print_row(row: Figures, bare: Figures | None) -> None:
    """One line of the table, with ratios to the bare client."""
    ratio = "" if bare is None else f"{row.listening / bare.listening:4.2f}"
    talk = "" if bare is None else f"{row.talking / bare.talking:4.2f}"
    print(
        f"{row.name:24}{row.listening:6.1f} {ratio:>5}{row.talking:7.1f} {talk:>5}"
        f"{row.wakeups:8.0f}{row.memory_mb:7.0f}{row.to_wire_p50:8.1f}{row.to_wire_p99:7.1f}"
        f"{row.first_sound:8.0f}{row.first_sound_rested:8.0f}{row.silence:9.0f}",
        flush=True,
    )


HEAD = (
    f"{'':24}{'listening':>12}{'talking':>13}{'wakes':>8}{'':7}{'mic to wire':>15}"
    f"{'first sound':>16}{'interrupt':>9}\n"
    f"{'':24}{'%':>6}{'ratio':>6}{'%':>7}{'ratio':>6}{'/s':>8}{'MB':>7}{'p50':>8}{'p99':>7}"
    f"{'ms':>8}{'rested':>8}{'ms':>9}"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when there is no virtual sound card."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cost", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to watch each state")
    parser.add_argument("--only", nargs="*", help="these programs, by the start of their names")
    options = parser.parse_args(argv)
    if reason := missing():
        print(reason)
        return 1
    wanted = tuple(options.only or ("",))
    print(HEAD, flush=True)
    bare = None
    for program in (program for program in PROGRAMS if program.name.startswith(wanted)):
        with VirtualSound() as card:
            row = measure(program, card, options.seconds)
        print_row(row, bare)
        if program.name.startswith("bare"):
            bare = row
    return 0


if __name__ == "__main__":
    sys.exit(main())
