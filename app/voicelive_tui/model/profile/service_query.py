"""The query parameters that a `[service]` table means (protocol.md sections 1.1 and 16)."""

from collections.abc import Mapping
from typing import Any, Final

AGENT_NAME: Final = "agent-name"
AGENT_PROJECT: Final = "agent-project-name"
AGENTS_SINCE: Final = "2026-01-01-preview"
"""The first API version with agents by name."""
AGENT_PARAMETERS: Final[Mapping[str, str]] = {
    "name": AGENT_NAME,
    "project": AGENT_PROJECT,
    "version": "agent-version",
    "conversation_id": "conversation-id",
    "client_id": "agent-authentication-identity-client-id",
    "resource": "foundry-resource-override",
}
"""The query parameter of each key of `[service.agent]`."""
BYOM_PARAMETER: Final = "profile"
BYOM_PROFILES: Final = ("byom-azure-openai-realtime", "byom-azure-openai-chat-completion")


def query_of(service: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query parameters of a service table: those of its agent, its bring-your-own-model
    and its `query`, of which the last one wins."""
    agent, query = service.get("agent"), service.get("query")
    parameters: dict[str, Any] = {}
    if isinstance(agent, Mapping):
        parameters |= {
            parameter: agent[key] for key, parameter in AGENT_PARAMETERS.items() if agent.get(key)
        }
    if service.get("byom"):
        parameters[BYOM_PARAMETER] = service["byom"]
    return parameters | (dict(query) if isinstance(query, Mapping) else {})


def talks_to_agent(service: Mapping[str, Any]) -> bool:
    """Whether an agent is in place of a model."""
    return AGENT_NAME in query_of(service)
