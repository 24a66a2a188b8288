"""A scenario as a value: what every session of a simulator hears, says and does."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from voicelive_simulator.api.ids import Ids
from voicelive_simulator.dialogue.state.script import McpServer
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.scenario.entry import ScriptedReply, ScriptedTurn


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario. `clock` (unix seconds) is when every session begins; `voice` is "tone", "espeak"
    or "" for the best one on this machine; `faults` are armed when the server starts; `unmatched`
    sets the pacing of the sound check for turns that no entry matches, None for the default."""

    name: str
    description: str = ""
    seed: int | None = None
    clock: int | None = None
    voice: str = ""
    entries: tuple[ScriptedTurn, ...] = ()
    mcp_servers: Mapping[str, McpServer] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    unmatched: ScriptedReply | None = None

    def ids(self, session_number: int) -> Ids:
        """The maker of the session's identifiers, which are the same in every run when there is a
        seed."""
        return Ids(
            None if self.seed is None else self.random(f"{session_number}:ids").getrandbits(64)
        )

    def random(self, purpose: str) -> random.Random:
        """A generator for one purpose, the same in every run when there is a seed."""
        return random.Random() if self.seed is None else random.Random(f"{self.seed}:{purpose}")
