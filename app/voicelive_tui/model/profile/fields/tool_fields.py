"""The fields of `[[session.tools]]` and `session.tool_choice`.

Source: protocol.md section 10.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import NOT_EMPTY, Field, TextForm
from voicelive_tui.model.profile.fields.requirement import Requirement

FUNCTION_NAME: Final = TextForm(
    r"[A-Za-z0-9_-]{1,64}", "1 to 64 letters from A to Z, digits, hyphens and underscores"
)
_MCP: Final = Requirement(since="2026-04-10")
_AGENT: Final = Requirement(since="2026-01-01-preview", until="2026-07-15")

_AGENT_FIELDS: Final = (
    Field(
        "session.tools.*.agent_name",
        ("string",),
        "the name of the agent",
        form=NOT_EMPTY,
        variants=("foundry_agent",),
        required=True,
        needs=_AGENT,
    ),
    Field(
        "session.tools.*.project_name",
        ("string",),
        "the Foundry project of the agent",
        form=NOT_EMPTY,
        variants=("foundry_agent",),
        required=True,
        label="project",
        needs=_AGENT,
    ),
    Field(
        "session.tools.*.agent_version",
        ("string",),
        "the version of the agent",
        variants=("foundry_agent",),
        needs=_AGENT,
    ),
    Field(
        "session.tools.*.client_id",
        ("string",),
        "the client id for the agent",
        variants=("foundry_agent",),
        needs=_AGENT,
    ),
    Field(
        "session.tools.*.foundry_resource_override",
        ("string",),
        "the Foundry resource in place of the session's",
        variants=("foundry_agent",),
        label="resource",
        needs=_AGENT,
    ),
    Field(
        "session.tools.*.agent_context_type",
        ("string",),
        "the context that the agent gets: no_context or agent_context",
        variants=("foundry_agent",),
        label="agent context",
        values=("no_context", "agent_context"),
        needs=_AGENT,
    ),
)

TOOL_FIELDS: Final = (
    Field(
        "session.tool_choice",
        ("string", "table"),
        "whether and which tool the model calls",
        values=("auto", "none", "required"),
        defaults={"": "auto"},
    ),
    Field(
        "session.tool_choice.type",
        ("string",),
        "the type of the tool",
        values=("function",),
        required=True,
        label="choice type",
    ),
    Field(
        "session.tool_choice.name",
        ("string",),
        "the name of the tool",
        required=True,
        form=NOT_EMPTY,
        label="choice name",
    ),
    Field("session.tools", ("array",), "the functions and MCP servers", nullable=True),
    Field("session.tools.*", ("table",), "one tool", discriminator="type"),
    Field(
        "session.tools.*.type",
        ("string",),
        "the type of the tool",
        values=("function", "mcp", "foundry_agent"),
        required=True,
        value_needs={"mcp": _MCP, "foundry_agent": _AGENT},
    ),
    Field(
        "session.tools.*.name",
        ("string",),
        "the name of the function",
        form=FUNCTION_NAME,
        variants=("function",),
        required=True,
    ),
    Field(
        "session.tools.*.description",
        ("string",),
        "the description of the tool for the model",
        variants=("function", "foundry_agent"),
    ),
    Field(
        "session.tools.*.parameters",
        ("map",),
        "the JSON schema of the arguments",
        variants=("function",),
    ),
    Field(
        "session.tools.*.server_label",
        ("string",),
        "the name of the MCP server",
        form=NOT_EMPTY,
        variants=("mcp",),
        required=True,
        needs=_MCP,
    ),
    Field(
        "session.tools.*.server_url",
        ("string",),
        "the address of the MCP server",
        form=NOT_EMPTY,
        variants=("mcp",),
        required=True,
        needs=_MCP,
    ),
    Field(
        "session.tools.*.authorization",
        ("string",),
        "the token for the MCP server",
        variants=("mcp",),
        needs=_MCP,
    ),
    Field(
        "session.tools.*.headers",
        ("map",),
        "further headers for the MCP server",
        texts=True,
        variants=("mcp",),
        needs=_MCP,
    ),
    Field(
        "session.tools.*.allowed_tools",
        ("strings",),
        "the tools of the MCP server that may be used",
        form=NOT_EMPTY,
        variants=("mcp",),
        needs=_MCP,
    ),
    Field(
        "session.tools.*.require_approval",
        ("string", "map"),
        "whether a call needs approval",
        values=("never", "always"),
        variants=("mcp",),
        label="approval",
        defaults={"": "always"},
        needs=_MCP,
    ),
    *_AGENT_FIELDS,
    Field(
        "session.tools.*.return_agent_response_directly",
        ("boolean",),
        "whether the agent's answer is used without rewording",
        variants=("foundry_agent",),
        label="direct answer",
        needs=_AGENT,
    ),
)
