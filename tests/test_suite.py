"""`make test` runs two parts and reports both: their counts in one line, their failures in one exit
code."""

from collections import Counter
from pathlib import Path

import pytest

from tests.support.suite import NOTHING_COLLECTED, closing_line, counts_of, exit_code

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
