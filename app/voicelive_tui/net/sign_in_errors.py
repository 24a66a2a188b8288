"""Sentences for an Azure sign-in that gives no token, from the library's report on every method
that it tried."""

import re
from typing import Final

from voicelive_common.redaction.redact import redact

from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.recovery import Recovery

_CURE: Final = "run `az login`, or set AZURE_VOICELIVE_API_KEY"
_MACHINE_METHODS: Final = re.compile(r"^\s*(?:ManagedIdentity|WorkloadIdentity)Credential:")
"""The lines about methods that exist only on Azure's own machines: they ask an address that nobody
answers elsewhere, which says nothing about the network."""
_CERTIFICATE: Final = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|certificate verif(?:y|ication) failed", re.IGNORECASE
)
_PROXY: Final = re.compile(r"ProxyError|Unable to connect to proxy|tunnel connection failed", re.I)
_NETWORK: Final = re.compile(
    r"Failed to establish a new connection|Failed to resolve|name resolution|getaddrinfo failed"
    r"|Network is unreachable|No route to host|Connection (?:refused|reset|aborted)|timed out"
    r"|Remote end closed connection|Max retries exceeded",
    re.IGNORECASE,
)


def sign_in_error(report: str) -> ConnectError:
    """Return the error for a report of the library: in one sentence, where that has twenty lines,
    and with Entra's own code if there is one."""
    lines = [line for line in report.splitlines() if not _MACHINE_METHODS.match(line)]
    tried = "\n".join(lines)
    code = _entra_code(tried)
    if code:
        return _error(f"Azure sign-in was refused ({code}); {_CURE}.", Recovery.GIVE_UP)
    if _CERTIFICATE.search(tried):
        return _error(
            "Azure sign-in meets a certificate that is not trusted, as behind a proxy that "
            "inspects TLS; set REQUESTS_CA_BUNDLE to that proxy's CA for the sign-in, and "
            "SSL_CERT_FILE for the connection to the service.",
            Recovery.GIVE_UP,
        )
    if _PROXY.search(tried):
        return _error(
            "Azure sign-in cannot get through the proxy; check HTTPS_PROXY and NO_PROXY.",
            Recovery.RETRY,
        )
    if _NETWORK.search(tried):
        return _error(
            "Azure sign-in cannot reach login.microsoftonline.com; check the network and any "
            "proxy.",
            Recovery.RETRY,
        )
    return _error(f"No Azure sign-in works on this machine; {_CURE}.", Recovery.GIVE_UP)


def _entra_code(report: str) -> str:
    start = report.find("AADSTS")
    return redact(report[start:].split(":", 1)[0].split()[0])[:40] if start >= 0 else ""


def _error(sentence: str, recovery: Recovery) -> ConnectError:
    return ConnectError(sentence, recovery=recovery)
