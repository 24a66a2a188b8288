"""The hosts to which the user lets sessions go: one per line in a file of the configuration folder."""

from collections.abc import Iterable
from pathlib import Path

from voicelive_tui.engine.profiles import write_atomically
from voicelive_tui.model.destination import without_credentials
from voicelive_tui.net.endpoint import EndpointError, endpoint_of
from voicelive_tui.text_file import read_text_file

FILE = "trusted-hosts.txt"
_HEAD = "# Hosts that may get your speech, and your key or Microsoft Entra token; `voicelive-tui trust HOST` adds one.\n"


class TrustError(Exception):
    """A host cannot be trusted or the file not be written; the text is one sentence."""


def host_of(text: str) -> str:
    """The host, with its port if it names one, of an address or of a bare host. Raises TrustError."""
    try:
        return endpoint_of(text if "://" in text else f"https://{text}", model="", api_version="").host
    except EndpointError as error:
        raise TrustError(f"That names no host: {error}") from None


class TrustedHosts:
    """The file's hosts and those of this run only. An unreadable file trusts nobody."""

    def __init__(self, config_dir: Path, this_run: Iterable[str] = ()) -> None:
        self._path = config_dir / FILE
        self._this_run = frozenset(this_run)

    def __contains__(self, host: object) -> bool:
        return host in self._this_run or host in self.kept()

    def kept(self) -> tuple[str, ...]:
        """The hosts of the file, in its order; none of a file that cannot be read."""
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
            why = error.strerror or str(error)
            raise TrustError(f"{self._path} cannot be read ({why}); the trusted hosts are as they were.") from None
        return tuple(dict.fromkeys(host for line in lines if (host := line.partition("#")[0].strip())))

    def add(self, host: str) -> None:
        """Trust this host from now on, in later runs too; also the `permission` of a destination. Raises TrustError."""
        kept = self._read()
        if host not in kept:
            self._write([*kept, host])

    def remove(self, host: str) -> None:
        """Ask about this host again. Raises TrustError."""
        kept = self._read()
        removed = {host, without_credentials(host)}
        if removed.isdisjoint(kept):
            raise TrustError(f"{host} is not among the trusted hosts; there {_listed(kept)}.")
        self._write([each for each in kept if each not in removed])

    def _write(self, hosts: Iterable[str]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, (_HEAD + "".join(f"{host}\n" for host in hosts)).encode("utf-8"))
        except OSError as error:
            why = error.strerror or str(error)
            raise TrustError(f"{self._path} cannot be written ({why}); the trusted hosts are as they were.") from None


def _listed(hosts: tuple[str, ...]) -> str:
    return f"are {', '.join(hosts)}" if hosts else "are none"
