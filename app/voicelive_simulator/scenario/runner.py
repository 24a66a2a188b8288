"""Runs a scenario in one session: counts the turns and replies, and draws all random numbers from
the session's seed."""

from __future__ import annotations

from collections.abc import Mapping

from voicelive_simulator.dialogue.state.script import Heard, McpServer, Reply, Script, Situation
from voicelive_simulator.scenario.entry import ScriptedTurn
from voicelive_simulator.scenario.scenario import Scenario
from voicelive_simulator.sound.measurement import Measurement


def begin(scenario: Scenario, session_number: int, model: str = "") -> Script:
    """The script of the `session_number`-th session, from 1, since the server's start or its last
    reset."""
    return ScenarioRun(scenario, session_number, model)


class ScenarioRun:
    """A Script. Its answers depend only on the scenario, the session's number and the calls so far
    (without a seed, the jitter differs too)."""

    def __init__(self, scenario: Scenario, session_number: int, model: str) -> None:
        self._scenario = scenario
        self._number = session_number
        self._entries = [
            entry for entry in scenario.entries if entry.when.matches_session(session_number, model)
        ]
        self._uses = [0] * len(self._entries)
        self._heard_times = [0] * len(self._entries)
        self._answered_times = [0] * len(self._entries)
        self._last_spoken_turn: tuple[int, Measurement] | None = None  # the last spoken turn
        self._hearing_entry: ScriptedTurn | None = (
            # The entry that served the hearing of that turn; it may answer it without counting
            # another use.
            None
        )
        self._responses = 0

    @property
    def mcp_servers(self) -> Mapping[str, McpServer]:
        return self._scenario.mcp_servers

    def hears(self, turn: int, measured: Measurement) -> Heard | None:
        self._last_spoken_turn, self._hearing_entry = (turn, measured), None
        for n, entry in enumerate(self._entries):
            if entry.hearing and self._has_uses_left(n) and entry.when.matches_turn(turn, measured):
                self._uses[n] += 1
                self._heard_times[n] += 1
                self._hearing_entry = entry
                return entry.hearing.heard(self._heard_times[n] - 1)
        return None

    def replies(self, situation: Situation) -> Reply | None:
        self._responses += 1
        measured = (
            self._last_spoken_turn[1]
            if self._last_spoken_turn and self._last_spoken_turn[0] == situation.turn
            else None
        )
        for n, entry in enumerate(self._entries):
            is_hearing_entry = measured is not None and entry is self._hearing_entry
            if (
                entry.answer
                and (is_hearing_entry or self._has_uses_left(n))
                and entry.when.matches_turn(situation.turn, measured)
            ):
                groups = entry.when.match_situation(situation)
                if groups is not None:
                    self._uses[n] += not is_hearing_entry
                    self._hearing_entry = None if is_hearing_entry else self._hearing_entry
                    self._answered_times[n] += 1
                    return entry.answer.reply(
                        self._answered_times[n] - 1, _values(situation) | groups, self._seed()
                    )
        return (
            self._scenario.unmatched.reply(0, {}, self._seed())
            if self._scenario.unmatched
            else None
        )

    def _has_uses_left(self, n: int) -> bool:
        times = self._entries[n].times
        return times is None or self._uses[n] < times

    def _seed(self) -> int:
        """The seed of this response's jitter."""
        return self._scenario.random(f"{self._number}:{self._responses}").getrandbits(32)


def _values(situation: Situation) -> dict[str, str]:
    values = {"text": situation.text, "turn": str(situation.turn)}
    if situation.tool is not None:
        values["tool"] = situation.tool
    if situation.output is not None:
        values["output"] = situation.output
    return values
