"""`voicelive-tui trust`: lists, adds and removes the hosts to which sessions may go."""

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts, parse_host
from voicelive_tui.headless.output_streams import print_line, print_note


def trust(settings: Settings, host: str | None, *, remove: bool) -> ExitCode:
    """Trust this host, or remove it; without a host, list the trusted ones. Raises TrustError for
    an invalid host name and for a file that cannot be written."""
    trusted = TrustedHosts(settings.config_dir)
    if host is None:
        for trusted_host in trusted.stored_hosts():
            print_line(trusted_host)
        if not trusted.stored_hosts():
            print_note(
                "No hosts are trusted yet. A key still goes to the endpoint that is set in the "
                "same place as the key."
            )
        return ExitCode.OK
    name = parse_host(host)
    if remove:
        trusted.remove(name)
        print_note(f"{name} is no longer a trusted host.")
    else:
        trusted.add(name)
        print_note(
            f"Your speech, and your key or Microsoft Entra token, may go to {name} from now on."
        )
    return ExitCode.OK
