"""One [[turn]] of a scenario: its condition, what is heard, and what the assistant does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from voicelive_simulator.dialogue.state.script import Call, Heard, Outcome, Pacing, Reply
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.scenario.condition import Condition
from voicelive_simulator.scenario.template import Template


@dataclass(frozen=True, slots=True)
class HeardSpeech:
    """How spoken turns are heard. `transcripts` are used in turn and then from the first again."""

    transcripts: tuple[str, ...] = ()
    finished: bool = True
    failed: str = ""

    def heard(self, use: int) -> Heard:
        """What is heard at the entry's use number `use`, from 0."""
        transcript = self.transcripts[use % len(self.transcripts)] if self.transcripts else None
        return Heard(transcript, self.finished, self.failed)


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A call. Its arguments are a JSON object whose strings are templates, or a text that is sent
    unchanged."""

    name: str
    arguments: Any
    server_label: str = ""

    def call(self, values: Mapping[str, str]) -> Call:
        verbatim = isinstance(self.arguments, str)
        text = (
            self.arguments
            if verbatim
            else json.dumps(_filled(self.arguments, values), ensure_ascii=False)
        )
        return Call(self.name, text, self.server_label)


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """What the assistant does. `says` None is the sound check; several texts are used in turn and
    then from the first again."""

    says: tuple[Template, ...] | None = None
    calls: tuple[CallPlan, ...] = ()
    pacing: Pacing = field(default_factory=Pacing)
    outcome: Outcome = field(default_factory=Outcome)
    faults: tuple[Fault, ...] = ()

    def reply(self, use: int, values: Mapping[str, str], seed: int) -> Reply:
        """The reply at the entry's use number `use`, from 0; `seed` is that of the jitter."""
        text = self.says[use % len(self.says)].fill(values) if self.says else None
        calls = tuple(plan.call(values) for plan in self.calls)
        if text is None and (calls or self.outcome.status == "failed"):
            text = ""
        return Reply(text, calls, replace(self.pacing, seed=seed), self.outcome, self.faults)


@dataclass(frozen=True, slots=True)
class ScriptedTurn:
    """One entry. `times` is the number of turns that it may serve in one session, None for any
    number."""

    when: Condition
    times: int | None = None
    hearing: HeardSpeech | None = None
    answer: ScriptedReply | None = None


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    match value:
        case Template():
            return value.fill(values)
        case dict():
            return {key: _filled(entry, values) for key, entry in value.items()}
        case list():
            return [_filled(entry, values) for entry in value]
        case _:
            return value
