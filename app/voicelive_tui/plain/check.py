"""`voicelive-tui check`: profiles against the API, one finding a line, as compilers write them."""

from collections.abc import Sequence

from voicelive_tui.engine.profiles import Entry
from voicelive_tui.plain.exit_codes import ExitCode
from voicelive_tui.plain.output import counted, put, tell


def check(entries: Sequence[Entry]) -> ExitCode:
    """Print what is wrong in these profiles and a line for each that is right; `FOUND` when one is broken."""
    if not entries:
        tell("There are no profiles to check.")
        return ExitCode.OK
    for entry in entries:
        for problem in entry.problems:
            put(str(problem))
        if not entry.problems:
            put(f"{entry.path}: ok")
    errors, warnings = (count(entries, severity) for severity in ("error", "warning"))
    if errors or warnings:
        tell(f"{counted(errors, 'error')} and {counted(warnings, 'warning')} in {counted(len(entries), 'profile')}.")
    return ExitCode.FOUND if errors else ExitCode.OK


def count(entries: Sequence[Entry], severity: str) -> int:
    """How many findings of this severity there are."""
    return sum(problem.severity == severity for entry in entries for problem in entry.problems)
