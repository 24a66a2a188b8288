"""Scripts for tests: a list of replies, and a record of the situations."""

from collections.abc import Iterable, Mapping

from voicelive_simulator.dialogue.state.script import Heard, McpServer, Reply, Situation
from voicelive_simulator.sound.measurement import Measurement


class Replies:
    """Returns `replies` one after the other, then None; `asked` lists the situations. The user says
    the texts of `hearing` one after the other, and then `heard` in every turn; `turns` lists the
    turns for which it was asked."""

    def __init__(
        self,
        *replies: Reply | None,
        heard: Heard | None = None,
        hearing: Iterable[Heard | None] = (),
        servers: Iterable[McpServer] = (),
    ) -> None:
        self._replies = list(replies)
        self._heard = heard
        self._hearing = list(hearing)
        self._servers = {server.label: server for server in servers}
        self.asked: list[Situation] = []
        self.turns: list[int] = []

    @property
    def mcp_servers(self) -> Mapping[str, McpServer]:
        return self._servers

    def hears(self, turn: int, measured: Measurement) -> Heard | None:
        self.turns.append(turn)
        return self._hearing.pop(0) if self._hearing else self._heard

    def replies(self, situation: Situation) -> Reply | None:
        self.asked.append(situation)
        return self._replies.pop(0) if self._replies else None


def function(name: str, parameters: object = None) -> dict[str, object]:
    """A tool of the client's."""
    return {
        "type": "function",
        "name": name,
        "parameters": parameters or {"type": "object", "properties": {}},
    }
