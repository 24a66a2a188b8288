"""What a response may call on MCP servers: the listed tools, which of them ask for approval, and
whether they are still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voicelive_simulator.api.schema import JSON, Refused, quote
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.tools.mcp_tool import Tool


@dataclass(slots=True, eq=False)
class Listing:
    """One server's tools as they were listed once; `item` shows them. `failure` says why there are
    none, `due_s` when the listing is over (None: it is), `withdrawn` that the session has the
    server no longer, or not as it was."""

    key: object
    item: Item
    tools: Mapping[str, Tool]
    param: str
    failure: str = ""
    due_s: float | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool of a server's listing, and whether a call of it needs the client's approval first."""

    listing: Listing
    tool: Tool
    asks: bool

    def call(self, arguments: str) -> JSON:
        """The result as fields of the mcp_call item; an error when the session has the server no
        longer."""
        if self.listing.withdrawn:
            message = (
                "The session's tools have changed and its server is not among them as it "
                "was, so the call did not run."
            )
            return {
                "output": None,
                "error": {"type": "server_error", "code": "server_removed", "message": message},
            }
        return self.tool.call(arguments)


@dataclass(frozen=True, slots=True)
class ServerCatalog:
    """A server that a response may use; `approval` is the tool's `require_approval`."""

    label: str
    listing: Listing
    approval: object = "always"

    def target(self, name: str) -> ListedTool:
        """Raises Refused for a tool that was not listed: a model cannot call what it was not told
        of."""
        tool = self.listing.tools.get(name)
        if tool is None:
            why = (
                f": {self.listing.failure}"
                if self.listing.failure
                else " among those that it listed and the client allows."
            )
            message = f"The MCP server {quote(self.label)} has no tool {quote(name)}{why}"
            raise Refused(message, code="tool_not_offered")
        return ListedTool(self.listing, tool, needs_approval(self.approval, name))


Offers = Mapping[str, ServerCatalog]  # by server_label


def needs_approval(rule: object, name: str) -> bool:
    """`require_approval` (protocol.md 10): "always", "never", or lists of names. What is in no
    list, or in both, needs it."""
    if isinstance(rule, dict):
        return name in (rule.get("always") or ()) or name not in (rule.get("never") or ())
    return rule != "never"
