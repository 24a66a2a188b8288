"""The rules of agents, in `[service.agent]` or in the query, and of `byom`: an existing agent, or a
model of one's own, in place of one of the service's (protocol.md sections 1.1 and 16)."""

from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_tui.model.profile.rules.finding import Finding, refused
from voicelive_tui.model.profile.service_query import (
    AGENT_NAME,
    AGENT_PARAMETERS,
    AGENT_PROJECT,
    AGENTS_SINCE,
    BYOM_PARAMETER,
    query_of,
)


def check_agent(service: Mapping[str, Any], api_version: str) -> Iterator[Finding]:
    """Check that the agent is named in full, once, and with a version of the API and a sign-in that
    agents take."""
    agent, query = service.get("agent", {}), service.get("query", {})
    key = "service.agent" if agent else f"service.query.{AGENT_NAME}"
    yield from _check_table(agent, query) if agent else _check_query(query)
    if agent or {AGENT_NAME, AGENT_PROJECT} & query_of(service).keys():
        yield from _check_access(service, key, api_version)
    if service.get("byom") and (agent or AGENT_NAME in query):
        yield refused(
            "service.byom",
            "an agent brings its own model, so there is none to bring beside it",
            "remove `byom`, or the agent",
        )
    if service.get("byom") and BYOM_PARAMETER in query:
        yield _twice("service.byom", BYOM_PARAMETER)


def _check_table(agent: Mapping[str, Any], query: Mapping[str, Any]) -> Iterator[Finding]:
    for name, example in (("name", "the name of the agent"), ("project", "its Foundry project")):
        if not str(agent.get(name, "")).strip():
            yield refused(
                "service.agent",
                f"`[service.agent]` needs `{name}`",
                f"{example}, as the Foundry portal shows it",
            )
    for key, parameter in AGENT_PARAMETERS.items():
        if agent.get(key) and parameter in query:
            yield _twice(f"service.agent.{key}", parameter)


def _check_query(query: Mapping[str, Any]) -> Iterator[Finding]:
    for name, other in ((AGENT_NAME, AGENT_PROJECT), (AGENT_PROJECT, AGENT_NAME)):
        if query.get(name) and not query.get(other):
            message = f"`{name}` needs `{other}` beside it"
            yield refused(f"service.query.{name}", message, f"add `{other}` to [service.query]")


def _check_access(service: Mapping[str, Any], key: str, api_version: str) -> Iterator[Finding]:
    """Check that the service has agents and takes the sign-in. key: where the agent is named."""
    if api_version < AGENTS_SINCE:
        yield refused(
            key,
            f"agents by name exist from {AGENTS_SINCE}, not in {api_version}",
            "set a newer `api_version` in [service]",
        )
    if service.get("auth") == "key":
        yield refused(
            "service.auth",
            "an agent takes a sign-in with Microsoft Entra only, and no key",
            'write auth = "entra"',
        )


def _twice(key: str, parameter: str) -> Finding:
    return Finding(
        key,
        "warning",
        f"`{key}` and `service.query.{parameter}` say the same, and the query wins",
        "remove one of both",
    )
