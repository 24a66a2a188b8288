"""`voicelive-tui check`: profiles against the API, one finding a line, as compilers write them."""

from collections.abc import Sequence

from voicelive_tui.engine.credentials import profile_destination
from voicelive_tui.engine.place import service_kind
from voicelive_tui.engine.profiles import Entry
from voicelive_tui.engine.settings import Settings, odd_dotenv_lines
from voicelive_tui.engine.trusted_hosts import TrustedHosts
from voicelive_tui.model.profile import Profile
from voicelive_tui.plain.exit_codes import ExitCode
from voicelive_tui.plain.output import counted, put, tell


def check(entries: Sequence[Entry], settings: Settings) -> ExitCode:
    """Print what is wrong in these profiles and a line for each that can be used; `FOUND` when one is broken.

    The line says where the session's credentials would go, who names that host, and which files the profile hides.
    """
    for odd in odd_dotenv_lines(settings):
        tell(odd)
    if not entries:
        tell("There are no profiles to check.")
        return ExitCode.OK
    for entry in entries:
        for problem in entry.problems:
            put(str(problem))
        if entry.profile is not None:
            put(f"{entry.path}: {_destination(entry.profile, settings)}{_hidden(entry)}")
    errors, warnings = (count(entries, severity) for severity in ("error", "warning"))
    if errors or warnings:
        tell(f"{counted(errors, 'error')} and {counted(warnings, 'warning')} in {counted(len(entries), 'profile')}.")
    return ExitCode.FOUND if errors else ExitCode.OK


def _destination(profile: Profile, settings: Settings) -> str:
    if service_kind(profile, settings) == "simulator":
        return "ok, it talks to the local simulator"
    try:
        destination = profile_destination(profile, settings)
    except ValueError as error:
        return f"ok, but it cannot connect: {error}"
    if not destination.confirmed:
        return f"ok, but {destination}: voicelive-tui trust {destination.host}"
    trusted = f" (you trusted it; `voicelive-tui trust --remove {destination.host}` undoes that)"
    kept = TrustedHosts(settings.config_dir).kept()
    return f"ok, {destination}{trusted if {destination.host, destination.permission} & set(kept) else ''}"


def _hidden(entry: Entry) -> str:
    return f"; it hides {', '.join(entry.hides)}" if entry.hides else ""


def count(entries: Sequence[Entry], severity: str) -> int:
    """How many findings of this severity there are."""
    return sum(problem.severity == severity for entry in entries for problem in entry.problems)
