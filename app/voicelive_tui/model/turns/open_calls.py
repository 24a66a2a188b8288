"""The open calls of each turn: function calls and approval requests of the assistant that have no
answer yet.

Calls on MCP servers are not included, because the service runs them itself (protocol.md 15.7).
"""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.fields import get_str

_ASK: Final = frozenset({"function_call", "mcp_approval_request"})


class OpenCalls:
    """The open calls of each turn. A call has two ids: that of its item, which an approval uses,
    and its call id, which an output uses."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[int, frozenset[str]]] = {}
        """The turn of each call and both its ids, by either id."""
        self._open: dict[int, set[frozenset[str]]] = {}

    def called(self, turn: int, item: Mapping[str, Any]) -> None:
        """Note the call in this item. A known call or one that was cut off is ignored."""
        names = frozenset(name for name in (get_str(item, "id"), get_str(item, "call_id")) if name)
        if (
            get_str(item, "type") not in _ASK
            or get_str(item, "status") == "incomplete"
            or not names
            or names & self._calls.keys()
        ):
            return
        self._calls.update(dict.fromkeys(names, (turn, names)))
        self._open.setdefault(turn, set()).add(names)

    def answered(self, item: Mapping[str, Any]) -> int | None:
        """Note an item that the client sent. Return the turn whose call it answers; None when it
        answers none. A second answer to a call changes nothing."""
        name = get_str(item, "approval_request_id") or get_str(item, "call_id")
        turn, names = self._calls.get(name, (None, frozenset()))
        if turn is not None:
            self._open[turn].discard(names)
        return turn

    def count(self, turn: int) -> int:
        """Return how many calls of this turn are open."""
        return len(self._open.get(turn, ()))
