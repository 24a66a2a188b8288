"""What an event of the service costs, at rates that no conversation reaches, and how often an idle
console wakes. Takes about eight minutes; no sound card is needed.

    python -m tests.bench.events [--seconds S] [--idle-seconds S] [--rate R ...] [--only NAME ...]

Each program has one live session without devices, with a service that runs in the process of this
bench, whose own cost is not counted: a bare loop of `recv` and `json.loads`, the console's engine
without a front end, the console at 200x50 in a pseudo-terminal, and `voicelive-tui run`. `mix` is
what a spoken answer brings: deltas of text, every fourth event 100 ms of sound, and the events of
responses and items. `deltas` are short deltas of text only.

`%` is per cent of one core, of all processes of the program together. `us` is what an event adds to
the same session while the service is silent. The ratio is that to the bare loop with the same
frames. Machines differ and share their cores: compare ratios of one run, not figures of two.
"""

import argparse
import base64
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.bench.support.process_tree import load
from tests.support.console_run import console_environment, scripted_profiles
from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService

RATES = (200, 1_000, 2_000, 5_000)
SETTLE_S = 3.0
DELTAS = 200
"""Deltas of text in one answer."""
SOUND = base64.b64encode(bytes(range(200)) * 24).decode()
TOP = Path(__file__).resolve().parents[2]
Events = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Program:
    """A client under test: its arguments, given the service's address and the folder of
    profiles. talks: it has a session."""

    name: str
    arguments: Callable[[str, Path], list[str]]
    talks: bool = True


def _no_devices(profiles: Path) -> list[str]:
    return ["--profiles", str(profiles), "--no-audio"]


def _console(url: str, profiles: Path) -> list[str]:
    return ["-m", "voicelive_tui", *_no_devices(profiles), "--start", "scripted"]


def _run(url: str, profiles: Path) -> list[str]:
    turns = ["--mic", "none", "--speaker", "none", "--text", "hello", "--timeout", "36000"]
    return ["-m", "voicelive_tui", "run", "scripted", "--profiles", str(profiles), *turns]


PROGRAMS = (
    Program(
        "bare loop",
        lambda url, profiles: [
            "-m",
            "tests.bench.support.bare_receiver",
            url.replace("http", "ws", 1),
        ],
    ),
    Program("engine", lambda url, profiles: ["-m", "tests.bench.support.engine_only", url]),
    Program("console", _console),
    Program("run", _run),
    Program("idle engine", lambda url, profiles: ["-m", "tests.bench.support.engine_only"], False),
    Program("idle console", lambda url, profiles: ["-m", "voicelive_tui", "--no-audio"], False),
)


def deltas() -> Events:
    """Short deltas of text without end, in answers of `DELTAS`."""
    for number in count(1):
        yield from _answer(number, (_delta(number, "text", "word ") for _ in range(DELTAS)))


def mix() -> Events:
    """Spoken answers without end."""
    for number in count(1):
        yield from _answer(number, _spoken(number))


def _spoken(number: int) -> Events:
    for turn in range(DELTAS):
        yield (
            _delta(number, "audio", SOUND)
            if turn % 4 == 3
            else _delta(number, "audio_transcript", "word ")
        )
        if turn % 50 == 49:
            limits = [{"name": "tokens", "limit": 100_000, "remaining": 90_000 - turn}]
            yield {"type": "rate_limits.updated", "rate_limits": limits}


def _delta(number: int, kind: str, delta: str) -> dict[str, Any]:
    return {"type": f"response.{kind}.delta", **_ids(number), "delta": delta}


def _ids(number: int) -> dict[str, Any]:
    return {
        "response_id": f"resp_{number}",
        "item_id": f"item_{number}",
        "output_index": 0,
        "content_index": 0,
    }


def _answer(number: int, content: Events) -> Events:
    """An answer with this content."""
    response = {"id": f"resp_{number}", "status": "in_progress", "output": []}
    item = {"id": f"item_{number}", "type": "message", "role": "assistant", "content": []}
    yield {"type": "response.created", "response": response}
    yield {"type": "response.output_item.added", **_ids(number), "item": item}
    yield {"type": "conversation.item.created", "item": item}
    yield {"type": "response.content_part.added", **_ids(number), "part": {"type": "audio"}}
    yield from content
    yield {"type": "response.output_item.done", **_ids(number), "item": item}
    yield {"type": "response.done", "response": {**response, "status": "completed"}}


KINDS: Mapping[str, Callable[[], Events]] = {"mix": mix, "deltas": deltas}


class CountedEvents:
    """Events of which it is known how many were taken, until `stop`."""

    def __init__(self, events: Events) -> None:
        self.taken = 0
        self._events = events
        self._stopped = False

    def __iter__(self) -> Events:
        for event in self._events:
            if self._stopped:
                return
            self.taken += 1
            yield event

    def stop(self) -> None:
        """Give no further event."""
        self._stopped = True


@dataclass(frozen=True, slots=True)
class Figures:
    """One program at one rate. rate: events a second that were really sent. cpu: per cent of one
    core. us: microseconds an event."""

    rate: float
    cpu: float
    us: float
    wakeups: float


def started(program: Program, folder: Path, service: ScriptedService) -> PtyRun:
    """The program in a pseudo-terminal of 200x50."""
    environment = console_environment(folder, None)
    return PtyRun(
        program.arguments(service.url, scripted_profiles(folder, service)),
        columns=200,
        rows=50,
        environment={**environment, "PYTHONPATH": os.pathsep.join([str(TOP), str(TOP / "app")])},
        program=[sys.executable],
        cwd=folder,
    )


def connected(program: Program, service: ScriptedService, run: PtyRun) -> None:
    """Wait until its session is there. An answer that never ends keeps `run` waiting."""
    service.client_runs = run.must_run
    service.wait(lambda: bool(service.events("session.update")))
    if program.name == "run":
        service.wait(lambda: bool(service.events("response.create")))
    open_response = {"id": "resp_open", "status": "in_progress", "output": []}
    service.send({"type": "response.created", "response": open_response})
    time.sleep(SETTLE_S)


def at_rate(
    service: ScriptedService, run: PtyRun, events: CountedEvents, rate: int, seconds: float
) -> tuple[float, float, float]:
    """Events a second that were sent, CPU and wake-ups a second."""
    sent = service.send_at_rate(events, rate)
    time.sleep(1.0)
    begun, start = events.taken, time.perf_counter()
    taken = load(run.process.pid, seconds)
    rate_sent = (events.taken - begun) / (time.perf_counter() - start)
    events.stop()
    sent.wait(seconds)
    run.must_run()
    return rate_sent, taken.cpu, taken.wakeups


def measure(
    program: Program, kind: str, rates: Sequence[int], seconds: float
) -> Iterator[tuple[int, Figures]]:
    """One program from its start to its end, at each rate; 0 first."""
    with (
        tempfile.TemporaryDirectory() as name,
        ScriptedService() as service,
        started(program, Path(name), service) as run,
    ):
        connected(program, service, run)
        quiet = load(run.process.pid, seconds)
        yield 0, Figures(0, quiet.cpu, 0, quiet.wakeups)
        for rate in rates:
            events = CountedEvents(KINDS[kind]())
            sent, cpu, wakeups = at_rate(service, run, events, rate, seconds)
            us = max(0.0, cpu - quiet.cpu) * 10_000 / sent
            yield rate, Figures(sent, cpu, us, wakeups)
        run.process.terminate()


def measure_idle(program: Program, seconds: float) -> Figures:
    """A program without a session."""
    with (
        tempfile.TemporaryDirectory() as name,
        ScriptedService() as service,
        started(program, Path(name), service) as run,
    ):
        time.sleep(2 * SETTLE_S)
        idle = load(run.process.pid, seconds)
        run.must_run()
        run.process.terminate()
        return Figures(0, idle.cpu, 0, idle.wakeups)


HEAD = f"{'':22}{'events/s':>9}{'sent':>8}{'%':>8}{'us':>8}{'ratio':>7}{'wakes/s':>9}"


def print_row(name: str, rate: int, row: Figures, bare: Figures | None) -> None:
    """One line of the table, with the ratio to the bare loop."""
    ratio = f"{row.us / bare.us:7.1f}" if bare is not None and bare.us else f"{'':7}"
    print(
        f"{name:22}{rate:9}{row.rate:8.0f}{row.cpu:8.1f}{row.us:8.1f}{ratio}{row.wakeups:9.1f}",
        flush=True,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.events", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to watch each rate")
    parser.add_argument("--idle-seconds", type=float, default=60.0, help="how long to watch idling")
    parser.add_argument("--rate", type=int, nargs="*", default=RATES, help="events a second")
    parser.add_argument("--kind", nargs="*", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--only", nargs="*", help="these programs, by the start of their names")
    options = parser.parse_args(argv)
    # A program that is ended with its session leaves the service's connection broken.
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)
    wanted = [each for each in PROGRAMS if each.name.startswith(tuple(options.only or ("",)))]
    print(HEAD, flush=True)
    for kind in options.kind:
        bare: dict[int, Figures] = {}
        for program in (each for each in wanted if each.talks):
            for rate, row in measure(program, kind, options.rate, options.seconds):
                print_row(f"{program.name}, {kind}", rate, row, bare.get(rate))
                if program.name == "bare loop":
                    bare[rate] = row
    for program in (each for each in wanted if not each.talks):
        print_row(program.name, 0, measure_idle(program, options.idle_seconds), None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
