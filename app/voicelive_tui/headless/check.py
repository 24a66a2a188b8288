"""`voicelive-tui check`: checks profiles against the API and prints one finding per line, as
compilers do."""

from collections.abc import Sequence

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine.config.profile_store import ProfileEntry
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.settings_loader import malformed_dotenv_lines
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts
from voicelive_tui.engine.service.credential_check import profile_destination
from voicelive_tui.engine.service.target import service_kind
from voicelive_tui.headless.output_streams import count_of, print_line, print_note
from voicelive_tui.model.profile.profile import Profile


def check(entries: Sequence[ProfileEntry], settings: Settings) -> ExitCode:
    """Print the problems of these profiles and a line for each profile without an error. Returns
    `FOUND` when one has an error; warnings and infos are not counted against a profile.

    The line names the host that the session's credentials would go to, the source of that host, and
    the files that the profile hides.
    """
    for message in malformed_dotenv_lines(settings):
        print_note(message)
    if not entries:
        print_note("There are no profiles to check.")
        return ExitCode.OK
    for entry in entries:
        for problem in entry.problems:
            print_line(str(problem))
        if entry.profile is not None and not count([entry], "error"):
            print_line(f"{entry.path}: {_destination(entry.profile, settings)}{_hidden(entry)}")
    errors, warnings, infos = (
        count(entries, severity) for severity in ("error", "warning", "info")
    )
    if errors or warnings or infos:
        print_note(
            f"{count_of(errors, 'error')}, {count_of(warnings, 'warning')} and "
            f"{count_of(infos, 'info')} in "
            f"{count_of(len(entries), 'profile')}."
        )
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
    trust_note = f" (you trusted it; `voicelive-tui trust --remove {destination.host}` undoes that)"
    trusted_hosts = TrustedHosts(settings.config_dir).stored_hosts()
    trusted = {destination.host, destination.permission} & set(trusted_hosts)
    return f"ok, {destination}{trust_note if trusted else ''}"


def _hidden(entry: ProfileEntry) -> str:
    return f"; it hides {', '.join(entry.hides)}" if entry.hides else ""


def count(entries: Sequence[ProfileEntry], severity: str) -> int:
    """The number of problems of this severity."""
    return sum(problem.severity == severity for entry in entries for problem in entry.problems)
