"""What the agent called and nobody has answered yet: function calls and requests to approve one, by the turn that made them.

Calls on MCP servers are none of them: the service runs those by itself (protocol.md 15.7).
"""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.lenient import text

_ASK: Final = frozenset({"function_call", "mcp_approval_request"})


class OpenCalls:
    """The turn of each open call. A call has two names: its item's, which an approval uses, and its own, which an output uses."""

    def __init__(self) -> None:
        self._turns: dict[str, int] = {}
        self._open: dict[int, int] = {}

    def called(self, turn: int, item: Mapping[str, Any]) -> None:
        """An item of a turn: a call that is told of again, or was cut off, is no further one."""
        names = {name for name in (text(item, "id"), text(item, "call_id")) if name}
        if text(item, "type") not in _ASK or text(item, "status") == "incomplete" or not names or names & self._turns.keys():
            return
        self._turns.update(dict.fromkeys(names, turn))
        self._open[turn] = self.count(turn) + 1

    def answered(self, item: Mapping[str, Any]) -> int | None:
        """The client sends this item: the turn whose call it answers, if any."""
        name = text(item, "approval_request_id") or text(item, "call_id")
        turn = self._turns.get(name)
        if turn is not None and self.count(turn):
            self._open[turn] -= 1
        return turn

    def count(self, turn: int) -> int:
        """How many calls of this turn are open."""
        return self._open.get(turn, 0)
