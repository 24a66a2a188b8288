"""Measures a change of a setting while a session runs: from the intent to `session.update` on the
wire, and the CPU of this process until the service's answer is in the snapshot; then the same from
an arrow key in the open form, and what opening the form costs, as a ratio to the page of notices.

    python -m tests.bench.settings [--changes N] [--openings N]

The simulator is a process of its own, and no sound is open. The CPU that the idle session takes in
the same time is subtracted. A held key is measured too: 30 changes a second, of which a few go out.
The form is that of a console on a terminal of its own, which talks to a scripted service. Takes
about two minutes. Machines differ and share their cores: compare within one run.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from voicelive_tui.engine import intents
from voicelive_tui.model.profile.profile import Profile, parse_profile

from tests.bench.support.settings_form import measure_form
from tests.support.engine_harness import EngineHarness, engine_harness

STARTER = Path(__file__).parents[2] / "profiles" / "support.toml"
KEY = "session.turn_detection.silence_duration_ms"
SPACING_S = 0.35
"""Seconds between two changes, so that none waits for the one before."""
HELD_S = 3.0
REPEAT_S = 1 / 30


def profile() -> Profile:
    """A starter with everything in it, on the simulator."""
    text = STARTER.read_text(encoding="utf-8").replace('target = "azure"', 'target = "simulator"')
    parsed, problems = parse_profile(text, slug="bench", path="")
    assert parsed is not None, problems
    return parsed


def change(harness: EngineHarness, value: int) -> None:
    """Change the pause that ends a turn."""
    harness.engine.post(intents.ChangeSettings("a", ((KEY, value),)))


def in_force(harness: EngineHarness) -> object:
    """The pause that the service has."""
    detection = harness.session().view.effective.get("turn_detection")
    return detection.get("silence_duration_ms") if isinstance(detection, dict) else None


def until_in_force(harness: EngineHarness, value: int) -> None:
    """Wait until the service has this pause."""
    harness.until(lambda: in_force(harness) == value, "in force")


def sent_s(harness: EngineHarness) -> list[float]:
    """When each update was written to the socket, on `time.perf_counter`."""
    index, started_s = harness.engine.index("a"), harness.session().connected_s
    assert index is not None and started_s is not None
    return [
        started_s + index.t_s(n)
        for n in range(index.count)
        if index.type_name(n) == "session.update" and index.direction(n) == "sent"
    ]


def idle_cpu_share() -> float:
    """The share of a core that this process takes while nothing is changed."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    time.sleep(2.0)
    return (time.process_time() - began_cpu_s) / (time.perf_counter() - began_s)


def measure_single(harness: EngineHarness, changes: int, idle: float) -> None:
    """Print what single changes cost."""
    posted, cpu_ms = [], []
    first = len(sent_s(harness))
    for number in range(changes):
        time.sleep(SPACING_S)
        value = 300 + number
        posted.append(time.perf_counter())
        began_cpu_s = time.process_time()
        change(harness, value)
        until_in_force(harness, value)
        spent_s = time.process_time() - began_cpu_s
        cpu_ms.append((spent_s - idle * (time.perf_counter() - posted[-1])) * 1000)
    sent = sent_s(harness)[first:]
    assert len(sent) == changes, "a change waited"
    delays_ms = [(at - was) * 1000 for at, was in zip(sent, posted, strict=True)]
    print(
        f"intent to wire   median {statistics.median(delays_ms):6.2f} ms   "
        f"longest {max(delays_ms):6.2f} ms"
    )
    print(
        f"CPU a change     median {statistics.median(cpu_ms):6.2f} ms   "
        f"longest {max(cpu_ms):6.2f} ms   (target: 16)"
    )


def measure_held(harness: EngineHarness, idle: float) -> None:
    """Print what a held key costs."""
    first, began_s, began_cpu_s = len(sent_s(harness)), time.perf_counter(), time.process_time()
    changes = round(HELD_S / REPEAT_S)
    for number in range(changes):
        change(harness, 1_000 + number)
        time.sleep(REPEAT_S)
    until_in_force(harness, 1_000 + changes - 1)
    wall_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    print(
        f"held key         {changes} changes in {wall_s:.1f} s, "
        f"{len(sent_s(harness)) - first} updates, {(cpu_s / wall_s - idle) * 100:.1f} % CPU"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.settings", description=__doc__)
    parser.add_argument("--changes", type=int, default=40, help="the number of single changes")
    parser.add_argument(
        "--openings", type=int, default=15, help="how often each page is opened and a key pressed"
    )
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        measure_form(Path(name), options.openings)
    with tempfile.TemporaryDirectory() as name, engine_harness(Path(name)) as harness:
        harness.start(of=profile())
        harness.until(lambda: harness.session().ready, "ready")
        change(harness, 299)  # imports and first-use compilation must count in no figure
        until_in_force(harness, 299)
        idle = idle_cpu_share()
        measure_single(harness, options.changes, idle)
        measure_held(harness, idle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
