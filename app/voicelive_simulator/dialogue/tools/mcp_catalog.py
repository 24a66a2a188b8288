"""The tools on MCP servers that a response may call: the listed ones, which of them need approval,
and whether they still exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.tools.mcp_tool import Tool


@dataclass(slots=True, eq=False)
class Listing:
    """The tools of one server as they were listed, and the `item` that shows them.

    `failure` is the reason when there are none, `due_s` when the listing ends (None: it has ended).
    `withdrawn` is set once the session no longer has the server, or has it with other settings.
    """

    key: object
    item: Item
    tools: Mapping[str, Tool]
    param: str
    failure: str = ""
    due_s: float | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool in a server's listing, and whether a call of it needs the client's approval first."""

    listing: Listing
    tool: Tool
    needs_approval: bool

    def call(self, arguments: str) -> JSON:
        """Call the tool; return the result as fields of the mcp_call item. The result is an error
        when the session no longer has the server."""
        if self.listing.withdrawn:
            message = (
                "The session's tools have changed: its server was removed or has other "
                "settings, so the call did not run."
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
        """The listed tool of this name. Raises Refused for any other: a model cannot call a tool
        that it was not given."""
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
    """Whether a tool needs approval under `require_approval` (protocol.md 10), which is "always",
    "never", or two lists of names. A name in neither list, or in both, needs it."""
    if isinstance(rule, dict):
        return name in (rule.get("always") or ()) or name not in (rule.get("never") or ())
    return rule != "never"
