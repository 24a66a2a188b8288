"""The MCP servers of one session, and their listings: each is an item of the conversation
(protocol.md 15.7).

What is decided about MCP where the documents are silent:

Servers
* A scenario's server stands for every `server_url` under its label. The simulator's own
  (mcp_builtin) has the path /simulator/mcp on any host. There is no other, and nothing is ever sent
  to one. A session or a response has at most 16 (api.tools).

Listing
* After session.updated the servers are listed that are new, or that failed before; other
  `allowed_tools` or another URL make another server. A listing takes LISTING_S, but no response
  waits for one: those under way end when it begins.
* A server that only a response has is listed before its response.created, unless the response
  before had it too; also by a response that itself stays out of the conversation.
* The item has no tools when it is created, and all that are allowed once it is completed. A warning
  after the failure tells the reason. A full conversation takes no servers.

Approval
* A name in both lists of `require_approval` needs it. What stays out of the conversation cannot
  ask, so its response fails.
* A request is answered once, from its announcement on, unless its response was cut. A denied call
  leaves nothing but the answer, of which the next response hears.
* An approved call has a response of its own, which costs nothing and comes when no other runs.
  Until the call is whole it can be cancelled like any other; then it did not run, and is not asked
  for again.

Call
* It runs after response.done, for mcp_calls.CALL_S, if it was whole, even when its response was
  not. Then nothing stops it: no barge-in, no cancelling, nor that its item is deleted or its server
  removed. The client has to ask for what follows.
* A call whose server was removed or changed before it could begin fails (server_removed). Arguments
  have at most 65536 characters and are held against the tool's schema (mcp_arguments).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.effects import EffectQueue
from voicelive_simulator.dialogue.state.items import Item, Items
from voicelive_simulator.dialogue.state.script import McpServer
from voicelive_simulator.dialogue.tools.mcp_catalog import Listing, Offers, ServerCatalog
from voicelive_simulator.dialogue.tools.mcp_server import ListingFailed, server_tools

LISTING_S = 0.2


class Mcp:
    """Writes into items and effects. Tools are those of a checked session or response
    (api.tools)."""

    def __init__(
        self,
        items: Items,
        ids: Ids,
        effects: EffectQueue,
        scripted: Mapping[str, McpServer],
        unix_s: Callable[[], float],
    ) -> None:
        """`scripted` are a scenario's servers by label; `unix_s` is the session's clock for tools
        that tell the time."""
        self._items = items
        self._ids = ids
        self._effects = effects
        self._scripted = scripted
        self._unix_s = unix_s
        self._of_session: dict[object, Listing] = {}
        self._of_response: dict[object, Listing] = {}
        self._running: list[Listing] = []

    @property
    def due_s(self) -> float | None:
        return min(
            (listing.due_s for listing in self._running if listing.due_s is not None), default=None
        )

    def configure(self, tools: Sequence[JSON], now_s: float) -> None:
        """The session's tools were set: lists the servers that are new or changed, or failed
        before; forgets those that went."""
        known, self._of_session = self._of_session, {}
        for key, n, tool in _servers(tools):
            listing = known.pop(key, None)
            if listing is None or (listing.failure and listing.due_s is None):
                listing = self._list(key, tool, f"session.tools[{n}].server_url", now_s)
            self._of_session[key] = listing
        for gone in known.values():
            gone.withdrawn = True

    def offers(self, tools: Sequence[JSON], now_s: float) -> Offers:
        """What a response with these effective tools may call. Servers of its own are listed first,
        but for those of the response before."""
        servers = list(_servers(tools))
        own = {key: (n, tool) for key, n, tool in servers if key not in self._of_session}
        if own:
            known = self._of_response
            self._of_response = {
                key: known.get(key)
                or self._list(key, tool, f"response.tools[{n}].server_url", now_s)
                for key, (n, tool) in own.items()
            }
        if servers:
            self.tick(math.inf)
        return {
            tool["server_label"]: ServerCatalog(
                tool["server_label"],
                self._of_session.get(key) or self._of_response[key],
                tool["require_approval"],
            )
            for key, _, tool in servers
        }

    def _list(self, key: object, tool: JSON, param: str, now_s: float) -> Listing:
        item_id = self._ids.new("item")
        shape = {"id": item_id, "object": "realtime.item", "type": "mcp_list_tools"}
        item = Item({**shape, "server_label": tool["server_label"], "tools": []})
        previous = self._items.add(item)
        self._effects.send(
            {
                "type": "conversation.item.created",
                "previous_item_id": previous,
                "item": item.to_json(),
            }
        )
        self._effects.send({"type": "mcp_list_tools.in_progress", "item_id": item_id})
        allowed, failure = tool.get("allowed_tools"), ""
        try:
            tools = server_tools(tool, self._scripted, self._unix_s)
        except ListingFailed as failed:
            tools, failure = (), str(failed)
        known = {one.name: one for one in tools if allowed is None or one.name in allowed}
        listing = Listing(key, item, known, param, failure, now_s + LISTING_S)
        self._running.append(listing)
        return listing

    def tick(self, now_s: float) -> None:
        """Ends the listings that are due."""
        for listing in [
            one for one in self._running if one.due_s is not None and one.due_s <= now_s
        ]:
            self._running.remove(listing)
            listing.due_s = None
            if self._items.holds(
                listing.item
            ):  # a client that deleted it has no item that an event could name
                self._end(listing)

    def _end(self, listing: Listing) -> None:
        if not listing.failure:
            listing.item.wire["tools"] = [tool.wire() for tool in listing.tools.values()]
        outcome = "failed" if listing.failure else "completed"
        self._effects.send({"type": f"mcp_list_tools.{outcome}", "item_id": listing.item.id})
        if listing.failure:  # mcp_list_tools.failed has no place for a reason
            self._effects.warning(
                listing.failure, code="mcp_list_tools_failed", param=listing.param
            )


def _servers(tools: Sequence[JSON]) -> Iterator[tuple[object, int, JSON]]:
    """The MCP servers among the tools, with their index and what makes a listing another one."""
    for n, tool in enumerate(tools):
        if tool["type"] == "mcp":
            allowed = tool.get("allowed_tools")
            yield (
                (
                    tool["server_label"],
                    tool["server_url"],
                    None if allowed is None else tuple(allowed),
                ),
                n,
                tool,
            )


def names_servers(asked: object) -> bool:
    """Whether a session that was not checked yet may bring MCP servers, and with them items."""
    tools = asked.get("tools") if isinstance(asked, dict) else None
    return isinstance(tools, list) and any(
        isinstance(tool, dict) and tool.get("type") == "mcp" for tool in tools
    )
