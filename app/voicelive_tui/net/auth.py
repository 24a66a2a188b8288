"""Credentials for the handshake: a key, or an Entra token fetched on use and never on the event loop's thread."""

import asyncio
import threading
from typing import Any, Protocol

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.model.redact import redact
from voicelive_tui.model.secret import Secret
from voicelive_tui.net.connect_error import ConnectError

SCOPE = "https://ai.azure.com/.default"
TOKEN_TIMEOUT_S = 30.0


class Credentials(Protocol):
    """What a connection proves its right with."""

    async def headers(self) -> dict[str, str]:
        """Of the handshake. Raises ConnectError."""
        ...


class NoCredentials:
    """For the simulator and for servers that ask for none."""

    async def headers(self) -> dict[str, str]:
        return {}


class KeyCredentials:
    """The `api-key` header."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "KeyCredentials(***)"

    async def headers(self) -> dict[str, str]:
        """Raises ConnectError for a key that no header can carry."""
        key = self._key.reveal()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConnectError(
                "The key holds a character that no key has; check AZURE_VOICELIVE_API_KEY for quotes or line ends."
            )
        return {"api-key": key}


class EntraCredentials:
    """The `Authorization` header, from whatever Azure sign-in this machine has; one object caches the token for all sessions."""

    def __init__(self, scope: str = SCOPE) -> None:
        self._scope = scope
        self._credential: Any = None
        self._secrets: set[Secret] = set()
        """Every token that was handed out, as long as a service may still repeat it."""
        self._lock = threading.Lock()

    async def headers(self) -> dict[str, str]:
        """Raises ConnectError with one sentence where the library's text has twenty lines."""
        try:
            async with asyncio.timeout(TOKEN_TIMEOUT_S):
                return {"Authorization": f"Bearer {await run_in_thread(self._token)}"}
        except TimeoutError:
            text = f"Azure sign-in did not answer within {TOKEN_TIMEOUT_S:g} s; run `az login`, or set AZURE_VOICELIVE_API_KEY."
            raise ConnectError(text) from None

    def _token(self) -> str:
        # Importing the library takes half a second, so it happens on use and here, off the event loop's thread.
        from azure.core.exceptions import AzureError
        from azure.identity import DefaultAzureCredential

        with self._lock:
            if self._credential is None:
                self._credential = DefaultAzureCredential()
            credential = self._credential
        try:
            token: object = credential.get_token(self._scope).token
        except AzureError as error:
            raise ConnectError(sign_in_sentence(str(error))) from None
        except Exception as error:  # a foreign program's border: the library takes on trust what the `az` of this machine prints
            raise ConnectError(sign_in_sentence(f"{type(error).__name__}: {error}")) from None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token or not token:
            raise ConnectError(
                "The Azure sign-in of this machine gave no token that a header can carry; check which `az` is run, and run "
                "`az login`, or set AZURE_VOICELIVE_API_KEY."
            )
        self._secrets.add(Secret(token))
        return token


def sign_in_sentence(text: str) -> str:
    """The library's report on every way it tried, condensed: Entra's own code if there is one."""
    cure = "run `az login`, or set AZURE_VOICELIVE_API_KEY"
    start = text.find("AADSTS")
    if start >= 0:
        code = text[start:].split(":", 1)[0].split()[0]
        return f"Azure sign-in was refused ({redact(code)[:40]}); {cure}."
    return f"No Azure sign-in works on this machine; {cure}."
