"""Who a Microsoft Entra token was issued to, from its claims.

The signature is not checked: the claims are for the user's eyes only, and the service decides.
Invariant: nothing of a token is kept but these names and ids.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicelive_common.printable import printable

_NAMES: Final = ("upn", "preferred_username", "unique_name")
"""The claims with a user's name, the surest first."""
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONGEST_NAME: Final = 80
_LONGEST_TOKEN: Final = 65_536


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """The account of a token. user: the name with which it signs in; empty for an application.
    application: its id; empty for a user. tenant: the id of the directory. All may be empty."""

    user: str = ""
    application: str = ""
    tenant: str = ""

    def __str__(self) -> str:
        """Return the account as half a sentence, such as "ada@contoso.com in tenant 1234..."."""
        who = self.user or (f"application {self.application}" if self.application else "")
        where = f"tenant {self.tenant}" if self.tenant else ""
        return " in ".join(filter(None, (who, where)))


def token_account(token: str) -> TokenAccount:
    """Return the account of a token, as far as its claims name it; never raises."""
    claims = _claims(token)
    user = next(filter(None, (_name(claims.get(claim)) for claim in _NAMES)), "")
    of_application = claims.get("idtyp") == "app" or not user
    application = _id(claims.get("appid")) or _id(claims.get("azp"))
    return TokenAccount(
        user="" if claims.get("idtyp") == "app" else user,
        application=application if of_application else "",
        tenant=_id(claims.get("tid")),
    )


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LONGEST_TOKEN:
        return {}
    try:
        decoded = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(decoded)
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _name(value: object) -> str:
    if not isinstance(value, str) or "@" not in value or len(value) > _LONGEST_NAME:
        return ""
    return printable(value)


def _id(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""
