"""The MCP servers that exist in the simulator: its own, and a scenario's. It never contacts the
network (protocol.md 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from voicelive_simulator.api.errors import quote
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.script import McpServer, McpTool
from voicelive_simulator.dialogue.tools.mcp_builtin import BUILTIN_PATH, builtin_tools
from voicelive_simulator.dialogue.tools.mcp_tool import Tool, ToolFailed


class ListingFailed(Exception):
    """The tools of a server cannot be listed; the message is a sentence with the reason."""


def server_tools(
    server: JSON, scripted: Mapping[str, McpServer], unix_s: Callable[[], float]
) -> Sequence[Tool]:
    """All tools of the server that a session's `mcp` tool names: a scenario's by `server_label`,
    the simulator's own by the path of `server_url` (BUILTIN_PATH, on any host). Raises
    ListingFailed for any other server, and for one whose listing fails in the scenario."""
    label = server["server_label"]
    if label in scripted:
        if scripted[label].error:
            raise ListingFailed(scripted[label].error)
        return [_scripted(tool) for tool in scripted[label].tools]
    if is_builtin(server["server_url"]):
        return builtin_tools(unix_s)
    raise ListingFailed(
        f"The simulator calls no server on the network, so the tools of {quote(label)} are not "
        "listed: give the scenario an "
        "[[mcp_server]] with this label, or use the simulator's own server, whose server_url has "
        f"the path {BUILTIN_PATH}."
    )


def is_builtin(server_url: str) -> bool:
    try:
        return urlsplit(server_url).path.rstrip("/") == BUILTIN_PATH
    except ValueError:
        return False


def _scripted(tool: McpTool) -> Tool:
    def run(_: JSON) -> str:
        if tool.error:
            raise ToolFailed(tool.error)
        return tool.output

    return Tool(tool.name, tool.description, tool.input_schema, run)
