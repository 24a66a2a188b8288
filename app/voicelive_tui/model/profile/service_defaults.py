"""What the environment gives to the profiles that do not state it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class ServiceDefaults:
    """The model and the version of the API for a profile that states none; empty for this
    program's own defaults."""

    model: str = ""
    api_version: str = ""


NO_DEFAULTS: Final = ServiceDefaults()


def with_model(document: Mapping[str, Any], defaults: ServiceDefaults) -> Mapping[str, Any]:
    """Return a document with the model that a session of it asks for, as far as the environment
    gives it."""
    service = document.get("service", {})
    if not defaults.model or not isinstance(service, Mapping) or service.get("model"):
        return document
    return {**document, "service": {**service, "model": defaults.model}}
