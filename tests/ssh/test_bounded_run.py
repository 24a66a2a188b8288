"""Commands whose output comes from another machine."""

import os
import signal
import subprocess
import sys
import time

import pytest
from voicelive_tui.ssh.bounded_run import MAX_OUTPUT_BYTES, NoAnswer, read_output, run_bounded

from tests.support.deadlines import DEADLINE_S


def test_what_a_command_prints_and_its_code_are_returned() -> None:
    done = run_bounded(["sh", "-c", "cat; echo no >&2; exit 7"], b"ask", DEADLINE_S)
    assert (done.returncode, done.stdout, done.stderr) == (7, b"ask", b"no\n")


def test_a_command_that_reads_nothing_is_no_error() -> None:
    assert run_bounded(["true"], b"a" * 10_000, DEADLINE_S).returncode == 0


@pytest.mark.parametrize("stream", ["1", "2"])
def test_endless_output_ends_the_command(stream: str) -> None:
    with pytest.raises(NoAnswer, match="endless"):
        run_bounded(["sh", "-c", f"exec yes >&{stream}"], b"", DEADLINE_S)


def test_long_output_is_kept_whole() -> None:
    program = f"import sys; sys.stdout.write('a' * {MAX_OUTPUT_BYTES})"
    done = run_bounded([sys.executable, "-c", program], b"", DEADLINE_S)
    assert len(done.stdout) == MAX_OUTPUT_BYTES


def test_a_command_that_hangs_is_ended() -> None:
    began_s = time.monotonic()
    with pytest.raises(NoAnswer, match="in time"):
        run_bounded(["sleep", "1000"], b"", 0.1)
    assert time.monotonic() - began_s < DEADLINE_S


def test_a_process_that_is_left_behind_holds_nothing_up() -> None:
    done = run_bounded(["sh", "-c", "sleep 1000 & echo $!"], b"", DEADLINE_S)
    os.kill(int(done.stdout), signal.SIGKILL)
    assert done.returncode == 0


@pytest.mark.parametrize("left_behind", ["", "sleep 1000 & echo $!; "])
def test_what_a_command_printed_before_its_end_is_read_however_late(left_behind: str) -> None:
    many = 40_000  # less than a pipe holds
    command = f"{left_behind}head -c {many} /dev/zero; head -c {many} /dev/zero >&2"
    with subprocess.Popen(
        ["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.wait()
        found, errors = read_output(process, until_s=time.monotonic())
    if left_behind:
        os.kill(int(found.partition(b"\n")[0]), signal.SIGKILL)
    assert (found.count(0), errors.count(0)) == (many, many)
