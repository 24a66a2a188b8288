"""The rules of `[service.agent]` and of `byom`: an existing agent, or a model of one's own, in
place of one of the service's (protocol.md sections 1.1 and 16)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.profile.rules.finding import Finding, refused
from voicelive_tui.model.profile.service_query import (
    AGENT_NAME,
    AGENT_PARAMETERS,
    BYOM_PARAMETER,
)

_FIRST_AGENTS: Final = "2026-01-01-preview"


def check_agent(service: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that the agent is named in full, once, and with a sign-in that agents take."""
    agent, query = service.get("agent", {}), service.get("query", {})
    if agent:
        yield from _check_table(agent, query)
        version = service.get("api_version", "")
        if version and version < _FIRST_AGENTS:
            yield refused(
                "service.agent",
                f"agents by name exist from {_FIRST_AGENTS}, not in {version}",
                "set a newer `api_version` in [service]",
            )
        if service.get("auth") == "key":
            yield refused(
                "service.auth",
                "an agent takes a sign-in with Microsoft Entra only, and no key",
                'write auth = "entra"',
            )
    if service.get("byom") and (agent or AGENT_NAME in query):
        yield Finding(
            "service.byom",
            "error",
            "an agent brings its own model, so there is none to bring beside it",
            "remove `byom`, or the agent",
        )
    if service.get("byom") and BYOM_PARAMETER in query:
        yield _twice("service.byom", BYOM_PARAMETER)


def _check_table(agent: Mapping[str, Any], query: Mapping[str, Any]) -> Iterator[Finding]:
    for name, example in (("name", "the name of the agent"), ("project", "its Foundry project")):
        if not str(agent.get(name, "")).strip():
            yield Finding(
                "service.agent",
                "error",
                f"`[service.agent]` needs `{name}`",
                f"{example}, as the Foundry portal shows it",
            )
    for key, parameter in AGENT_PARAMETERS.items():
        if agent.get(key) and parameter in query:
            yield _twice(f"service.agent.{key}", parameter)


def _twice(key: str, parameter: str) -> Finding:
    return Finding(
        key,
        "warning",
        f"`{key}` and `service.query.{parameter}` say the same, and the query wins",
        "remove one of both",
    )
