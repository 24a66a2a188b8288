"""Where a session goes, with which credential, and who says so: what a user has to know before anything leaves the machine."""

from dataclasses import dataclass
from typing import Literal

Credential = Literal["none", "key", "token"]

_NAMES = {"none": "no credentials", "key": "the key", "token": "a Microsoft Entra token"}
SPEECH = "your microphone and the profile's instructions"
"""What every session sends, with credentials and without."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A host and the credential that a session would send there.

    host: with its port, when it has one. host_source, credential_source: who names them, ready to be shown: "the environment"
    or a file. confirmed: the session may go there with it without a question.
    """

    host: str
    host_source: str
    credential: Credential
    credential_source: str
    confirmed: bool

    @property
    def what(self) -> str:
        """The credential in words, with its source."""
        source = f" from {self.credential_source}" if self.credential_source else ""
        return _NAMES[self.credential] + source

    @property
    def permission(self) -> str:
        """What a user who confirms this destination permits: the host alone when no credentials go there, else the host."""
        return without_credentials(self.host) if self.credential == "none" else self.host

    def __str__(self) -> str:
        """The whole fact as half a sentence."""
        if self.credential == "none" and not self.confirmed:
            named = f"(named by {self.host_source})"
            return f"{SPEECH} would go to {self.host} {named} without credentials, once you trust that host"
        verb = "goes" if self.confirmed else "would go"
        if self.credential == "none":
            verb = "go"
        question = "" if self.confirmed else ", once you trust that host"
        return f"{self.what} {verb} to {self.host} (named by {self.host_source}){question}"


def without_credentials(host: str) -> str:
    """The name under which a host is trusted with speech and instructions only: a key still needs a confirmation of its own."""
    return f"{host} without credentials"
