"""The conditions of a scenario's entry: on the turn, on what was said, and on a tool's output."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicelive_simulator.dialogue.state.script import Situation
from voicelive_simulator.sound.measurement import Measurement


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole numbers as ranges that include both ends; None is an open end."""

    ranges: tuple[tuple[int, int | None], ...]

    def __contains__(self, number: int) -> bool:
        return any(low <= number and (high is None or number <= high) for low, high in self.ranges)


MOST_MATCHED_CHARS = (
    # By a pattern: users may type megabytes, on which even a harmless pattern can take hours.
    10_000
)
FROM_1 = Numbers(((1, None),))


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition; all given fields must hold, of several texts or tools one. Texts are compared
    without regard to case."""

    turns: Numbers = FROM_1
    sessions: Numbers = FROM_1
    models: tuple[str, ...] = ()
    spoken: bool | None = None
    min_speech_ms: int | None = None
    max_speech_ms: int | None = None
    texts: tuple[str, ...] = ()
    text_pattern: re.Pattern[str] | None = None
    tools: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    output_pattern: re.Pattern[str] | None = None
    earlier_role: str | None = None
    earlier_pattern: re.Pattern[str] | None = None

    @property
    def needs_words(self) -> bool:
        """Whether it depends on something known only after a turn was heard."""
        return bool(self.texts or self.text_pattern or self.earlier_pattern or self.needs_output)

    @property
    def needs_output(self) -> bool:
        """Whether it is about a tool's output. An entry without such a condition never answers an
        output, because its call would be repeated for ever."""
        return bool(self.tools or self.outputs or self.output_pattern)

    def matches_session(self, number: int, model: str) -> bool:
        return number in self.sessions and (not self.models or model in self.models)

    def matches_turn(self, turn: int, measured: Measurement | None) -> bool:
        """Whether the turn fits. `measured` is None for a typed turn."""
        if turn not in self.turns or self.spoken not in (None, measured is not None):
            return False
        if self.min_speech_ms is None and self.max_speech_ms is None:
            return True
        if measured is None:
            return False
        least, most = self.min_speech_ms or 0, self.max_speech_ms
        return least <= measured.speech_ms and (most is None or measured.speech_ms <= most)

    def match_situation(self, situation: Situation) -> dict[str, str] | None:
        """The named groups of the patterns when text and output fit, else None."""
        if (situation.output is not None) != self.needs_output:
            return None
        if self.tools and situation.tool not in self.tools:
            return None
        groups: dict[str, str] = {}
        for said, texts, pattern in (
            (situation.text, self.texts, self.text_pattern),
            (situation.output or "", self.outputs, self.output_pattern),
        ):
            if texts and not any(text.casefold() in said.casefold() for text in texts):
                return None
            if pattern:
                found = pattern.search(said, 0, MOST_MATCHED_CHARS)
                if not found:
                    return None
                groups |= _named_groups(found)
        if self.earlier_pattern:
            earlier = self._search_earlier(self.earlier_pattern, situation)
            return None if earlier is None else _named_groups(earlier) | groups
        return groups

    def _search_earlier(
        self, pattern: re.Pattern[str], situation: Situation
    ) -> re.Match[str] | None:
        """The match in the latest earlier item that has one."""
        for item in reversed(situation.earlier):
            if self.earlier_role in (None, item.role):
                found = pattern.search(item.text, 0, MOST_MATCHED_CHARS)
                if found:
                    return found
        return None


def _named_groups(found: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in found.groupdict().items() if value is not None}
