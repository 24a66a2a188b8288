"""Run the tests in two parts: `python -m tests.support.suite [PYTEST ARGUMENT...]`.

Tests that need neither sound card nor terminal run on all cores; the others run in order beside
them, and their output is shown behind that of the first part. Both parts always run, and one line
in pytest's own form counts them together. The exit code is 0 only when neither part failed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO

# worksteal: each worker begins with an equal part of the tests, in order, so that a module's
# fixtures (a built wheel, a recorded session) are usually made once. A worker that has finished
# takes tests from another; with loadfile the longest file would keep one core busy while the others
# idle.
#
# Two workers for each core: many tests wait for sound that is played in real time. So do nearly all
# of those that run in order, which is why they need not wait for the others to end.
WORKERS = 2 * (len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)
ON_ALL_CORES = ("-n", str(WORKERS), "--dist", "worksteal", "-m", "not sound and not terminal")
IN_ORDER = ("-m", "sound or terminal")
ALWAYS = ("--durations=10", "--durations-min=1")
NOTHING_COLLECTED = 5
"""pytest's exit code when no test is selected, for example when TESTS names only tests of the other
part."""
_ORDER = ("failed", "passed", "skipped", "errors")


def start_part(
    arguments: Sequence[str], report: Path, output: IO[bytes] | None = None
) -> "subprocess.Popen[bytes]":
    """Start pytest with these arguments. Its counts go to `report` as JUnit XML, its output to
    `output` if that is given."""
    command = [sys.executable, "-m", "pytest", *ALWAYS, f"--junitxml={report}", *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL if output else None, stdout=output, stderr=output
    )


def counts_of(report: Path) -> Counter[str]:
    """The number of tests by outcome; empty if pytest ended before it wrote the report."""
    if not report.exists():
        return Counter()
    counts: Counter[str] = Counter()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        failed, errors, skipped = (
            int(suite.get(name, 0)) for name in ("failures", "errors", "skipped")
        )
        passed = int(suite.get("tests", 0)) - failed - errors - skipped
        counts.update({"failed": failed, "passed": passed, "skipped": skipped, "errors": errors})
    return counts


def closing_line(counts: Counter[str], seconds: float) -> str:
    """A line like pytest's last one, such as `=== 12 passed, 1 skipped in 3.20s ===`."""
    outcomes = [f"{counts[outcome]} {outcome}" for outcome in _ORDER if counts[outcome]]
    return f" {', '.join(outcomes) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


def exit_code(codes: Sequence[int]) -> int:
    """The first exit code of a failure; 0 if at least one part ran tests and none failed."""
    failures = [code for code in codes if code not in (0, NOTHING_COLLECTED)]
    if failures:
        return failures[0]
    return 0 if 0 in codes else NOTHING_COLLECTED


def run_parts(arguments: Sequence[str], folder: Path) -> tuple[list[int], Counter[str]]:
    """Run both parts with these pytest arguments, which may name tests. Returns their exit codes
    and their counts."""
    reports = [folder / "on-all-cores.xml", folder / "in-order.xml"]
    with (folder / "in-order.txt").open("w+b") as output:
        in_order = start_part([*IN_ORDER, *arguments], reports[1], output)
        try:
            on_all_cores = start_part([*ON_ALL_CORES, *arguments], reports[0]).wait()
            codes = [on_all_cores, in_order.wait()]
        finally:
            # A second interrupt of the user, or a failure of ours, must not leave it running.
            in_order.terminate()
            in_order.wait()
            output.seek(0)
            sys.stdout.flush()
            shutil.copyfileobj(output, sys.stdout.buffer)
    return codes, sum(map(counts_of, reports), Counter())


def main(arguments: Sequence[str]) -> int:
    """Run both parts with these pytest arguments, which may name tests."""
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        codes, counts = run_parts(arguments, Path(folder))
    print(closing_line(counts, time.monotonic() - started_s), flush=True)
    return exit_code(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
