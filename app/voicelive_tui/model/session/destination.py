"""The destination of a session: its host, the credential sent there, and where both are configured.
The user sees it before anything is sent."""

from dataclasses import dataclass
from typing import Final, Literal

Credential = Literal["none", "key", "token"]

_NAMES = {"none": "no credentials", "key": "the key", "token": "a Microsoft Entra token"}
ROLES: Final = "Cognitive Services User and Foundry User"
"""The roles that an account needs on the resource (protocol.md section 1.2)."""
SPEECH = "your microphone and the profile's instructions"
"""The data that every session sends, with or without credentials."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A host and the credential that a session would send there.

    host: with its port, when it has one. host_source, credential_source: where each is configured,
    as the user knows it: "the environment" or a file. confirmed: the session may connect without a
    question. variables: the names of the environment variables whose values the profile's headers
    or query send there too.
    """

    host: str
    host_source: str
    credential: Credential
    credential_source: str
    confirmed: bool
    variables: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The credential in words, with its source, and the variables."""
        source = f" from {self.credential_source}" if self.credential_source else ""
        credential = _NAMES[self.credential] + source
        if not self.variables:
            return credential
        values = "the value of" if len(self.variables) == 1 else "the values of"
        named = f"{values} {' and '.join(self.variables)} from the environment"
        return named if self.credential == "none" else f"{credential}, and {named}"

    @property
    def sends_speech_only(self) -> bool:
        """Whether neither a credential nor a value of the environment goes there."""
        return self.credential == "none" and not self.variables

    @property
    def several(self) -> bool:
        """Whether `what` is in the plural."""
        return (self.credential != "none") + len(self.variables) != 1

    @property
    def permission(self) -> str:
        """The name under which the user trusts this destination: the host, marked when no
        credentials are sent."""
        return without_credentials(self.host) if self.sends_speech_only else self.host

    def __str__(self) -> str:
        """Return the destination as half a sentence."""
        if self.sends_speech_only and not self.confirmed:
            named = f"(named by {self.host_source})"
            return (
                f"{SPEECH} would go to {self.host} {named} without credentials, once you trust "
                "that host"
            )
        verb = "would go"
        if self.confirmed:
            verb = "go" if self.several else "goes"
        question = "" if self.confirmed else ", once you trust that host"
        return f"{self.what} {verb} to {self.host} (named by {self.host_source}){question}"


def without_credentials(host: str) -> str:
    """Return the name under which a host is trusted with speech and instructions only; a key needs
    a confirmation of its own."""
    return f"{host} without credentials"
