"""Breaks the connection in every way and in every phase of a conversation, with the limits that
users have. Takes about ten minutes.

    python -m tests.bench.faults [--only NAME ...] [--phase NAME ...]

Prints for each cell the seconds from the fault until the console notices it, and until the next
connection has the settings and the items of the conversation; whether a server that shares no code
with the simulator got the right items; and how many blocks (20 ms) of the microphone were lost.
A fault in the network is made by a relay between the console and that server. The simulator's death
is the only fault that the simulator takes part in; its items are not looked at.
"""

import argparse
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local

from tests.bench.support.relay import Relay
from tests.support.conversation_phases import PHASES, Phase
from tests.support.engine_harness import (
    LONG_TEXT,
    EngineHarness,
    engine_harness,
    key_settings,
    profile,
)
from tests.support.item_server import ItemServer
from tests.support.scripted_service import SESSION

AWAY_S = 5.0
"""Seconds for which nothing listens, or the name cannot be looked up."""
RETRY_AFTER_S = 3
EXPIRES_S = 16
"""Seconds until the end that the service announces; the console renews in the last quarter."""
LONGEST_S = 90.0
SIMULATOR = "simulator killed"


class Stand:
    """A session between a server and a console, with a relay between them."""

    def __init__(self, harness: EngineHarness, service: ItemServer, relay: Relay) -> None:
        self.harness = harness
        self.service = service
        self.relay = relay
        self.later: list[threading.Timer] = []

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Act later, beside the measurement."""
        timer = threading.Timer(seconds, act)
        self.later.append(timer)
        timer.start()

    def end(self, code: int | None, reason: str = "") -> None:
        """Let the service close the connection."""
        self.service.end(code, reason)


@dataclass(frozen=True, slots=True)
class Cell:
    """The outcome of one fault in one phase. Times in seconds; None for what never came."""

    noticed_s: float | None
    recovered_s: float | None
    items: str
    lost_blocks: int


def _refuse(*refusals: tuple[int, dict[str, str]]) -> Callable[[Stand], None]:
    def strike(stand: Stand) -> None:
        stand.service.refusals = list(refusals)
        stand.end(1012)

    return strike


def _away(stand: Stand) -> None:
    stand.relay.stop_listening()
    stand.after(AWAY_S, stand.relay.listen)


def _no_name(stand: Stand) -> None:
    real = socket.getaddrinfo

    def fails(*arguments: Any, **more: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def restore() -> None:
        socket.getaddrinfo = real

    socket.getaddrinfo = fails
    stand.after(AWAY_S, restore)
    stand.relay.cut(reset=True)


def _announced(stand: Stand) -> None:
    session = {**SESSION, "expires_at": time.time() + EXPIRES_S}
    stand.service.send({"type": "session.updated", "session": session})
    stand.after(EXPIRES_S, partial(_expire, stand))


def _expire(stand: Stand) -> None:
    """End the first connection, if the console did not do it in a pause between turns."""
    if len(stand.service.connections) == 1:
        stand.end(1001, "session_expired")


def _closes(code: int, reason: str = "") -> Callable[[Stand], None]:
    return lambda stand: stand.end(code, reason)


FAULTS: dict[str, Callable[[Stand], None]] = {
    "TCP broken, RST": lambda stand: stand.relay.cut(reset=True),
    "TCP broken, FIN (1006)": lambda stand: stand.relay.cut(reset=False),
    "half-open, nothing read": lambda stand: stand.relay.freeze(),
    "half-open, nothing answered": lambda stand: stand.relay.swallow(),
    "close 1001": _closes(1001),
    "close 1011": _closes(1011),
    "close 1012": _closes(1012),
    "close 1013": _closes(1013),
    "expired (close 1001)": _closes(1001, "session_expired"),
    f"expires in {EXPIRES_S} s": _announced,
    "token expired (close 1008)": _closes(1008, "The token has expired."),
    f"429, Retry-After {RETRY_AFTER_S}": _refuse((429, {"Retry-After": str(RETRY_AFTER_S)})),
    "503 twice": _refuse((503, {}), (503, {})),
    f"refused for {AWAY_S:g} s": _away,
    f"no name for {AWAY_S:g} s": _no_name,
}


@contextmanager
def stand(folder: Path) -> Iterator[Stand]:
    """A connected session with a silent microphone and a speaker that only keeps time."""
    with (
        ItemServer() as service,
        Relay(service.port) as relay,
        engine_harness(
            folder, **key_settings(relay.url, "not-a-real-key"), input="null", output="null"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.session().ready, "settings")
        here = Stand(harness, service, relay)
        yield here
        for timer in here.later:
            timer.join()
        harness.stop_if_running()


def measure(strike: Callable[[Stand], None], phase: Phase, folder: Path) -> Cell:
    """Break a session in this phase, and follow what becomes of it."""
    with stand(folder) as here:
        items = phase(here.harness, here.service)
        at_s = time.perf_counter()
        strike(here)
        noticed_s, recovered_s = follow(here.harness, at_s)
        shown = [] if recovered_s is None else until_items(here.service, len(items))
        right = [line for line in shown if not line.startswith("assistant: x")] == items
        lost = sum(event["blocks"] for event in here.harness.events(Local.DROPPED))
        return Cell(noticed_s, recovered_s, "right" if right else f"wrong: {shown}", lost)


def until_items(service: ItemServer, count: int) -> list[str]:
    """Return the items of the newest connection as soon as it has so many, or has had time to."""
    end_s = time.monotonic() + 5
    while len(service.last.items) < count and time.monotonic() < end_s:
        time.sleep(0.01)
    return service.last.show()


def follow(harness: EngineHarness, at_s: float) -> tuple[float | None, float | None]:
    """Return the seconds from `at_s` until the connection's end was noticed, and until another one
    was ready."""

    def passed(kind: str, number: int, after: int = -1) -> tuple[int, float] | None:
        index, started_s = harness.engine.index("a"), harness.session().connected_s
        assert index is not None and started_s is not None
        found = [n for n in range(after + 1, index.count) if index.type_name(n) == kind]
        if len(found) <= number:
            return None
        return found[number], started_s + index.record(found[number]).t_s - at_s

    def ready() -> float | None:
        connected = passed(Local.CONNECTED, 1)
        accepted = connected and passed("session.updated", 0, connected[0])
        return accepted[1] if accepted else None

    end_s = time.monotonic() + LONGEST_S
    while ready() is None and time.monotonic() < end_s:
        time.sleep(0.05)
    noticed = passed(Local.CLOSED, 0)
    return (noticed[1] if noticed else None), ready()


def measure_simulator(speaking: bool, folder: Path) -> Cell:
    """Kill the simulator before the first turn, or while the agent speaks."""
    with engine_harness(folder, input="null", output="null") as harness:
        harness.start(of=profile())
        harness.until(lambda: harness.session().ready, "settings")
        if speaking:
            harness.engine.post(intents.SendText("a", LONG_TEXT))
            harness.until_event(Local.PLAYBACK_STARTED)
        _, simulator = harness.engine.child_pids
        assert simulator is not None
        at_s = time.perf_counter()
        os.kill(simulator, signal.SIGKILL)
        noticed_s, recovered_s = follow(harness, at_s)
        lost = sum(event["blocks"] for event in harness.events(Local.DROPPED))
        harness.stop_if_running()
        return Cell(noticed_s, recovered_s, "-", lost)


def show(name: str, phase: str, cell: Cell) -> None:
    """Print one row."""
    times = (
        f"{each:10.2f}" if each is not None else f"{'never':>10}"
        for each in (cell.noticed_s, cell.recovered_s)
    )
    print(f"{name:28} {phase:24} {' '.join(times)} {cell.lost_blocks:6}  {cell.items}", flush=True)


def phase_name(phase: Phase) -> str:
    """`while the agent speaks`."""
    return phase.__name__.replace("_", " ")


def cells(only: Sequence[str], phases: Sequence[str]) -> Iterator[tuple[str, str, Cell]]:
    """Every cell whose names contain one of these texts, measured."""

    def wanted(name: str, among: Sequence[str]) -> bool:
        return not among or any(text in name for text in among)

    for name, strike in FAULTS.items():
        for phase in PHASES:
            if wanted(name, only) and wanted(phase_name(phase), phases):
                with tempfile.TemporaryDirectory() as folder:
                    yield name, phase_name(phase), measure(strike, phase, Path(folder))
    for number, phase in ((0, PHASES[0]), (1, PHASES[2])):
        if wanted(SIMULATOR, only) and wanted(phase_name(phase), phases):
            with tempfile.TemporaryDirectory() as folder:
                cell = measure_simulator(bool(number), Path(folder))
            yield SIMULATOR, phase_name(phase), cell


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 if a cell did not recover, or with the wrong items."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faults", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], help="parts of the names of faults")
    parser.add_argument("--phase", nargs="+", default=[], help="parts of the names of phases")
    options = parser.parse_args(argv)
    # The server's own reports of the broken connections.
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)
    print(f"{'fault':28} {'phase':24} {'noticed s':>10} {'back s':>10} {'lost':>6}  items")
    wrong = 0
    for name, phase, cell in cells(options.only, options.phase):
        show(name, phase, cell)
        wrong += cell.recovered_s is None or cell.items.startswith("wrong")
    print(f"{wrong} cells did not recover as they should")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
