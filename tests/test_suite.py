"""`make test` runs two parts and reports both: their counts in one line, their failures in one exit
code."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.suite import NOTHING_COLLECTED, closing_line, counts_of, exit_code

EXAMPLE = """
import pytest

def test_of_the_first_part():
    pass

@pytest.mark.sound
def test_of_the_second_part():
    assert "the reason" == ""
"""
REPORT = '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="3"/></testsuites>'


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        ((0, 0), 0),
        ((1, 0), 1),
        ((0, 2), 2),
        ((3, 1), 3),
        ((0, NOTHING_COLLECTED), 0),
        ((NOTHING_COLLECTED, 0), 0),
        ((NOTHING_COLLECTED, 1), 1),
        ((NOTHING_COLLECTED, NOTHING_COLLECTED), NOTHING_COLLECTED),
        ((-9, 0), -9),
    ],
)
def test_a_failure_of_either_part_is_a_failure(codes: tuple[int, int], whole: int) -> None:
    assert exit_code(codes) == whole


def test_a_part_without_a_report_counts_nothing(tmp_path: Path) -> None:
    assert counts_of(tmp_path / "none.xml") == Counter()


def test_the_closing_line_has_pytests_own_form(tmp_path: Path) -> None:
    report = tmp_path / "part.xml"
    report.write_text(REPORT)
    counts = counts_of(report) + counts_of(report)
    assert (
        closing_line(counts, 61.5).strip("= ")
        == "4 failed, 6 passed, 6 skipped, 2 errors in 61.50s"
    )
    assert closing_line(Counter(), 0.5).strip("= ") == "no tests ran in 0.50s"


def test_a_failure_of_the_second_part_is_shown_and_counted(tmp_path: Path) -> None:
    example = tmp_path / "test_example.py"
    example.write_text(EXAMPLE)
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.support.suite",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            str(example),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "assert 'the reason' == ''" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("=")
    assert " 1 failed, 1 passed in " in ran.stdout.splitlines()[-1]
