"""Measures the cost of one event after 100, 1,000, 10,000 and 100,000 conversation items, live and
when the recording is opened.

    python -m tests.bench.items [--most N]

Live means the journal, the fold and a snapshot for every event, which is more often than the
console makes one. Takes about two minutes. Machines differ and share their cores: compare the
ratios within one run.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.session.fold import SessionFold

from tests.journal.support.journals import journal_in
from tests.model.support.exchanges import EVENTS_AN_EXCHANGE, spoken

SIZES = (100, 1_000, 10_000, 100_000)
MEASURED = 400
"""Exchanges over which the live figure is taken, in four groups of which the best counts."""
ITEMS_AN_EXCHANGE = 2


def feed(journal: Journal, fold: SessionFold, first: int, stop: int) -> float:
    """Feed these exchanges; returns the seconds that took."""
    frames = [
        (kind, json.dumps(event), event)
        for number in range(first, stop)
        for kind, event in spoken(number)
    ]
    started_s = time.perf_counter()
    for direction, text, event in frames:
        if direction == "local":
            fields = {name: value for name, value in event.items() if name != "type"}
            fold.apply(journal.append_local(str(event["type"]), 0.0, **fields))
        else:
            audio = decode_audio(event)
            fold.apply(journal.append(cast(Any, direction), text, event, 0.0, audio=audio))
        fold.view()
    return time.perf_counter() - started_s


def live_us(journal: Journal, fold: SessionFold, first: int) -> float:
    """Microseconds per event, from this exchange on."""
    group = MEASURED // 4
    best_s = min(
        feed(journal, fold, first + number * group, first + (number + 1) * group)
        for number in range(4)
    )
    return best_s / (group * EVENTS_AN_EXCHANGE) * 1e6


def opened_us(folder: str) -> float:
    """Microseconds per event to read a recording: the best of as many runs as fit into a second,
    but at least two."""
    best_us, spent_s = float("inf"), 0.0
    for run in range(100):
        started_s = time.perf_counter()
        recorded = read_folder(folder)
        taken_s = time.perf_counter() - started_s
        best_us = min(best_us, taken_s / recorded.index.count * 1e6)
        recorded.index.close()
        spent_s += taken_s
        if run and spent_s > 1:
            break
    return best_us


def measure(items: int, root: Path) -> tuple[float, float]:
    """Microseconds per event, live and opened, of a session with this many items."""
    journal, fold = journal_in(root, record="events"), SessionFold()
    exchanges = items // ITEMS_AN_EXCHANGE
    for first in range(0, exchanges, 1_000):
        feed(journal, fold, first, min(exchanges, first + 1_000))
    journal.close()
    opened = opened_us(journal.folder)
    journal.index.close()
    again = journal_in(root, record="events")
    live = live_us(again, fold, exchanges)
    again.close()
    again.index.close()
    return live, opened


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.items", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of items")
    options = parser.parse_args(argv)
    first: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as name:
        # Imports and first-use compilation must count in no figure.
        measure(SIZES[0], Path(name))
    for items in SIZES:
        if items > options.most:
            break
        with tempfile.TemporaryDirectory() as name:
            live, opened = measure(items, Path(name))
        first = first or (live, opened)
        print(
            f"{items:7,} items   live {live:6.1f} us an event, ratio {live / first[0]:.2f}   "
            f"opened {opened:6.1f} us an event, ratio {opened / first[1]:.2f}   (target: both at "
            "most 2)",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
