"""The models, voices and API versions that a field, or one of its values, needs."""

from dataclasses import dataclass
from typing import Final, Literal

ModelFamily = Literal["gpt-realtime", "phi4-mm-realtime", "azure-realtime", "text", "agent"]
"""A kind of model behind the service (protocol.md section 2). `text` are the models that get a
transcript and answer through Azure's voices; `agent` is an agent in place of a model."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a field or value needs; empty attributes need nothing.

    models: the families that have it. voices: the types of voice that have it, where `hd` stands
    for the Azure voices in high definition. since, until: the first and the last API version that
    has it. refused: with another model or voice the service refuses the whole session; without it,
    the field or value has no effect there. What a version does not have it refuses as a value, and
    ignores as a field.
    """

    models: tuple[ModelFamily, ...] = ()
    voices: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    refused: bool = False

    def version_sentence(self, api_version: str) -> str:
        """Return which versions have it when this one does not, such as "from 2026-04-10"; empty
        when this one has it, or is not known."""
        if not api_version or (self.since <= api_version <= (self.until or api_version)):
            return ""
        if not self.until:
            return f"from {self.since}"
        if self.since in ("", self.until):
            return f"only in {self.until}" if self.since else f"only up to {self.until}"
        return f"only from {self.since} to {self.until}"


NO_NEEDS: Final = Requirement()
"""What every model, voice and API version fulfils."""
