"""Credentials for the handshake: a key, or an Entra token, which is fetched on use in a thread of
its own."""

import asyncio
import threading
from typing import Any, Protocol

from voicelive_common.redaction.secret import Secret

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.key_mistakes import key_mistake
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.sign_in_errors import sign_in_error
from voicelive_tui.net.token_claims import TokenAccount, token_account

SCOPE = "https://ai.azure.com/.default"
TOKEN_TIMEOUT_S = 30.0
SIGN_IN_RETRIES = 2
"""With its own ten the library tries again for longer than `TOKEN_TIMEOUT_S`, and what is wrong
would not be known by then."""


class Credentials(Protocol):
    """The credentials of a connection."""

    async def headers(self) -> dict[str, str]:
        """Return the headers for the handshake. Raises ConnectError."""
        ...


class NoCredentials:
    """No credentials, for the simulator and for servers that require none."""

    async def headers(self) -> dict[str, str]:
        return {}


class KeyCredentials:
    """A key, sent in the `api-key` header."""

    def __init__(self, key: Secret, *, for_azure: bool = False) -> None:
        self._key = key
        self._for_azure = for_azure

    def __repr__(self) -> str:
        return "KeyCredentials(***)"

    async def headers(self) -> dict[str, str]:
        """Return the header. Raises ConnectError for what can be no key, or not be sent in a
        header."""
        key = self._key.reveal()
        mistake = key_mistake(key, for_azure=self._for_azure)
        if mistake is not None and mistake.severity == "error":
            raise ConnectError(mistake.sentence, recovery=Recovery.GIVE_UP)
        return {"api-key": key}


class EntraCredentials:
    """A token from this machine's Azure sign-in, sent in the `Authorization` header.

    One object caches the token for all sessions. `_token` runs in worker threads, several at once
    when sessions start together; the lock keeps them from creating more than one credential.
    """

    def __init__(self, scope: str = SCOPE) -> None:
        self._scope = scope
        self._credential: Any = None
        self.account = TokenAccount()
        """The account of the last token; empty before the first one."""
        self._secrets: set[Secret] = set()
        """Every token that was returned. Each stays hidden in all output, because the service may
        repeat it."""
        self._lock = threading.Lock()

    async def headers(self) -> dict[str, str]:
        """Return the header. Raises ConnectError with one sentence, where the library's own text
        has twenty lines."""
        try:
            async with asyncio.timeout(TOKEN_TIMEOUT_S):
                return {"Authorization": f"Bearer {await run_in_thread(self._token)}"}
        except TimeoutError:
            text = (
                f"Azure sign-in did not answer within {TOKEN_TIMEOUT_S:g} s; check the network and "
                "any proxy, or set AZURE_VOICELIVE_API_KEY."
            )
            raise ConnectError(text, recovery=Recovery.RETRY) from None

    def discard_token(self) -> None:
        """Forget the cached token, because the service says that it has expired."""
        with self._lock:
            self._credential = None

    def _token(self) -> str:
        # Importing the library takes half a second, so it is imported on use and in this thread.
        from azure.core.exceptions import AzureError
        from azure.identity import DefaultAzureCredential

        with self._lock:
            if self._credential is None:
                self._credential = DefaultAzureCredential(retry_total=SIGN_IN_RETRIES)
            credential = self._credential
        try:
            token: object = credential.get_token(self._scope).token
        except AzureError as error:
            raise sign_in_error(str(error)) from None
        # Any error: the library trusts the output of this machine's `az` program.
        except Exception as error:
            raise sign_in_error(f"{type(error).__name__}: {error}") from None
        if (
            not isinstance(token, str)
            or not token.isascii()
            or not token.isprintable()
            or " " in token
            or not token
        ):
            raise ConnectError(
                "The Azure sign-in of this machine gave no token that a header can carry; check "
                "which `az` is run, and run "
                "`az login`, or set AZURE_VOICELIVE_API_KEY.",
                recovery=Recovery.GIVE_UP,
            )
        self._secrets.add(Secret(token))
        self.account = token_account(token)
        return token
