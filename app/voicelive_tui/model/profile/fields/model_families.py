"""The family of a profile's model, as far as its name tells (protocol.md sections 2 and 16)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.profile.fields.requirement import ModelFamily
from voicelive_tui.model.profile.service_query import AGENT_NAME, BYOM_PARAMETER, query_of

_FAMILIES: Final[tuple[tuple[str, ModelFamily], ...]] = (
    (r"gpt-realtime|gpt-4o(-mini)?-realtime", "gpt-realtime"),
    (r"phi4-mm-realtime", "phi4-mm-realtime"),
    (r"azure-realtime", "azure-realtime"),
    (r"(?!.*realtime)(gpt-4|gpt-5|phi4-mini$)", "text"),
)
_PROFILES: Final[Mapping[str, ModelFamily]] = {
    "byom-azure-openai-realtime": "gpt-realtime",
    "byom-azure-openai-chat-completion": "text",
}


def model_family(service: Mapping[str, Any]) -> ModelFamily | None:
    """Return the family of the model in `[service]`; None when its name does not tell, as with the
    name of a deployment."""
    query = query_of(service)
    if AGENT_NAME in query or "agent-id" in query:
        return "agent"
    if (profile := query.get(BYOM_PARAMETER)) is not None:
        return _PROFILES.get(str(profile))
    model = str(service.get("model", "gpt-4o"))
    return next((family for start, family in _FAMILIES if re.match(start, model)), None)
