"""The MCP servers of one session, and their listings: each is an item of the conversation
(protocol.md 15.7).

The decisions about MCP where the documents are silent:

Servers

* A scenario's server stands for every `server_url` with its label. The simulator's own server
  (mcp_builtin) has the path /simulator/mcp on any host. There are no others, and nothing is ever
  sent to a server. A session or a response has at most 16 (api.tools).

Listing

* After session.updated, servers that are new or that failed before are listed; a server with other
  `allowed_tools` or another URL counts as new. A listing takes LISTING_S, but no response waits for
  one: listings under way end when a response begins.
* A server that only a response has is listed before its response.created, unless the response
  before had it too. This holds for out-of-band responses too.
* The item has no tools when it is created, and all allowed ones once it is completed. A failure is
  followed by a warning with the reason. A full conversation accepts no servers.

Approval

* A name in both lists of `require_approval` needs approval. An out-of-band response cannot ask for
  approval, so it fails.
* A request can be answered once, from its announcement on, unless its response was cut off. A
  denied call leaves only the denial, which the next response takes into account.
* An approved call has a response of its own, which costs no tokens and begins when no other is
  running. Until its arguments are complete it can be cancelled like any other; then it does not
  run, and approval is not requested again.

Call

* A complete call runs after response.done, for mcp_calls.CALL_S, even when its response did not
  complete. Nothing stops it then: neither barge-in nor cancelling, nor deleting its item, nor
  removing its server. The client has to create the response that follows.
* A call whose server was removed or changed before it could begin fails (server_removed). Arguments
  have at most 65536 characters and are checked against the tool's schema (mcp_arguments).
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
    """Lists MCP servers: adds their items and sends their events. Tools are those of a checked
    session or response (api.tools)."""

    def __init__(
        self,
        items: Items,
        ids: Ids,
        effects: EffectQueue,
        scripted: Mapping[str, McpServer],
        unix_s: Callable[[], float],
    ) -> None:
        """scripted: a scenario's servers by label. unix_s: the session's clock, for tools that
        return the time."""
        self._items = items
        self._ids = ids
        self._effects = effects
        self._scripted = scripted
        self._unix_s = unix_s
        self._session_listings: dict[object, Listing] = {}
        self._response_listings: dict[object, Listing] = {}
        self._running: list[Listing] = []

    @property
    def due_s(self) -> float | None:
        return min(
            (listing.due_s for listing in self._running if listing.due_s is not None), default=None
        )

    def configure(self, tools: Sequence[JSON], now_s: float) -> None:
        """Adopt the session's tools: list the servers that are new or changed, or that failed
        before; drop those that are gone."""
        known, self._session_listings = self._session_listings, {}
        for key, n, tool in _servers(tools):
            listing = known.pop(key, None)
            if listing is None or (listing.failure and listing.due_s is None):
                listing = self._list(key, tool, f"session.tools[{n}].server_url", now_s)
            self._session_listings[key] = listing
        for removed in known.values():
            removed.withdrawn = True

    def offers(self, tools: Sequence[JSON], now_s: float) -> Offers:
        """The catalogues of the servers that a response with these effective tools may call.
        Servers that only the response has are listed first, except those of the previous
        response."""
        servers = list(_servers(tools))
        response_only = {
            key: (n, tool) for key, n, tool in servers if key not in self._session_listings
        }
        if response_only:
            known = self._response_listings
            self._response_listings = {
                key: known.get(key)
                or self._list(key, tool, f"response.tools[{n}].server_url", now_s)
                for key, (n, tool) in response_only.items()
            }
        if servers:
            self.tick(math.inf)
        return {
            tool["server_label"]: ServerCatalog(
                tool["server_label"],
                self._session_listings.get(key) or self._response_listings[key],
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
        """End the listings that are due."""
        for listing in [
            candidate
            for candidate in self._running
            if candidate.due_s is not None and candidate.due_s <= now_s
        ]:
            self._running.remove(listing)
            listing.due_s = None
            # If the client has deleted the item, an event cannot name it.
            if self._items.holds(listing.item):
                self._end(listing)

    def _end(self, listing: Listing) -> None:
        if not listing.failure:
            listing.item.wire["tools"] = [tool.to_json() for tool in listing.tools.values()]
        outcome = "failed" if listing.failure else "completed"
        self._effects.send({"type": f"mcp_list_tools.{outcome}", "item_id": listing.item.id})
        if listing.failure:  # mcp_list_tools.failed has no field for a reason
            self._effects.warning(
                listing.failure, code="mcp_list_tools_failed", param=listing.param
            )


def _servers(tools: Sequence[JSON]) -> Iterator[tuple[object, int, JSON]]:
    """The MCP servers among the tools: the key that identifies the listing, the index, and the
    tool."""
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


def may_add_servers(session: object) -> bool:
    """Whether a session object that was not checked yet may contain MCP servers, each of which adds
    an item."""
    tools = session.get("tools") if isinstance(session, dict) else None
    return isinstance(tools, list) and any(
        isinstance(tool, dict) and tool.get("type") == "mcp" for tool in tools
    )
