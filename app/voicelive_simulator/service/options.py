"""The options with which a simulator is started."""

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
    """The options of a simulator.

    `key` is the only credential accepted, "" for any; `token` opens the control path, "" for none;
    `session_minutes` is the time until a session is closed with 1001; `close_timeout_s` is how long
    a client may take for its part of the closing handshake; `faults` are armed at the start in
    addition to the scenario's; `factor` stretches a replay; `allowed_hosts` are accepted in a Host
    header beside the simulator's own, `allowed_origins` (spelled as by `read_origin`) in an Origin
    header.
    """

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
        """The scenario's faults, then those of the command line."""
        return (*(self.scenario.faults if self.scenario else ()), *self.faults)
