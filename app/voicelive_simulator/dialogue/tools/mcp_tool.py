"""A tool of an MCP server: its entry in the listing, and what it does when it is called
(protocol.md 13.4, MCPTool)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.tools.mcp_arguments import WrongArguments, read_arguments

INVALID_PARAMS = -32602  # the JSON-RPC code of MCP servers for bad arguments


class ToolFailed(Exception):
    """A tool that was called has failed; the message is its error message."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `run` takes arguments that fit `input_schema` and returns the output, or raises
    ToolFailed."""

    name: str
    description: str
    input_schema: JSON
    run: Callable[[JSON], str]
    annotations: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> JSON:
        shown: JSON = {
            "name": self.name,
            "description": self.description,
            "input_schema": self.input_schema,
        }
        return {**shown, "annotations": dict(self.annotations)} if self.annotations else shown

    def call(self, arguments: str) -> JSON:
        """Call the tool; return the result as fields of the mcp_call item, in OpenAI's form:
        `output`, a text, or `error`."""
        try:
            return {"output": self.run(read_arguments(arguments, self.input_schema)), "error": None}
        except WrongArguments as wrong:
            error = {
                "type": "protocol_error",
                "code": INVALID_PARAMS,
                "message": f"Invalid arguments for {self.name}: {wrong}",
            }
        except ToolFailed as failed:
            error = {"type": "tool_execution_error", "message": str(failed)}
        return {"output": None, "error": error}
