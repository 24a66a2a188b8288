"""Where a session's credentials go, and who says so: what a user has to know before a key leaves the machine."""

from dataclasses import dataclass
from typing import Literal

Credential = Literal["none", "key", "token"]

_NAMES = {"none": "no credentials", "key": "the key", "token": "a Microsoft Entra token"}


@dataclass(frozen=True, slots=True)
class Destination:
    """A host and the credential that a session would send there.

    host: with its port, when it has one. host_source, credential_source: who names them, ready to be shown: "the environment"
    or a file. confirmed: the credential may go there without a question.
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

    def __str__(self) -> str:
        """The whole fact as half a sentence."""
        verb = "goes" if self.confirmed else "would go"
        if self.credential == "none":
            verb = "go"
        question = "" if self.confirmed else ", once you trust that host"
        return f"{self.what} {verb} to {self.host} (named by {self.host_source}){question}"
