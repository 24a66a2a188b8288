"""The turn to which a line of the transcript or a moment belongs."""

from bisect import bisect_right
from collections.abc import Sequence

from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn


def turn_at(turns: Sequence[Turn], t_s: float) -> int | None:
    """The position of the latest turn that began by this time, or of the first one; None without
    turns."""
    if not turns:
        return None
    return max(0, bisect_right(turns, t_s, key=lambda turn: turn.started_s) - 1)


def turn_of_line(turns: Sequence[Turn], line: TranscriptLine) -> int | None:
    """The position of the turn of this line. The user's line names it; an answer is known by the
    moment at which it was first heard, because the next turn may have begun by then."""
    nearest = turn_at(turns, line.t_s)
    if nearest is None:
        return None
    for at in sorted(range(len(turns))[max(0, nearest - 2) : nearest + 3], key=lambda at: -at):
        turn = turns[at]
        if line.item_id == turn.user_item_id:
            return at
        if line.heard_at_s is not None and line.heard_at_s == turn.heard_s:
            return at
    return nearest


def line_of_turn(lines: Sequence[TranscriptLine], turns: Sequence[Turn], at: int) -> int | None:
    """The position of the line that stands for the turn at this position: its answer as far as it
    was heard, else the user's line; None if it has neither, such as speech that gave no words."""
    turn = turns[at]
    own: int | None = None
    for position, line in enumerate(lines):
        if line.heard_at_s is not None and line.heard_at_s == turn.heard_s:
            return position
        if line.is_turn and line.item_id == turn.user_item_id:
            own = position
        elif own is None and turn.user_item_id is None and line.who == "agent":
            own = position if turn_at(turns, line.t_s) == at else None
    return own
