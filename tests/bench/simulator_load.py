"""Measures how many sessions one simulator serves on one core, all of them listening and speaking
all the time.

    python -m tests.bench.simulator_load [--sessions N ...] [--seconds S] [--same]

The simulator is the program, pinned to one core; the clients run in this process on the others.
Each client appends a 20 ms block of background noise every 20 ms, and requests the next answer of
about 12 s as soon as the last one was played. Every answer has its own text, so that each is
synthesised (`--same` gives all sessions the same texts).

The simulator promises the first audio delta 300 ms after the request, and 200 ms of audio every 40
ms from there on; a delta's delay is counted from its promised time. A delta is late if a client
that starts to play 60 ms after the first promised time, and plays in real time, needs it before it
arrives. Both figures include the time of the network stack and of this process. "Waiting" is the
time in which the simulator was ready to run and its core was not free: on a shared machine, look at
it first.
"""

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.bench.support.load_clients import LoadClient, TimedResponse
from tests.simulator.support.websocket_frames import client_frame
from tests.support.speech_like import noise, pcm16

PATH = "/voice-live/realtime?api-version=2026-04-10&model=gpt-4o"
BUFFERED_S = 0.060
FIRST_DELTA_S, DELTA_S = 0.300, 0.040
SESSIONS = (10, 25, 50, 75, 100, 125, 150, 200, 250, 300)
_TICKS = os.sysconf("SC_CLK_TCK")
_SENTENCES = (
    "the harbour was quiet, and the boats lay still under a pale morning sky",
    "she counted the coins twice before she put them back into the drawer",
    "nobody had told them that the last train left at a quarter past nine",
    "three gardens away somebody was practising the same eight bars again",
)


@dataclass(frozen=True, slots=True)
class Load:
    """The result for one number of sessions: per cent of a core, and seconds for each audio
    delta."""

    sessions: int
    server_per_cent: float
    clients_per_cent: float
    waiting_per_cent: float
    late_s: np.ndarray
    delay_s: np.ndarray


def cpu_s(pid: int) -> float:
    """CPU seconds of one process, all of its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def waiting_s(pid: int) -> float:
    """Seconds in which the first thread, which runs the event loop, was ready to run and did
    not."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


@contextmanager
def simulator(core: int, others: set[int]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the simulator on one core and this process on the `others`; yields the process and its
    port."""
    os.sched_setaffinity(0, {core})
    process = subprocess.Popen(
        [sys.executable, "-m", "voicelive_simulator", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    os.sched_setaffinity(0, others)
    try:
        assert process.stdout
        yield process, int(json.loads(process.stdout.readline())["port"])
    finally:
        process.terminate()
        process.wait()


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VOICELIVE_", "AZURE_"))
    }


def blocks() -> list[bytes]:
    """Frames that append faint noise without speech."""
    audio = pcm16(noise("pink", 4.0, level_dbfs=-60.0))
    encoded = [
        base64.b64encode(audio[start : start + 960]).decode() for start in range(0, len(audio), 960)
    ]
    return [
        client_frame(
            json.dumps({"type": "input_audio_buffer.append", "audio": audio_block}).encode()
        )
        for audio_block in encoded
    ]


def answer_text(session: int, number: int) -> str:
    """A text of about 12 s that differs for each session and number."""
    shift = session + number
    sentences = [_SENTENCES[(shift + n) % len(_SENTENCES)] for n in range(3)]
    return f"Session {session}, part {number}: {'; '.join(sentences)}."


async def run_clients(pid: int, port: int, sessions: int, seconds: float, same: bool) -> Load:
    """Start the sessions within three seconds, and measure them afterwards."""
    loop = asyncio.get_running_loop()
    appends = blocks()
    clients: list[LoadClient] = []
    for number in range(sessions):

        def connect(seed: int = 0 if same else number) -> LoadClient:
            return LoadClient(PATH, appends, lambda n: answer_text(seed, n))

        _, client = await loop.create_connection(connect, "127.0.0.1", port)
        clients.append(client)
        await asyncio.sleep(3.0 / sessions)
    start_s, server, own, waited = (
        time.perf_counter(),
        cpu_s(pid),
        time.process_time(),
        waiting_s(pid),
    )
    await asyncio.sleep(seconds)
    passed_s = time.perf_counter() - start_s
    server, own, waited = cpu_s(pid) - server, time.process_time() - own, waiting_s(pid) - waited
    for client in clients:
        client.close()
    if failed := next((client.failed for client in clients if client.failed), ""):
        raise SystemExit(f"A session failed: {failed}")
    late, delay = zip(
        *(delays(spoken) for client in clients for spoken in client.spoken if spoken.deltas),
        strict=True,
    )
    server, own, waited = (share / passed_s * 100 for share in (server, own, waited))
    return Load(sessions, server, own, waited, np.concatenate(late), np.concatenate(delay))


def delays(spoken: TimedResponse) -> tuple[np.ndarray, np.ndarray]:
    """For each delta: seconds after a player needs it, and seconds after the simulator promised
    it."""
    arrived = np.array([arrival_s for arrival_s, _ in spoken.deltas])
    played = np.concatenate(([0.0], np.cumsum([ms for _, ms in spoken.deltas])[:-1])) / 1000
    first_s = spoken.asked_s + FIRST_DELTA_S
    return arrived - (first_s + BUFFERED_S + played), arrived - (
        first_s + DELTA_S * np.arange(len(arrived))
    )


def measure(crowds: Sequence[int], seconds: float, same: bool) -> None:
    """Print a line for each number of sessions, up to the first one with a late delta."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("Two cores are needed: one for the simulator, one for the clients.")
    print(
        "sessions   CPU  each  waiting  clients    deltas  late  latest     delay p50    p99  worst"
    )
    for sessions in crowds:
        with simulator(cores[0], set(cores[1:])) as (process, port):
            load = asyncio.run(run_clients(process.pid, port, sessions, seconds, same))
        late = int(np.sum(load.late_s > 0))
        p50, p99 = np.percentile(load.delay_s, (50, 99)) * 1000
        print(
            f"{sessions:8d} {load.server_per_cent:4.0f}% {load.server_per_cent / sessions:4.2f}% "
            f"{load.waiting_per_cent:7.1f}%"
            f" {load.clients_per_cent:7.0f}% {load.late_s.size:9d} {late:5d} "
            f"{load.late_s.max() * 1000:+5.0f} ms"
            f" {p50:9.1f} ms {p99:5.1f} {load.delay_s.max() * 1000:6.1f}",
            flush=True,
        )
        if late:
            print(f"It breaks at {sessions} sessions.")
            return
    print("It did not break.")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.simulator_load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--sessions",
        type=int,
        nargs="+",
        default=SESSIONS,
        help="how many, one crowd after the other",
    )
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="how long each crowd talks after it has come"
    )
    parser.add_argument("--same", action="store_true", help="let all sessions say the same")
    options = parser.parse_args(argv)
    if not hasattr(os, "sched_setaffinity"):
        print("This system cannot pin a process to a core.")
        return 1
    measure(options.sessions, options.seconds, options.same)
    return 0


if __name__ == "__main__":
    sys.exit(main())
