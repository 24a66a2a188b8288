"""Sentences for HTTP answers that refuse the upgrade to a websocket.

Invariant: no sentence holds a key, a token or a query string, whatever the server put into its
answer.
"""

import http
import re
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urlsplit

from voicelive_common.redaction.redact import redact

from voicelive_tui.model.session.destination import ROLES
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.expiry_text import says_token_expired
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.retry_after import retry_after_s
from voicelive_tui.net.server_text import clip, server_text, with_server_text

_PASSING_STATUSES = frozenset({408, 425, 429})
"""Refusals below 500 that another attempt may not meet again."""

_STATUS_SENTENCES: Final[Mapping[int, str]] = {
    400: "{host} does not accept the request (400): check the model, the api version and the "
    "profile's [service] table",
    404: "{host} has no Voice Live service there (404): check the endpoint, the model and the api "
    "version",
}


CredentialKind = Literal["key", "token", "own", "none"]
"""The credential in a handshake: an API key, an Entra token, headers or a query of the profile's
own, which may hold one, or none of these."""

_CREDENTIAL_CURES: Final[Mapping[CredentialKind, str]] = {
    "key": "check AZURE_VOICELIVE_API_KEY, and that it is a key of this resource",
    "token": "sign in with `az login` to the tenant of this resource",
    "own": "check the headers and the query in the profile's [service] table, and the variables "
    "that they name",
}
_NETWORK = re.compile(
    r"public (?:network )?access|private (?:endpoint|link)|virtual network|\bvnet\b|firewall"
    r"|\bip (?:address|range|rule)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\brole|permission|principal|authori[sz]ed|\baction\b", re.IGNORECASE)
"""The reasons behind a 403 that have a cure of their own."""


def status_error(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    host: str,
    *,
    credential: CredentialKind = "key",
) -> ConnectError:
    """Return the error for an HTTP answer in place of an upgrade. credential: what the handshake
    carried."""
    if 300 <= status < 400:
        sentence = _redirect_sentence(status, headers, host)
        return ConnectError(sentence, recovery=Recovery.GIVE_UP, status=status)
    wait_s, said = retry_after_s(headers), server_text(body)
    expired = status == 401 and credential == "token" and says_token_expired(said)
    text = (
        f"{host} says that the sign-in token has expired (401): start again with a fresh one"
        if expired
        else _sentence(status, wait_s, said, host, credential)
    )
    return ConnectError(
        with_server_text(text, said),
        recovery=Recovery.RETRY if expired else status_recovery(status),
        status=status,
        retry_after_s=wait_s,
        needs_fresh_token=expired,
    )


def status_recovery(status: int) -> Recovery:
    """Whether a server that answered with this HTTP status may accept another attempt."""
    passing = status in _PASSING_STATUSES or 500 <= status < 600
    return Recovery.RETRY if passing else Recovery.GIVE_UP


def _sentence(
    status: int, wait_s: float | None, said: str, host: str, credential: CredentialKind
) -> str:
    if status in (429, 503):
        return _busy_sentence(status, wait_s, host)
    if credential == "none" and status in (401, 403):
        return (
            f"{host} requires credentials ({status}), and none were sent: the profile needs "
            'auth = "key" or auth = "entra"'
        )
    own = credential == "own" and not _NETWORK.search(said)
    if status == 401 or (status == 403 and own):
        return f"{host} refused the credentials ({status}): {_CREDENTIAL_CURES[credential]}"
    if status == 403:
        return _forbidden_sentence(said, host)
    if status in _STATUS_SENTENCES:
        return _STATUS_SENTENCES[status].format(host=host)
    if status >= 500:
        return f"{host} reports an internal problem ({status} {phrase(status)}): try again later"
    return f"{host} refused the connection ({status} {phrase(status)}): check the endpoint"


def _forbidden_sentence(said: str, host: str) -> str:
    if _NETWORK.search(said):
        return (
            f"{host} does not let this network in (403): connect from a network that it allows, or "
            "change the resource's networking"
        )
    if said and not _ROLE.search(said):
        return f"{host} does not allow this (403)"
    return f"{host} does not allow this (403): the account needs the roles {ROLES} on the resource"


def _redirect_sentence(status: int, headers: Mapping[str, str], host: str) -> str:
    target = _host_of(headers.get("Location") or "")
    where = f" to {target}" if target else ""
    return (
        f"{host} redirects{where} ({status}), which is refused, because the key would be sent "
        "there: set the final endpoint."
    )


def _busy_sentence(status: int, wait_s: float | None, host: str) -> str:
    if status == 429:
        when = f"in {wait_s:g} s" if wait_s else "in a minute"
        return f"{host} is at its limit (429): try again {when}, or raise the resource's quota"
    when = f"in {wait_s:g} s" if wait_s else "later"
    return f"{host} is overloaded or under maintenance (503): try again {when}"


def _host_of(location: str) -> str:
    """Return the host of a `Location` header; empty when there is none."""
    try:
        # Redact first: `hostname` is in lower case, in which no secret is recognised.
        return clip(urlsplit(redact(location)).hostname or "")
    except ValueError:
        return ""


def phrase(status: int) -> str:
    """Return the standard's words for a status."""
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"
