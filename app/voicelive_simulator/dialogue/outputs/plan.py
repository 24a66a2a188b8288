"""What a response is going to say and call, decided before its first event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import Call, Outcome, Pacing
from voicelive_simulator.dialogue.state.usage import InputTokens


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """What a response says ("" for nothing) and then calls, and how it ends.

    `echoed` are its effective parameters. `targets` are the tools of the MCP calls among `calls`;
    `approved` is the id of the approval request that the client approved.
    """

    text: str
    speaks: bool
    output_audio_format: str
    echoed: JSON
    calls: tuple[Call, ...] = ()
    targets: Mapping[Call, Target] = field(default_factory=dict)
    approved: str = ""
    timestamps: bool = False
    visemes: bool = False
    out_of_band: bool = False
    max_tokens: int | None = None
    pacing: Pacing = field(default_factory=Pacing)
    outcome: Outcome = field(default_factory=Outcome)
    input: InputTokens = field(default_factory=InputTokens)
