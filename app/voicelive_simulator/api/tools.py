"""The tools that a session offers its model: functions of the client, and MCP servers (protocol.md
10)."""

from __future__ import annotations

from collections.abc import Sequence

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    anything,
    boolean,
    list_of,
    nullable,
    object_or,
    one_of,
    record,
    string_map,
    tagged,
    text,
)

HIDDEN = "[hidden]"
MOST_SERVERS = 16  # MCP servers of one session or response
_NAMES = list_of(text(least=1))


def redact_secret(value: object, param: str, reading: Reading) -> str:
    """Check a secret and discard it: the server is never called, so the session shows HIDDEN
    instead."""
    text()(value, param, reading)
    return HIDDEN


def redacted_values(value: object, param: str, reading: Reading) -> dict[str, str]:
    return dict.fromkeys(string_map()(value, param, reading), HIDDEN)


TOOL = tagged(
    "type",
    {
        "function": {
            "name": Field(text(least=1, most=64), required=True),
            "description": Field(nullable(text())),
            "parameters": Field(anything),
        },
        "mcp": {
            "server_label": Field(text(least=1), required=True),
            "server_url": Field(text(least=1), required=True),
            "authorization": Field(nullable(redact_secret)),
            "headers": Field(nullable(redacted_values)),
            "allowed_tools": Field(nullable(_NAMES)),
            "require_approval": Field(
                object_or(
                    record({"always": Field(_NAMES), "never": Field(_NAMES)}),
                    one_of("never", "always"),
                ),
                "always",
                shown=True,
            ),
        },
        "foundry_agent": {
            "agent_name": Field(text(least=1), required=True),
            "project_name": Field(text(least=1), required=True),
            "agent_version": Field(nullable(text())),
            "client_id": Field(nullable(text())),
            "description": Field(nullable(text())),
            "foundry_resource_override": Field(nullable(text())),
            "agent_context_type": Field(nullable(one_of("no_context", "agent_context"))),
            "return_agent_response_directly": Field(nullable(boolean)),
        },
    },
    versions={"mcp": ("2026-04-10", "9999"), "foundry_agent": ("2026-01-01", "2026-07-31")},
)
# One example in the documents passes a bare function name.
TOOL_CHOICE = object_or(
    tagged("type", {"function": {"name": Field(text(least=1), required=True)}}), text(least=1)
)


def tools(value: object, param: str, reading: Reading) -> list[JSON]:
    """Check a list of tools. MCP servers must have different labels, because their events identify
    a server by its label."""
    chosen: list[JSON] = list_of(TOOL)(value, param, reading)
    labels: set[str] = set()
    for n, tool in enumerate(chosen):
        label = tool.get("server_label")
        if label in labels:
            raise Refused(
                f"Two MCP servers have the label {quote(label)}.",
                param=f"{param}[{n}].server_label",
            )
        labels.update([label] if label else [])
    if len(labels) > MOST_SERVERS:
        raise Refused(
            f"The simulator takes at most {MOST_SERVERS} MCP servers, not {len(labels)}.",
            param=param,
        )
    return chosen


def refuse_unknown_choice(choice: object, offered: Sequence[JSON], param: str) -> None:
    """Raise Refused for a valid tool_choice that names none of the `offered` tools."""
    name = choice.get("name") if isinstance(choice, dict) else choice
    if choice in (None, "auto", "none", "required") or any(
        tool.get("name") == name for tool in offered
    ):
        return
    raise Refused(
        f"Tool choice {quote(name)} is not among the tools. Name one of them, or auto, none or "
        "required.",
        param=param,
    )
