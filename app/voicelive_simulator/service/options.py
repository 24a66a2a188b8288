"""What a simulator is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicelive_common.addresses import Authority

from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.service.tls import Tls

if TYPE_CHECKING:
    from voicelive_simulator.replay.recording import Recording
    from voicelive_simulator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Options:
    """`key` is the only credential taken, or "" for any; `token` opens the control path, or "" for
    none; `session_minutes` until a session is closed with 1001; `close_timeout_s` is how long a
    client may take for its part of the end, so that one that hangs holds nothing up; `faults` are
    armed from the start beside the scenario's; `factor` stretches a replay; `allowed_hosts` are
    accepted in a Host header beside the simulator's own, `allowed_origins` (as `read_origin` spells
    them) in an Origin header."""

    host: str = "127.0.0.1"
    port: int = 0
    key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    session_minutes: float = 60.0
    close_timeout_s: float = 2.0
    log: bool = False
    scenario: Scenario | None = None
    replay: Recording | None = None
    factor: float = 1.0
    faults: tuple[Fault, ...] = ()
    tls: Tls | None = None
    allowed_hosts: tuple[Authority, ...] = ()
    allowed_origins: tuple[str, ...] = ()

    @property
    def first_faults(self) -> tuple[Fault, ...]:
        """The scenario's, then those of the command line."""
        return (*(self.scenario.faults if self.scenario else ()), *self.faults)
