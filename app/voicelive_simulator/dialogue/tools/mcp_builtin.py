"""The simulator's own MCP server: tools that really compute, so that a client can check the
results.

A session reaches it with any `server_url` whose path is BUILTIN_PATH, such as
http://127.0.0.1:8765/simulator/mcp; nothing is sent there. Every output is a JSON object.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.tools.mcp_tool import Tool, ToolFailed

BUILTIN_PATH = "/simulator/mcp"
_READ_ONLY: Mapping[str, object] = {"readOnlyHint": True, "openWorldHint": False}


def builtin_tools(unix_s: Callable[[], float]) -> tuple[Tool, ...]:
    """The server's tools. `unix_s` returns the session's time in unix seconds."""

    def clock(_: JSON) -> str:
        now = datetime.fromtimestamp(int(unix_s()), UTC)
        return json.dumps(
            {"time": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "unix": int(now.timestamp())}
        )

    number, message = {"type": "number"}, {"type": "string", "maxLength": 1000}
    return (
        Tool("add", "Adds two numbers", _object_schema(a=number, b=number), _add, _READ_ONLY),
        Tool(
            "word_count",
            "Counts the words and characters of a text",
            _object_schema(text={"type": "string"}),
            _count,
            _READ_ONLY,
        ),
        Tool("clock", "Tells the time in UTC", _object_schema(), clock, _READ_ONLY),
        Tool(
            "fail",
            "Fails with the message that it is given",
            _object_schema(message=message),
            _fail,
            _READ_ONLY,
        ),
    )


def _object_schema(**properties: JSON) -> JSON:
    shape: JSON = {"type": "object", "properties": properties, "required": list(properties)}
    return {**shape, "additionalProperties": False}


def _add(arguments: JSON) -> str:
    try:
        return json.dumps({"sum": arguments["a"] + arguments["b"]}, allow_nan=False)
    # Infinite, or an integer with more digits than Python converts to text.
    except (OverflowError, ValueError):
        raise ToolFailed("The sum is too large to be written.") from None


def _count(arguments: JSON) -> str:
    text = arguments["text"]
    return json.dumps({"words": len(text.split()), "characters": len(text)})


def _fail(arguments: JSON) -> str:
    raise ToolFailed(arguments["message"])
