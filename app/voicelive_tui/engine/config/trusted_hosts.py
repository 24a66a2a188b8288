"""The hosts that sessions may connect to with the user's consent, one per line in a file of the
configuration folder."""

from collections.abc import Iterable
from pathlib import Path

from voicelive_common.text_file import read_text_file

from voicelive_tui.engine.config.profile_store import write_atomically
from voicelive_tui.model.session.destination import without_credentials
from voicelive_tui.net.endpoint import EndpointError, endpoint_of

FILE = "trusted-hosts.txt"
_HEADER = (
    "# Hosts that may get your speech, and your key or Microsoft Entra token; `voicelive-tui "
    "trust HOST` adds one.\n"
)


class TrustError(Exception):
    """A host cannot be trusted, or the file cannot be read or written; the message is one
    sentence."""


def parse_host(text: str) -> str:
    """Return the host of an address or of a bare host, with the port if there is one. Raises
    TrustError."""
    try:
        return endpoint_of(
            text if "://" in text else f"https://{text}", model="", api_version=""
        ).host
    except EndpointError as error:
        raise TrustError(f"The text names no host: {error}") from None


class TrustedHosts:
    """The hosts of the file and those of this run only. When the file cannot be read, none of its
    hosts is trusted."""

    def __init__(self, config_dir: Path, this_run: Iterable[str] = ()) -> None:
        self._path = config_dir / FILE
        self._this_run = frozenset(this_run)

    def __contains__(self, host: object) -> bool:
        return host in self._this_run or host in self.stored_hosts()

    def stored_hosts(self) -> tuple[str, ...]:
        """Return the hosts of the file in its order; none when it cannot be read."""
        try:
            return self._read()
        except TrustError:
            return ()

    def _read(self) -> tuple[str, ...]:
        try:
            lines = read_text_file(self._path, "replace").splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            reason = error.strerror or str(error)
            raise TrustError(
                f"{self._path} cannot be read ({reason}); the trusted hosts are as they were."
            ) from None
        return tuple(
            dict.fromkeys(host for line in lines if (host := line.partition("#")[0].strip()))
        )

    def add(self, host: str) -> None:
        """Trust this host in this run and later ones. A host's `permission` (see `Destination`) is
        accepted too. Raises TrustError."""
        stored = self._read()
        if host not in stored:
            self._write([*stored, host])

    def remove(self, host: str) -> None:
        """Trust this host no longer. Raises TrustError."""
        stored = self._read()
        removed = {host, without_credentials(host)}
        if removed.isdisjoint(stored):
            raise TrustError(f"{host} is not a trusted host; {_listed(stored)}.")
        self._write([each for each in stored if each not in removed])

    def _write(self, hosts: Iterable[str]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(
                self._path, (_HEADER + "".join(f"{host}\n" for host in hosts)).encode("utf-8")
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise TrustError(
                f"{self._path} cannot be written ({reason}); the trusted hosts are as they were."
            ) from None


def _listed(hosts: tuple[str, ...]) -> str:
    return f"trusted are {', '.join(hosts)}" if hosts else "no host is trusted"
