"""The tools that a session offers its model: functions of the client, and MCP servers (protocol.md
10)."""

from __future__ import annotations

from collections.abc import Sequence

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    boolean,
    list_of,
    matching,
    nullable,
    object_or,
    one_of,
    record,
    string_map,
    tagged,
    text,
)
from voicelive_simulator.api.tool_schema import parameters

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
            "name": Field(
                matching(r"[A-Za-z0-9_-]{1,64}", "1 to 64 letters, digits, '_' and '-'"),
                required=True,
            ),
            "description": Field(nullable(text())),
            "parameters": Field(nullable(parameters)),
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
    """Check a list of tools. Functions must have different names, and MCP servers different labels,
    because calls and events identify them so."""
    chosen: list[JSON] = list_of(TOOL)(value, param, reading)
    functions: set[str] = set()
    for n, tool in enumerate(chosen):
        if tool["type"] == "function" and tool["name"] in functions:
            raise Refused(
                f"Two functions have the name {quote(tool['name'])}.", param=f"{param}[{n}].name"
            )
        functions.update([tool["name"]] if tool["type"] == "function" else [])
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
