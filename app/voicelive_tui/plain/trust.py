"""`voicelive-tui trust`: lists, adds and removes the hosts to which sessions may go."""

from voicelive_tui.engine.settings import Settings
from voicelive_tui.engine.trusted_hosts import TrustedHosts, host_of
from voicelive_tui.plain.exit_codes import ExitCode
from voicelive_tui.plain.output import put, tell


def trust(settings: Settings, host: str | None, *, remove: bool) -> ExitCode:
    """Without a host list them, one per line. Raises TrustError for a host that is none and a file that cannot be written."""
    trusted = TrustedHosts(settings.config_dir)
    if host is None:
        for each in trusted.kept():
            put(each)
        if not trusted.kept():
            tell("No hosts are trusted yet. A key still goes to the endpoint that is set in the same place as the key.")
        return ExitCode.OK
    name = host_of(host)
    if remove:
        trusted.remove(name)
        tell(f"{name} is no longer a trusted host.")
    else:
        trusted.add(name)
        tell(f"Your speech, and your key or Microsoft Entra token, may go to {name} from now on.")
    return ExitCode.OK
