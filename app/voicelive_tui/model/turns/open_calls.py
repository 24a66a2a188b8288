"""What the assistant called and nobody has answered yet: function calls and requests to approve
one, by the turn that made them.

Calls on MCP servers are none of them: the service runs those by itself (protocol.md 15.7).
"""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.fields import get_str

_ASK: Final = frozenset({"function_call", "mcp_approval_request"})


class OpenCalls:
    """The open calls of each turn. A call has two names: its item's, which an approval uses, and
    its own, for an output."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[int, frozenset[str]]] = {}
        """By either name: the turn of a call, and both names."""
        self._open: dict[int, set[frozenset[str]]] = {}

    def called(self, turn: int, item: Mapping[str, Any]) -> None:
        """Note the call of this item. One that was noted before, or was cut off, is no further
        call."""
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
        """The client sends this item: the turn whose call it answers, if any. A second answer to a
        call changes nothing."""
        name = get_str(item, "approval_request_id") or get_str(item, "call_id")
        turn, names = self._calls.get(name, (None, frozenset()))
        if turn is not None:
            self._open[turn].discard(names)
        return turn

    def count(self, turn: int) -> int:
        """How many calls of this turn are open."""
        return len(self._open.get(turn, ()))
