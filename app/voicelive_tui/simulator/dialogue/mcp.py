"""The MCP servers of one session: each is listed once, as an item of the conversation, and its tools can be called from then on
(protocol.md 15.7).

A listing begins after session.updated, or with the response.create that brings the server, and takes LISTING_S; when a response
begins it is over at once, so that the response has all tools.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.api.schema import JSON
from voicelive_tui.simulator.dialogue.items import Item, Items
from voicelive_tui.simulator.dialogue.mcp_offer import Listing, Offered, Offers
from voicelive_tui.simulator.dialogue.mcp_server import ListingFailed, server_tools
from voicelive_tui.simulator.dialogue.outbox import Outbox
from voicelive_tui.simulator.dialogue.script import McpServer

LISTING_S = 0.2


class Mcp:
    """Writes into items and outbox. Tools are those of a checked session or response (api.tools)."""

    def __init__(
        self, items: Items, ids: Ids, outbox: Outbox, scripted: Mapping[str, McpServer], unix_s: Callable[[], float]
    ) -> None:
        """`scripted` are a scenario's servers by label; `unix_s` is the session's clock for tools that tell the time."""
        self._items = items
        self._ids = ids
        self._outbox = outbox
        self._scripted = scripted
        self._unix_s = unix_s
        self._of_session: dict[object, Listing] = {}
        self._of_response: dict[object, Listing] = {}
        self._running: list[Listing] = []

    @property
    def due_s(self) -> float | None:
        return min((listing.due_s for listing in self._running if listing.due_s is not None), default=None)

    def configure(self, tools: Sequence[JSON], now_s: float) -> None:
        """The session's tools were set: lists the servers that are new or changed, or failed before; forgets those that went."""
        known, self._of_session = self._of_session, {}
        for key, n, tool in _servers(tools):
            listing = known.pop(key, None)
            if listing is None or (listing.failure and listing.due_s is None):
                listing = self._list(key, tool, f"session.tools[{n}].server_url", now_s)
            self._of_session[key] = listing
        for gone in known.values():
            gone.withdrawn = True

    def offers(self, tools: Sequence[JSON], now_s: float) -> Offers:
        """What a response with these effective tools may call. Servers of its own are listed first, but for those of the response
        before."""
        servers = list(_servers(tools))
        own = {key: (n, tool) for key, n, tool in servers if key not in self._of_session}
        if own:
            known = self._of_response
            self._of_response = {
                key: known.get(key) or self._list(key, tool, f"response.tools[{n}].server_url", now_s)
                for key, (n, tool) in own.items()
            }
        if servers:
            self.tick(math.inf)
        return {
            tool["server_label"]: Offered(
                tool["server_label"], self._of_session.get(key) or self._of_response[key], tool["require_approval"]
            )
            for key, _, tool in servers
        }

    def _list(self, key: object, tool: JSON, param: str, now_s: float) -> Listing:
        item_id = self._ids.new("item")
        shape = {"id": item_id, "object": "realtime.item", "type": "mcp_list_tools"}
        item = Item({**shape, "server_label": tool["server_label"], "tools": []})
        previous = self._items.add(item)
        self._outbox.send({"type": "conversation.item.created", "previous_item_id": previous, "item": item.shown()})
        self._outbox.send({"type": "mcp_list_tools.in_progress", "item_id": item_id})
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
        for listing in [one for one in self._running if one.due_s is not None and one.due_s <= now_s]:
            self._running.remove(listing)
            listing.due_s = None
            if self._items.holds(listing.item):  # a client that deleted it has no item that an event could name
                self._end(listing)

    def _end(self, listing: Listing) -> None:
        if not listing.failure:
            listing.item.wire["tools"] = [tool.wire() for tool in listing.tools.values()]
        outcome = "failed" if listing.failure else "completed"
        self._outbox.send({"type": f"mcp_list_tools.{outcome}", "item_id": listing.item.id})
        if listing.failure:  # mcp_list_tools.failed has no place for a reason
            warning = {"message": listing.failure, "code": "mcp_list_tools_failed", "param": listing.param}
            self._outbox.send({"type": "warning", "warning": warning})


def _servers(tools: Sequence[JSON]) -> Iterator[tuple[object, int, JSON]]:
    """The MCP servers among the tools, with their index and what makes a listing another one."""
    for n, tool in enumerate(tools):
        if tool["type"] == "mcp":
            allowed = tool.get("allowed_tools")
            yield (tool["server_label"], tool["server_url"], None if allowed is None else tuple(allowed)), n, tool


def names_servers(asked: object) -> bool:
    """Whether a session that was not checked yet may bring MCP servers, and with them items."""
    tools = asked.get("tools") if isinstance(asked, dict) else None
    return isinstance(tools, list) and any(isinstance(tool, dict) and tool.get("type") == "mcp" for tool in tools)
