"""What was counted since a setting was changed, and with the values before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn

_ON_THE_WIRE: Final = {"service.model": "session.model"}


@dataclass(frozen=True, slots=True)
class SettingEffect:
    """The turns and false starts with the value in force, and before it.

    since_s: when the value came in force, in seconds since the session's start.
    """

    since_s: float
    turns: int
    false_starts: int
    turns_before: int
    false_starts_before: int


class SettingEffects:
    """The effects of a session's settings. Each change costs the lines since then, once."""

    def __init__(self, view: SessionView) -> None:
        self._view = view
        self._since: dict[int, SettingEffect] = {}
        """What was counted since each configuration."""

    def of(self, key: str) -> SettingEffect | None:
        """Return the effect of a setting by its key in a profile; None for one that always had the
        value in force.

        A turn counts to the value with which the user's part ended, like `Turn.configuration`.
        """
        number = self._view.settings.changed_in.get(_ON_THE_WIRE.get(key, key))
        if number is None:
            return None
        if number not in self._since:
            self._since[number] = _count_since(self._view, number)
        return self._since[number]


def _count_since(view: SessionView, number: int) -> SettingEffect:
    configuration = view.configurations[number]
    since_s = configuration.t_s if configuration.reply_s is None else configuration.reply_s
    lines = list(_lines_since(view, since_s, number))
    turns = sum(line.is_turn for line in lines)
    false_starts = len(lines) - turns
    totals = view.transcript_totals
    return SettingEffect(
        since_s, turns, false_starts, totals.turns - turns, totals.false_starts - false_starts
    )


def _lines_since(view: SessionView, since_s: float, number: int) -> Iterator[TranscriptLine]:
    """The lines of what the user said or sent with this configuration, or a later one."""
    turns = list(_turns_since(view, number))
    items = {turn.user_item_id for turn in turns}
    earliest_s = min([since_s, *(turn.started_s for turn in turns)])
    for line in reversed(view.transcript):
        if line.who == "you" and line.t_s < earliest_s:
            return
        counts = line.is_turn or line.mark == "false_start"
        if counts and (line.t_s >= since_s or line.item_id in items):
            yield line


def _turns_since(view: SessionView, number: int) -> Iterator[Turn]:
    for turn in reversed(view.turns):
        if turn.configuration is None or turn.configuration < number:
            return
        yield turn
