"""What the next session is made of: the simulator's own conversation, a scenario's, or a recorded one."""

from __future__ import annotations

import time

from voicelive_tui.simulator.api.handshake import Opening
from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.dialogue.conversation import Conversation
from voicelive_tui.simulator.dialogue.peer import Dialogue
from voicelive_tui.simulator.service.options import Options


def begin_dialogue(options: Options, opening: Opening, number: int, voice_remark: str) -> Dialogue:
    """The dialogue of session `number`. All that is random in it follows from a scenario's seed and that number."""
    lasts_s = options.session_minutes * 60
    scenario = options.scenario
    if scenario is None:
        return Conversation(opening, Ids(), int(time.time() + lasts_s), voice_remark)
    begins = time.time() if scenario.clock is None else scenario.clock
    script = scenario.begin(number, opening.model)
    return Conversation(opening, scenario.ids(number), int(begins + lasts_s), voice_remark, script)
