"""Makes the backend of a session: the simulator's own conversation, a scenario's, or a recorded
one."""

from __future__ import annotations

import sys
import time

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.dialogue.backend import Backend
from voicelive_simulator.dialogue.conversation import Conversation
from voicelive_simulator.replay.conversation import ReplayConversation
from voicelive_simulator.scenario.runner import begin
from voicelive_simulator.service.options import Options


def make_backend(options: Options, opening: Opening, number: int, voice_remark: str) -> Backend:
    """Make the backend of session `number`. Everything random in it depends only on that number and
    the scenario's seed, if there is one; the same holds for the ids of a replay."""
    lasts_s = options.session_minutes * 60
    if options.replay is not None:
        name = f"Replay of {options.replay.name}, session {number}"

        def tell(sentence: str) -> None:
            print(f"{name}: {sentence}", file=sys.stderr, flush=True)

        return ReplayConversation(
            options.replay, opening, Ids(number), int(time.time() + lasts_s), options.factor, tell
        )
    scenario = options.scenario
    if scenario is None:
        return Conversation(opening, Ids(), int(time.time() + lasts_s), voice_remark)
    clock = scenario.clock
    begins = time.time() if clock is None else clock
    script = begin(scenario, number, opening.model)
    # A running clock would give different times in every run.
    unix_s = time.time if clock is None else lambda: float(clock)
    return Conversation(
        opening, scenario.ids(number), int(begins + lasts_s), voice_remark, script, unix_s
    )
